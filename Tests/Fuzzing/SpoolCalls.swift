import Cluster
import Foundation

/// A spool beside a plain list of what it was given.
final class SpoolCalls {
    private static let memoryBytes = 400
    private static let diskBytes = 2_000
    private let folder: String
    private let spool: Spool
    private var given: [UInt64: [UInt8]] = [:]
    private var acknowledged: UInt64 = 0
    private var isDamaged = false

    init(folder: String) {
        self.folder = folder
        spool = Spool(
            folder: folder, memoryBytes: Self.memoryBytes, diskBytes: Self.diskBytes)
    }

    /// Whether nothing was given up.
    var isWhole: Bool { spool.dropped == 0 }

    func make(_ call: UInt8, _ first: UInt8, _ second: UInt8) throws {
        switch call % 8 {
        case 0, 5, 6, 7: try append(first, second)
        case 1:
            acknowledged = max(acknowledged, UInt64(first) | UInt64(second) << 8)
            spool.acknowledge(through: acknowledged)
        case 2: try readAll(limit: 1 + Int(first) * 8)
        case 3: damage { _ = ftruncate($0, Int(first) * 8) }
        default: damage { _ = pwrite($0, [second, second], 2, Int(first) * 8) }
        }
        guard spool.bytes <= Self.memoryBytes + Self.diskBytes else {
            throw Broken("\(spool.bytes) bytes are kept")
        }
    }

    private func append(_ first: UInt8, _ second: UInt8) throws {
        let message = [UInt8](repeating: second, count: Int(first))
        let sequence = spool.append(message)
        guard given[sequence] == nil else { throw Broken("number \(sequence) twice") }
        given[sequence] = message
    }

    /// Everything that is kept, in batches as they are sent.
    private func readAll(limit: Int) throws {
        var last = spool.oldest - 1
        while true {
            let batch = spool.next(after: last, limit: limit)
            if batch.isEmpty { return }
            for (sequence, bytes) in batch {
                guard sequence > last, let message = given[sequence], bytes.count == message.count,
                    isDamaged || bytes == message
                else { throw Broken("message \(sequence) after \(last)") }
                last = sequence
            }
        }
    }

    /// Changes the spool's file, which has no name, as a bad disk does.
    private func damage(_ change: (Int32) -> Void) {
        let own = "/proc/self/fd"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: own)) ?? [] {
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "\(own)/\(name)")
            guard target?.hasPrefix("\(folder)/peerless-spool-") == true else { continue }
            let descriptor = open("\(own)/\(name)", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            isDamaged = true
            change(descriptor)
            close(descriptor)
        }
    }
}
