import Glibc
import SharedMemory

/// A number in shared memory: the input that a worker tries, known to its parent after a trap.
final class ProgressMark {
    private static let byteCount = 4_096
    private let segment: SharedSegment

    /// A new mark.
    init() throws { segment = try SharedSegment(byteCount: Self.byteCount) }

    /// A parent's mark, by what it said of it.
    init(opening text: String) throws {
        let parts = text.split(separator: ":").compactMap { Int32($0) }
        guard parts.count == 2 else { throw SupervisorError("--progress: found \(text)") }
        segment = try SharedSegment(
            process: parts[0], descriptor: parts[1], byteCount: Self.byteCount)
    }

    /// What a worker opens.
    var text: String { "\(getpid()):\(segment.descriptor)" }

    /// The input that is tried.
    var index: Int {
        get { segment.bytes.load(as: Int.self) }
        set { segment.bytes.storeBytes(of: newValue, as: Int.self) }
    }
}

/// What the fuzzer itself cannot do.
struct SupervisorError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
