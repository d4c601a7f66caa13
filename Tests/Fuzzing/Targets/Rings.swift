import Cluster
import Collectives
import Glibc
import SharedMemory
import Wire

/// Shared memory that another process writes: positions, lengths and kinds are its word only.
extension FuzzTarget {
    private static let layout = RingLayout(rings: 1, capacity: 4096)
    /// The ring's own page holds its positions; records begin a page later.
    private static let fields: [InputFormat.Field] =
        [
            .init(0, 8), .init(8, 4), .init(12, 4), .init(64, 4), .init(128, 4), .init(192, 4),
        ]
        + [0, 1, 2, 3].flatMap { record -> [InputFormat.Field] in
            let start = 16 + record * 128
            return [.init(start + 28, 4), .init(start + 48, 4), .init(start + 52, 4)]
        }

    /// `RingReader` over positions and records of a writer that lies.
    static let ring = FuzzTarget("ring", share: 150_000, .binary(fields), corpus: forgeries) {
        let forged = try ForgedRing(layout)
        return { bytes in
            forged.fill(with: bytes)
            guard var reader = RingReader(forged.segment, layout, index: 0) else { return false }
            var taken = 0
            for _ in 0..<200 {
                guard case .record(let record) = reader.take() else { continue }
                guard record.payload.count <= layout.capacity else { throw Broken("too long") }
                taken += record.payload.reduce(1) { $0 + Int($1) }
                if taken % 3 == 0 { _ = reader.release() }
            }
            return taken > 0
        }
    }

    /// `SharedMemoryInlet`: frames of one and of several records out of such a ring.
    static let inlet = FuzzTarget("inlet", share: 100_000, .binary(fields), corpus: forgeries) {
        let forged = try ForgedRing(layout)
        return { bytes in
            forged.fill(with: bytes)
            guard let reader = RingReader(forged.segment, layout, index: 0) else { return false }
            let inlet = SharedMemoryInlet(reader, in: forged.segment)
            var taken = 0
            for round in 0..<20 {
                if round % 4 == 3 { inlet.spill() }
                guard let frame = inlet.next() else { continue }
                guard frame.payload.count == frame.header.length else { throw Broken("a length") }
                taken += withExtendedLifetime(frame) { frame.payload.reduce(1) { $0 + Int($1) } }
            }
            return taken > 0
        }
    }

    /// Bytes as `ForgedRing` spreads them: the writer's position, flags, then records.
    private static func forgeries() -> [[UInt8]] {
        func record(_ length: Int, kind: UInt8, announced: Int? = nil) -> [UInt8] {
            let head = bytes(of: header(length: announced ?? length))
            let words = [UInt8(length), 0, 0, 0, kind, 0, 0, 0]
            let padding = [UInt8](repeating: 0, count: 8 + (64 - length % 64) % 64)
            return head + words + padding.prefix(8) + [UInt8](repeating: 7, count: length)
                + padding.dropFirst(8)
        }
        func image(_ records: [UInt8]) -> [UInt8] {
            [UInt8(records.count & 255), UInt8(records.count >> 8)]
                + [UInt8](repeating: 0, count: 14) + records
        }
        return [
            image(record(64, kind: 1) + record(64, kind: 1)),
            image(record(64, kind: 2, announced: 128) + record(64, kind: 1, announced: 128)),
            image(record(0, kind: 1) + record(2, kind: 1) + record(0, kind: 3)),
        ]
    }
}

/// A segment whose ring holds whatever an input says.
private final class ForgedRing {
    let segment: SharedSegment
    private let layout: RingLayout

    init(_ layout: RingLayout) throws {
        self.layout = layout
        segment = try SharedSegment(byteCount: layout.byteCount)
    }

    /// Eight bytes of the writer's position, four each of both flags, then the ring's records.
    func fill(with bytes: [UInt8]) {
        let page = 4096
        let memory = UnsafeMutableRawBufferPointer(rebasing: segment.bytes[page...])
        for offset in [0, 64, 128, 192] {
            memory.storeBytes(of: UInt64(0), toByteOffset: offset, as: UInt64.self)
        }
        let part = { (range: Range<Int>) in
            bytes[min(range.lowerBound, bytes.count)..<min(range.upperBound, bytes.count)]
        }
        UnsafeMutableRawBufferPointer(rebasing: memory[0..<8]).copyBytes(from: part(0..<8))
        UnsafeMutableRawBufferPointer(rebasing: memory[128..<132]).copyBytes(from: part(8..<12))
        UnsafeMutableRawBufferPointer(rebasing: memory[192..<196]).copyBytes(from: part(12..<16))
        let records = UnsafeMutableRawBufferPointer(
            rebasing: memory[page..<(page + layout.capacity)])
        records.copyBytes(from: part(16..<(16 + layout.capacity)))
    }
}
