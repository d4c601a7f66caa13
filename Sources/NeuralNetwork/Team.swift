import Kernels

/// Threads that share the independent parts of a computation. What the parts are never depends on
/// how many threads there are, and so neither do the bits.
package struct Team: Sendable {
    /// At most so many run at a time.
    package let threads: Int

    package init(threads: Int) {
        self.threads = max(1, threads)
    }

    /// Runs every part once; returns when all are done. Waiting uses no processor time.
    package func run(_ parts: Int, _ body: (_ part: Int) -> Void) {
        inParts(parts, threads: threads, body)
    }
}
