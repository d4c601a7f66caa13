import Checkpoints
import Foundation
import Sketching

/// States that are read back.
extension FuzzTarget {
    /// Checkpoints, as they are and with the checksum that makes a forged one look whole.
    static let checkpoint = FuzzTarget(
        "checkpoint", share: 10_000, .binary([.init(0, 8), .init(8, 4), .init(12, 4)])
    ) {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("peerless-fuzz-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let header = CheckpointHeader(
            run: "0F8FAD5B-D9CB-469F-A165-70867728950E", configuration: 5, seed: 1, step: 200,
            epoch: 3, offset: 640, rank: 2, worldSize: 4)
        let parts = SavedParts()
        try CheckpointFile.write(header, parts.parts, to: path)
        return [Array(try Data(contentsOf: URL(fileURLWithPath: path)))]
    } open: {
        let file = try MemoryFile()
        let parts = SavedParts()
        return { bytes in
            var isTaken = false
            for candidate in [bytes, sealed(bytes)] {
                try file.fill(with: candidate)
                guard let header = try? CheckpointFile.header(of: file.path) else { continue }
                let floats = header.parts.reduce(0) { $0 + $1.count }
                guard floats * 4 <= candidate.count, (0...header.worldSize).contains(header.rank)
                else { throw Broken("\(floats) floats in \(candidate.count) bytes") }
                let whole = try? CheckpointFile.verify(file.path)
                let read = try? CheckpointFile.read(file.path, into: parts.parts)
                guard read == nil || whole == read else { throw Broken("two readings") }
                isTaken = isTaken || read != nil
            }
            return isTaken
        }
    }

    /// The bytes with the right checksum in the place of their last eight.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let body = bytes.dropLast(8)
        var checksum = RunningChecksum()
        body.withUnsafeBytes { checksum.add($0) }
        return body + withUnsafeBytes(of: checksum.value.littleEndian, Array.init)
    }
}

/// Two short parts with memory of their own.
private final class SavedParts {
    let parts: [CheckpointPart]

    init() {
        parts = ["parameters", "residual"].map { name in
            let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: 6)
            floats.initialize(repeating: 0.5)
            return CheckpointPart(name: name, floats: floats)
        }
    }

    deinit {
        for part in parts { part.floats.deallocate() }
    }
}
