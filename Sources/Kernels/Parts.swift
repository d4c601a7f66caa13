import CKernels

/// Runs `body` once for each of `parts` independent parts, on at most so many threads, the caller's
/// among them, and waits for all. What the parts are must not depend on the number of threads where
/// the results shall not.
public func inParts(_ parts: Int, threads: Int, _ body: (Int) -> Void) {
    guard threads > 1, parts > 1 else {
        for part in 0..<parts { body(part) }
        return
    }
    withoutActuallyEscaping(body) { escapable in
        withUnsafePointer(to: escapable) { address in
            let context = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(address))
            peerless_run_parts(
                parts, threads,
                { part, context in
                    context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(part)
                }, context)
        }
    }
}

/// Slice `part` of `0..<count` cut into `parts` nearly equal ones.
public func slice(_ part: Int, of parts: Int, in count: Int) -> Range<Int> {
    (count * part / parts)..<(count * (part + 1) / parts)
}
