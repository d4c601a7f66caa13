import Glibc

/// A checkpoint that could not be written, or one that is refused.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
    /// One line: the file, what is wrong with it, what becomes of it.
    public let description: String

    /// A call on a file that just failed on this thread.
    init(_ call: String, _ path: String, code: Int32 = errno) {
        description =
            "checkpoint \(path): \(call): \(String(cString: strerror(code))); "
            + "the checkpoint before it is kept"
    }

    /// A file that must not be used.
    init(refusing path: String, _ why: String) {
        description = "checkpoint \(path): \(why); refused, the checkpoint before it is used"
    }

    /// Something else, in whole words.
    init(words: String) {
        description = words
    }
}
