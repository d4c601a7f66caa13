import Foundation

/// Reads lines from a descriptor, each with a deadline.
struct LineReader {
    /// Bytes of the longest line; ours have a few hundred.
    private static let maximumBytes = 65_536
    let descriptor: Int32

    /// The next line without its end; `nil` after the time, at the end of the file, or when it is
    /// longer than any of ours.
    func line(withinMilliseconds: Int) -> String? {
        let deadline = MonotonicClock.now() + UInt64(withinMilliseconds) * 1_000_000
        var text: [UInt8] = []
        while MonotonicClock.now() < deadline, text.count <= Self.maximumBytes {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            guard read(descriptor, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: text, as: UTF8.self) }
            text.append(byte)
        }
        return nil
    }

    /// Whether the other end was closed and nothing is left to read.
    var hasEnded: Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 0) > 0 else { return false }
        return Int32(state.revents) & (POLLHUP | POLLERR) != 0
            && Int32(state.revents) & POLLIN == 0
    }
}
