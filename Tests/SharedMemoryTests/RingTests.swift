import Glibc
import SharedMemory
import Testing

/// A ring whose two ends are in this process.
private final class Ends {
    static let layout = RingLayout(rings: 2, capacity: 4096)
    let segment: SharedSegment
    let mapped: SharedSegment
    var writer: RingWriter
    var reader: RingReader

    init() throws {
        segment = try SharedSegment(byteCount: Self.layout.byteCount)
        Self.layout.mark(segment, token: 7)
        mapped = try SharedSegment(
            process: getpid(), descriptor: segment.descriptor, byteCount: Self.layout.byteCount)
        writer = try #require(RingWriter(mapped, Self.layout, index: 1))
        reader = try #require(RingReader(segment, Self.layout, index: 1))
    }

    func write(_ bytes: [UInt8], head: UInt8 = 0, more: Bool = false) -> Bool {
        [head].withUnsafeBytes { head in
            bytes.withUnsafeBytes { writer.write(head: head, payload: $0, more: more) }
        }
    }

    func take() -> (head: UInt8, bytes: [UInt8], more: Bool)? {
        guard case .record(let record) = reader.take() else { return nil }
        let taken = (record.head[0], [UInt8](record.payload), record.more)
        _ = reader.release()
        return taken
    }

    func isDamaged() -> Bool {
        if case .damaged = reader.take() { true } else { false }
    }

    /// The shared words of ring 1 and its records.
    var ring: UnsafeMutableRawPointer {
        get throws { try #require(mapped.bytes.baseAddress) + 4096 + (4096 + 4096) }
    }
}

@Suite("Ring in shared memory")
struct RingTests {
    @Test("records of every length come out whole and in order, round and round")
    func order() throws {
        let ends = try Ends()
        for round in 0..<400 {
            let bytes = [UInt8](repeating: UInt8(round % 251), count: (round * 37) % 1900)
            #expect(ends.write(bytes, head: UInt8(round % 256), more: round % 3 == 0))
            let taken = try #require(ends.take())
            #expect(taken.bytes == bytes && taken.head == UInt8(round % 256))
            #expect(taken.more == (round % 3 == 0))
        }
        #expect(ends.take() == nil)
    }

    @Test("a full ring takes nothing until records were given back")
    func full() throws {
        let ends = try Ends()
        var count = 0
        while ends.write([UInt8](repeating: 1, count: 500)) { count += 1 }
        #expect(count == 7)
        #expect(ends.take() != nil)
        #expect(ends.write([UInt8](repeating: 2, count: 500)))
        #expect(!ends.write([UInt8](repeating: 3, count: 500)))
        for _ in 0..<7 { #expect(ends.take() != nil) }
        #expect(ends.take() == nil)
    }

    @Test("bytes that no writer leaves are dropped, never trapped on, and the ring goes on")
    func damage() throws {
        let lengthAt = 48
        let kindAt = 52
        for (offset, value) in [
            (kindAt, UInt32(9)), (kindAt, 0), (lengthAt, .max), (lengthAt, 1 << 31),
            (lengthAt, 3000), (lengthAt, 4096),
        ] {
            let ends = try Ends()
            #expect(ends.write([1, 2, 3, 4]))
            try ends.ring.storeBytes(of: value, toByteOffset: 4096 + offset, as: UInt32.self)
            #expect(ends.isDamaged())
            #expect(ends.take() == nil)
            #expect(ends.write([5]))
            #expect(ends.take()?.bytes == [5])
        }
        for written: UInt64 in [1, 4096 + 64, .max, 1 << 63] {
            let ends = try Ends()
            try ends.ring.storeBytes(of: written, as: UInt64.self)
            #expect(ends.isDamaged())
        }
        for read: UInt64 in [64, .max, 1 << 40] {
            let ends = try Ends()
            try ends.ring.storeBytes(of: read, toByteOffset: 64, as: UInt64.self)
            #expect(!ends.write([1]))
        }
    }

    @Test("random words in the shared memory never trap either end")
    func fuzz() throws {
        var taken = 0
        for _ in 0..<200 {
            let ends = try Ends()
            for _ in 0..<20 {
                _ = ends.write([UInt8](repeating: 1, count: Int.random(in: 0...1900)))
                let offset =
                    Bool.random() ? 4 * Int.random(in: 0..<48) : 4096 + 4 * Int.random(in: 0..<1024)
                try ends.ring.storeBytes(
                    of: UInt32.random(in: .min ... .max), toByteOffset: offset, as: UInt32.self)
                for _ in 0..<4 { taken += ends.take()?.bytes.count ?? 0 }
            }
        }
        #expect(taken > 0)
    }

    @Test("memory that is foreign, of another size or gone is refused")
    func foreign() throws {
        let ends = try Ends()
        let layout = Ends.layout
        #expect(layout.isMarked(ends.mapped, token: 7))
        #expect(!layout.isMarked(ends.mapped, token: 8))
        let own = ends.segment.descriptor
        #expect(throws: SharedMemoryError.self) {
            _ = try SharedSegment(process: getpid(), descriptor: own, byteCount: 4096)
        }
        #expect(throws: SharedMemoryError.self) {
            _ = try SharedSegment(process: getpid(), descriptor: 0, byteCount: layout.byteCount)
        }
        #expect(throws: SharedMemoryError.self) {
            _ = try SharedSegment(process: .max, descriptor: 3, byteCount: layout.byteCount)
        }
        #expect(ftruncate(own, 4096) != 0)
    }
}
