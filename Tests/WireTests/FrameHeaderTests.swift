import Testing
import Wire

@Suite("FrameHeader")
struct FrameHeaderTests {
    private let header = FrameHeader(
        from: 7, run: 0x0123_4567_89AB_CDEF, generation: 3, operation: 4_000_000_000, index: 12,
        length: 262_144, release: 1 << 60)

    private func bytes(of header: FrameHeader) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xFF, count: FrameHeader.byteCount)
        bytes.withUnsafeMutableBytes { header.encode(into: $0) }
        return bytes
    }

    @Test("what is encoded is parsed again")
    func roundTrip() throws {
        let parsed = try bytes(of: header).withUnsafeBytes { raw throws(FrameError) in
            try FrameHeader(parsing: raw)
        }
        #expect(parsed == header)
    }

    @Test("the first bytes on the wire are PRLS and version 1")
    func magic() {
        #expect(Array(bytes(of: header).prefix(5)) == Array("PRLS".utf8) + [1])
    }

    @Test("a truncated or oversized header is rejected, never trapped", arguments: 0...96)
    func wrongLength(count: Int) {
        guard count != FrameHeader.byteCount else { return }
        let found = (bytes(of: header) + bytes(of: header)).prefix(count)
        #expect(throws: FrameError.headerLength(count)) {
            try Array(found).withUnsafeBytes { _ = try FrameHeader(parsing: $0) }
        }
    }

    @Test("foreign magic, version, kind and odd lengths are named")
    func foreign() {
        for (offset, expected) in [
            (0, FrameError.magic(0x534C_5200)), (4, .version(0)), (5, .kind(0)),
        ] {
            var changed = bytes(of: header)
            changed[offset] = 0
            #expect(throws: expected) {
                try changed.withUnsafeBytes { _ = try FrameHeader(parsing: $0) }
            }
        }
        var odd = header
        odd.length = 7
        #expect(throws: FrameError.length(7)) {
            try bytes(of: odd).withUnsafeBytes { _ = try FrameHeader(parsing: $0) }
        }
    }

    @Test("random bytes never trap", arguments: [UInt64(1), 2, 3])
    func random(seed: UInt64) {
        var state = seed
        for _ in 0..<20_000 {
            var noise = bytes(of: header)
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                noise[Int(state >> 33) % noise.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            noise.withUnsafeBytes { raw in
                if let parsed = try? FrameHeader(parsing: raw) {
                    #expect(parsed.length % 2 == 0)
                }
            }
        }
    }
}
