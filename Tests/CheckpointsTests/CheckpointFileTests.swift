import Checkpoints
import Foundation
import Glibc
import Testing

@Suite("CheckpointFile")
struct CheckpointFileTests {
    private let folder: ScratchFolder
    private let header = CheckpointHeader(
        run: "0F8FAD5B-D9CB-469F-A165-70867728950E", configuration: .max, seed: 1 << 63, step: 200,
        epoch: 3, offset: 640, rank: 2, worldSize: 4)
    private let parts = TestParts([
        "parameters": [1.5, -0.0, .nan, -.infinity, .leastNonzeroMagnitude, Float(bitPattern: ~0)],
        "velocity": [], "residual": [-3, 4],
    ])

    init() throws { folder = try ScratchFolder() }

    private func write(_ name: String = "a") throws -> [UInt8] {
        try CheckpointFile.write(header, parts.parts, to: folder[name])
        return try folder.bytes(name)
    }

    /// The bytes of a file with another header and a right checksum of nothing.
    private func forged(_ json: String, length: UInt32? = nil, rest: Int = 8) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian, Array.init)
        }
        let text = Array(json.utf8)
        return Array("PRLSCKPT".utf8) + number(1) + number(length ?? UInt32(text.count)) + text
            + [UInt8](repeating: 0, count: rest)
    }

    @Test("what was written is read, bit for bit")
    func roundTrip() throws {
        _ = try write()
        var expected = header
        expected.parts = [
            .init(name: "parameters", count: 6), .init(name: "velocity", count: 0),
            .init(name: "residual", count: 2),
        ]
        let found = TestParts(shapedLike: parts)
        #expect(try CheckpointFile.read(folder["a"], into: found.parts) == expected)
        #expect(found.bits == parts.bits)
        #expect(try CheckpointFile.header(of: folder["a"]) == expected)
        #expect(try CheckpointFile.verify(folder["a"]) == expected)
        #expect(try folder.names == ["a"])
    }

    @Test("long parts are read, whatever the slices that they are written and read in")
    func long() throws {
        for count in [1 << 18, (1 << 18) + 1, 700_003] {
            let parts = TestParts([
                "x": (0..<count).map { Float($0) }, "y": (0..<5).map { Float(-$0) },
            ])
            try CheckpointFile.write(header, parts.parts, to: folder["long"])
            let found = TestParts(shapedLike: parts)
            try CheckpointFile.read(folder["long"], into: found.parts)
            #expect(found.bits == parts.bits)
        }
    }

    @Test("a file cut anywhere, or longer by a byte, is refused and touches nothing")
    func cut() throws {
        let whole = try write()
        let found = TestParts(shapedLike: parts)
        let before = found.bits
        for count in Array(0..<whole.count) + [whole.count + 1] {
            try folder.write(Array((whole + [0]).prefix(count)), to: "a")
            #expect(throws: CheckpointError.self) { try CheckpointFile.verify(folder["a"]) }
            #expect(throws: CheckpointError.self) {
                try CheckpointFile.read(folder["a"], into: found.parts)
            }
            #expect(throws: CheckpointError.self) { try CheckpointFile.header(of: folder["a"]) }
        }
        #expect(found.bits == before)
    }

    @Test("a flipped bit in any byte is refused and touches nothing", arguments: [UInt8(1), 128])
    func flipped(bit: UInt8) throws {
        let whole = try write()
        let found = TestParts(shapedLike: parts)
        let before = found.bits
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= bit
            try folder.write(damaged, to: "a")
            _ = try? CheckpointFile.header(of: folder["a"])
            #expect(throws: CheckpointError.self, "byte \(index)") {
                try CheckpointFile.verify(folder["a"])
            }
            #expect(throws: CheckpointError.self, "byte \(index)") {
                try CheckpointFile.read(folder["a"], into: found.parts)
            }
        }
        #expect(found.bits == before)
    }

    @Test("a refusal names the file, the fault and what happens")
    func words() throws {
        var damaged = try write()
        damaged[damaged.count - 12] ^= 1
        try folder.write(damaged, to: "a")
        let error = #expect(throws: CheckpointError.self) {
            try CheckpointFile.verify(folder["a"])
        }
        let words = error?.description ?? ""
        for part in [folder["a"], "checksum", "refused", "the checkpoint before it is used"] {
            #expect(words.contains(part))
        }
    }

    @Test(
        "a forged length is refused before memory is taken for it",
        arguments: [
            #"[{"name":"x","count":2305843009213693951}]"#,
            #"[{"name":"x","count":4611686018427387904}]"#,
            #"[{"name":"x","count":9223372036854775807},{"name":"y","count":9}]"#,
            #"[{"name":"x","count":-1},{"name":"y","count":1}]"#,
            #"[{"name":"x","count":1e300}]"#, #"[{"name":"x","count":1000000000}]"#,
            #"[{"name":"x","count":0},{"name":"x","count":0}]"#,
        ])
    func forgedParts(json: String) throws {
        let text =
            #"{"run":"r","configuration":1,"seed":1,"step":1,"epoch":0,"offset":0,"#
            + #""rank":0,"worldSize":1,"parts":"# + json + "}"
        try folder.write(forged(text), to: "a")
        #expect(throws: CheckpointError.self) { try CheckpointFile.header(of: folder["a"]) }
        #expect(throws: CheckpointError.self) { try CheckpointFile.verify(folder["a"]) }
    }

    @Test("a header beyond its limit, or nested without end, is refused")
    func forgedHeader() throws {
        try folder.write(forged("{}", length: .max, rest: 100), to: "a")
        #expect(throws: CheckpointError.self) { try CheckpointFile.header(of: folder["a"]) }
        let long = String(repeating: " ", count: 1 << 20) + "{}"
        try folder.write(forged(long), to: "a")
        #expect(throws: CheckpointError.self) { try CheckpointFile.header(of: folder["a"]) }
        let nested = String(repeating: "[", count: 1 << 20)
        try folder.write(forged(nested), to: "a")
        #expect(throws: CheckpointError.self) { try CheckpointFile.header(of: folder["a"]) }
    }

    @Test("what is no plain file is refused without waiting")
    func noFile() throws {
        _ = try write()
        try FileManager.default.createSymbolicLink(
            atPath: folder["link"], withDestinationPath: folder["a"])
        #expect(mkfifo(folder["pipe"], 0o600) == 0)
        for name in ["link", "pipe", "missing", "."] {
            #expect(throws: CheckpointError.self, "\(name)") {
                try CheckpointFile.header(of: folder[name])
            }
        }
    }

    @Test("parts of another name, order or length are refused with both shapes")
    func otherShape() throws {
        _ = try write()
        let error = #expect(throws: CheckpointError.self) {
            try CheckpointFile.read(
                folder["a"],
                into: TestParts(["parameters": [1, 2, 3, 4, 5, 6], "residual": [1]]).parts)
        }
        let words = error?.description ?? ""
        #expect(words.contains("found parameters of 6, velocity of 0, residual of 2"))
        #expect(words.contains("allowed: parameters of 6, residual of 1"))
    }

    @Test("an impossible header is not written")
    func impossible() throws {
        var wrong = header
        wrong.rank = 5
        #expect(throws: CheckpointError.self) {
            try CheckpointFile.write(wrong, parts.parts, to: folder["a"])
        }
        #expect(throws: CheckpointError.self) {
            try CheckpointFile.write(header, parts.parts + parts.parts, to: folder["a"])
        }
        #expect(try folder.names.isEmpty)
    }

    @Test("a disk that is full after any number of bytes leaves the old file and nothing else")
    func full() throws {
        let old = try write()
        var newer = header
        newer.step = 201
        for limit in 0..<old.count {
            var written = 0
            let error = #expect(throws: CheckpointError.self) {
                try CheckpointFile.write(newer, parts.parts, to: folder["a"]) { file, bytes in
                    let count = Glibc.write(
                        file, bytes.baseAddress, min(bytes.count, limit - written))
                    written += count
                    if count == 0 { errno = ENOSPC }
                    return count
                }
            }
            #expect(error?.description.contains("write: No space left on device") == true)
            #expect(try folder.names == ["a"])
        }
        #expect(try folder.bytes("a") == old)
    }

    @Test("calls that take few bytes, or are interrupted, only take longer")
    func interrupted() throws {
        let whole = try write()
        var calls = 0
        try CheckpointFile.write(header, parts.parts, to: folder["b"]) { file, bytes in
            calls += 1
            guard calls % 3 != 0 else {
                errno = EINTR
                return -1
            }
            return Glibc.write(file, bytes.baseAddress, min(bytes.count, 3))
        }
        #expect(try folder.bytes("b") == whole)
    }

    @Test("a folder that is missing, or in the way, is an error and leaves nothing")
    func inTheWay() throws {
        #expect(throws: CheckpointError.self) {
            try CheckpointFile.write(header, parts.parts, to: folder["no/a"])
        }
        try FileManager.default.createDirectory(
            atPath: folder["a/b"], withIntermediateDirectories: true)
        #expect(throws: CheckpointError.self) {
            try CheckpointFile.write(header, parts.parts, to: folder["a"])
        }
        #expect(try folder.names == ["a"])
    }
}
