import Foundation
import Testing
import Wire

/// docs/wire.md against the codecs.
@Suite("Page about the wire")
struct WirePageTests {
    private let page: Page

    init() throws {
        page = try Page("docs/wire.md")
    }

    private func table(_ names: String...) throws -> Page.Table {
        try #require(page.tables.first { $0.header == names })
    }

    @Test("fields follow each other without a gap, to the header's end")
    func offsets() throws {
        var end = 0
        for row in try table("field", "offset", "bytes", "value").rows {
            #expect(Int(row[1]) == end, "\(row[0])")
            end += try #require(Int(row[2]))
        }
        #expect(end == FrameHeader.byteCount)
    }

    @Test("every field is where the page says")
    func fields() throws {
        let header = FrameHeader(
            from: 0x0102, run: 0x0304_0506_0708_090A, generation: 0x0B0C_0D0E,
            operation: 0x0F10_1112, index: 0x1314_1516, length: 0x1718_191A,
            release: 0x1B1C_1D1E_1F20_2122)
        let expected: [String: UInt64] = [
            "magic": UInt64(FrameHeader.magic), "version": UInt64(FrameHeader.version), "kind": 1,
            "from": UInt64(header.from), "run": header.run,
            "generation": UInt64(header.generation), "operation": UInt64(header.operation),
            "index": UInt64(header.index), "length": UInt64(header.length),
            "release": header.release, "reserved": 0,
        ]
        var bytes = [UInt8](repeating: 0xFF, count: FrameHeader.byteCount)
        bytes.withUnsafeMutableBytes { header.encode(into: $0) }
        var found: [String: UInt64] = [:]
        for row in try table("field", "offset", "bytes", "value").rows {
            let name = try #require(codes(in: row[0]).first)
            let offset = try #require(Int(row[1]))
            let count = try #require(Int(row[2]))
            found[name] = bytes[offset..<offset + count].reversed().reduce(0) {
                $0 << 8 | UInt64($1)
            }
        }
        #expect(found == expected)
        #expect(Array(bytes.prefix(4)) == Array("PRLS".utf8))
    }

    @Test("the table of messages has every case, in the order of the source, and no other")
    func messages() throws {
        let source = try String(
            contentsOf: Page.root.appendingPathComponent("Sources/Wire/ControlMessage.swift"),
            encoding: .utf8)
        let cases = source.matches(of: /\n    case (\w+)/).map { String($0.output.1) }
        let rows = try table("message", "from, to", "meaning").rows
        #expect(rows.compactMap { codes(in: $0[0]).first } == cases)
        #expect(cases.count > 25)
    }

    @Test("the page names the version that is spoken")
    func version() {
        #expect(page.text.contains("one version byte, \(ControlCodec.version),"))
        #expect(page.text.contains("message = version(u8 = \(ControlCodec.version))"))
    }

    /// A message with a text or list of this length, for every bound on the page.
    private func message(_ what: String, _ count: Int) -> ControlMessage? {
        var text: String { String(repeating: "x", count: count) }
        return switch what {
        case "a name, an endpoint, an identity, bytes":
            .start(run: 1, generation: 1, endpoints: [text])
        case "a reason, a note, bytes": .refused(reason: text)
        case "an experiment's text, a variant's JSON, bytes":
            .submit([RunRequest(experiment: "e", experimentText: text, config: "{}", seed: 1)])
        case "runs or steps in a message": .accepted(runs: Array(repeating: 1, count: count))
        default: nil
        }
    }

    /// Whether a receiver takes the message.
    private static func passes(_ message: ControlMessage) throws -> Bool {
        let bytes = try ControlCodec.encode(message)
        return (try? ControlCodec.decode(bytes)) != nil
    }

    @Test("bounds hold at the number on the page, and one beyond is refused")
    func bounds() throws {
        var tried = 0
        for row in try table("what", "at most").rows {
            let bound = try #require(Int(row[1]))
            guard let fits = message(row[0], bound), let beyond = message(row[0], bound + 1)
            else { continue }
            tried += 1
            let verdicts = (try Self.passes(fits), try Self.passes(beyond))
            #expect(verdicts == (true, false), "\(row[0])")
        }
        #expect(tried == 4)
        let longest = try table("what", "at most").rows.first?[1]
        #expect(longest == "\(ControlCodec.maximumBytes)")
    }
}
