import Sketching
import Testing

@Suite("RunningChecksum")
struct RunningChecksumTests {
    private static let bytes = (0..<400).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }

    /// The formula, word by word.
    private func plain(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        let prime: UInt64 = 0x9FB2_1C65_1E98_DF25
        func fold(_ sum: UInt64, _ word: UInt64) -> UInt64 {
            let mixed = (sum ^ word) &* prime
            return (mixed ^ (mixed >> 29)) &* 0xD6E8_FEB8_6659_FD93
        }
        var lanes = (1...8).map { UInt64($0) &* prime }
        let whole = bytes.count / 64 * 64
        for index in 0..<(whole / 8) {
            let word = (0..<8).reduce(UInt64(0)) {
                $0 | UInt64(bytes[bytes.startIndex + 8 * index + $1]) << (8 * $1)
            }
            let mixed = (lanes[index % 8] ^ word) &* prime
            lanes[index % 8] = mixed ^ (mixed >> 29)
        }
        var sum = UInt64(bytes.count) &* prime
        for lane in lanes { sum = fold(sum, lane) }
        for byte in bytes.dropFirst(whole) { sum = fold(sum, UInt64(byte)) }
        return sum ^ (sum >> 32)
    }

    @Test("pieces cut anywhere give the checksum of the whole, which is the plain formula's")
    func pieces() {
        for count in 0...Self.bytes.count {
            let whole = Self.bytes.prefix(count)
            let expected = plain(whole)
            #expect(whole.withUnsafeBytes { Checksum.of(bytes: $0) } == expected)
            for step in [1, 7, 63, 64, 65, 130] {
                var running = RunningChecksum()
                for start in stride(from: 0, to: count, by: step) {
                    whole[start..<min(start + step, count)].withUnsafeBytes { running.add($0) }
                }
                #expect(running.value == expected, "\(count) bytes by \(step)")
            }
        }
    }
}
