import Cluster
import Foundation
import Testing

@Suite("Spool")
struct SpoolTests {
    private let folder: String

    init() throws {
        folder =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("peerless-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    private func clean() { try? FileManager.default.removeItem(atPath: folder) }

    /// A message that tells its number, of a length that varies with it.
    private func message(_ number: UInt64) -> [UInt8] {
        let bytes = withUnsafeBytes(of: number.littleEndian, Array.init)
        return bytes + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(number % 7))
    }

    private func append(_ count: Int, to spool: Spool, from first: UInt64 = 1) {
        for number in first..<(first + UInt64(count)) {
            #expect(spool.append(message(number)) == number)
        }
    }

    /// Everything after a number, fetched in portions.
    private func all(_ spool: Spool, after sequence: UInt64 = 0, limit: Int = 40) -> [UInt64] {
        var after = sequence
        var numbers: [UInt64] = []
        while case let portion = spool.next(after: after, limit: limit), !portion.isEmpty {
            #expect(portion.count == 1 || portion.reduce(0) { $0 + $1.bytes.count } <= limit)
            for (number, bytes) in portion {
                #expect(bytes == message(number))
                numbers.append(number)
                after = number
            }
        }
        return numbers
    }

    @Test(
        "messages come in order and stay until they are acknowledged, in memory or on disk",
        arguments: [0, 100, 1_000, 1 << 20])
    func order(memoryBytes: Int) {
        defer { clean() }
        let spool = Spool(folder: folder, memoryBytes: memoryBytes)
        #expect(all(spool).isEmpty)
        append(100, to: spool)
        #expect(all(spool) == Array(1...100))
        #expect(all(spool, after: 40, limit: 1) == Array(41...100))
        spool.acknowledge(through: 60)
        #expect(all(spool) == Array(61...100) && spool.count == 40)
        append(20, to: spool, from: 101)
        #expect(all(spool, after: 60) == Array(61...120))
        spool.acknowledge(through: 500)
        #expect(spool.count == 0 && spool.bytes == 0 && spool.dropped == 0)
        append(1, to: spool, from: 121)
        #expect(all(spool) == [121] && spool.trouble == nil)
    }

    @Test("the file has no name from its first byte on")
    func nothingLeft() throws {
        defer { clean() }
        let spool = Spool(folder: folder, memoryBytes: 0)
        append(10, to: spool)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        #expect(all(spool) == Array(1...10))
    }

    @Test("beyond both bounds the oldest are given up and counted")
    func bounds() {
        defer { clean() }
        let spool = Spool(folder: folder, memoryBytes: 1_000, diskBytes: 2_000)
        append(500, to: spool)
        let kept = all(spool)
        #expect(kept == Array((501 - UInt64(spool.count))...500))
        #expect(spool.dropped == 500 - kept.count)
        // Each costs its 8 to 14 bytes and 32 more.
        #expect((3_000 / 46 - 2...3_000 / 40).contains(kept.count))
        #expect(spool.bytes == kept.reduce(0) { $0 + message($1).count })
    }

    @Test("a message that fits nowhere is given up alone")
    func tooLarge() {
        defer { clean() }
        let spool = Spool(folder: folder, memoryBytes: 500, diskBytes: 1_000)
        append(3, to: spool)
        #expect(spool.append([UInt8](repeating: 1, count: 969)) == 4)
        append(1, to: spool, from: 5)
        #expect(all(spool) == [1, 2, 3, 5] && spool.dropped == 1)
    }

    @Test("a folder that takes no file leaves the memory, with the reason in words")
    func refused() {
        clean()
        let spool = Spool(folder: folder, memoryBytes: 1_000)
        append(100, to: spool)
        let kept = all(spool)
        #expect(kept == Array((101 - UInt64(kept.count))...100) && kept.count > 15)
        #expect(spool.dropped == 100 - kept.count)
        #expect(spool.trouble?.contains("open: No such file or directory") == true)
        let words = spool.loss(of: spool.dropped)
        #expect(words.contains("given up while it was away: \(100 - kept.count); spool in"))
        #expect(words.contains("No such file or directory"))
    }

    @Test("any sequence of calls agrees with a plain list", arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func model(seed: UInt64) {
        defer { clean() }
        var state = seed
        func chance(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let spool = Spool(folder: folder, memoryBytes: 400, diskBytes: 900)
        var expected: [UInt64] = []
        var last: UInt64 = 0
        for _ in 0..<2_000 {
            if chance(8) > 0 {
                let dropped = spool.dropped
                append(1, to: spool, from: last + 1)
                last += 1
                expected.append(last)
                expected.removeFirst(spool.dropped - dropped)
            } else {
                let through = last - min(last, chance(30))
                spool.acknowledge(through: through)
                expected.removeAll { $0 <= through }
            }
            let after = last - min(last, chance(40))
            #expect(all(spool, after: after) == expected.filter { $0 > after })
            #expect(spool.count == expected.count && spool.count <= 2_000 / 40)
        }
        #expect(spool.dropped > 0)
    }
}
