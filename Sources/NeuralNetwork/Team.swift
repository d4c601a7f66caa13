import Dispatch
import Synchronization

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
        guard threads > 1, parts > 1 else {
            for part in 0..<parts { body(part) }
            return
        }
        withoutActuallyEscaping(body) { body in
            let work = Work(parts, body)
            // The parts touch memory apart from each other, which the compiler cannot see through
            // pointers. The work outlives the call, which returns after its last part.
            let address = UInt(bitPattern: Unmanaged.passUnretained(work).toOpaque())
            DispatchQueue.concurrentPerform(iterations: min(threads, parts)) { _ in
                guard let place = UnsafeRawPointer(bitPattern: address) else { return }
                Unmanaged<Work>.fromOpaque(place).takeUnretainedValue().takePart()
            }
            withExtendedLifetime(work) {}
        }
    }

    /// Parts that threads take one after another.
    private final class Work {
        private let parts: Int
        private let body: (_ part: Int) -> Void
        private let next = Atomic(0)

        init(_ parts: Int, _ body: @escaping (_ part: Int) -> Void) {
            self.parts = parts
            self.body = body
        }

        func takePart() {
            while true {
                let part = next.add(1, ordering: .relaxed).oldValue
                guard part < parts else { return }
                body(part)
            }
        }
    }
}
