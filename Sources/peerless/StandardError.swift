import Foundation

/// Everything that is not a result. A terminal that has gone away is no reason to stop.
enum StandardError {
    /// A line.
    static func print(_ line: String) {
        write(line + "\n")
    }

    /// Text as it is.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
