import Foundation

import struct Wire.FrameHeader

/// A queue that one thread waits on with a deadline.
///
/// Unchecked because NSCondition guards `frames`, which the compiler cannot see.
final class Inbox: @unchecked Sendable {
    private let condition = NSCondition()
    private var frames: [(FrameHeader, [UInt8])] = []

    func put(_ header: FrameHeader, _ payload: [UInt8]) {
        condition.lock()
        frames.append((header, payload))
        condition.signal()
        condition.unlock()
    }

    func take(withinMilliseconds: Int) -> (FrameHeader, [UInt8])? {
        let deadline = Date(timeIntervalSinceNow: Double(withinMilliseconds) / 1000)
        condition.lock()
        defer { condition.unlock() }
        while frames.isEmpty {
            guard condition.wait(until: deadline) else { return nil }
        }
        return frames.removeFirst()
    }
}
