import Cluster
import Simulation
import Wire

/// The header in front of every frame, and what a node accepts as a frame.
extension FuzzTarget {
    private static let fields: [InputFormat.Field] = [
        .init(0, 4), .init(4, 1), .init(5, 1), .init(6, 2), .init(8, 8), .init(16, 4),
        .init(20, 4), .init(24, 4), .init(28, 4), .init(32, 8), .init(40, 8),
    ]

    /// `FrameHeader(parsing:)`: what it takes is written again as it was.
    static let frame = FuzzTarget("frame", share: 300_000, .binary(fields)) {
        [bytes(of: header()), bytes(of: header(length: 262_144, release: 1 << 60))]
    } open: {
        var written = [UInt8](repeating: 0, count: FrameHeader.byteCount)
        return { bytes in
            let parsed = bytes.withUnsafeBytes { try? FrameHeader(parsing: $0) }
            guard let parsed else { return false }
            written.withUnsafeMutableBytes { parsed.encode(into: $0) }
            guard written[..<40] == bytes[..<40] else { throw Broken("a header read otherwise") }
            return true
        }
    }

    /// `DataMesh`'s look at the parts of a message, and an emulated link that has to serve it.
    static let acceptance = FuzzTarget("acceptance", share: 200_000, .binary(fields)) {
        [0, 2, 64].map { count in
            bytes(of: header(length: count)) + [UInt8](repeating: 1, count: count)
        }
    } open: {
        { bytes in
            let cut = min(bytes.count, FrameHeader.byteCount)
            let payload = bytes.count - cut
            let header = bytes.withUnsafeBytes { raw in
                DataMesh.accepted(
                    try? FrameHeader(parsing: UnsafeRawBufferPointer(rebasing: raw[..<cut])),
                    parts: 2, payloadBytes: payload)
            }
            guard let header else { return false }
            guard header.length == payload else { throw Broken("a length that is not there") }
            var link = EmulatedLink(bitsPerSecond: 1e9, latencySeconds: 1e-3)
            for _ in 0..<2 { link.serve(bytes: payload, release: header.release) }
            return true
        }
    }

    static func header(length: Int = 64, release: UInt64 = 0) -> FrameHeader {
        FrameHeader(
            from: 1, run: 0x0123_4567_89AB_CDEF, generation: 0, operation: 3, index: 2,
            length: length, release: release)
    }

    static func bytes(of header: FrameHeader) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FrameHeader.byteCount)
        bytes.withUnsafeMutableBytes { header.encode(into: $0) }
        return bytes
    }
}

/// What a parser must never do, short of a trap.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
