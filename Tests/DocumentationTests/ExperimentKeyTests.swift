import Experiment
import Testing
import Yams

/// docs/experiments.md against the reader: its keys, defaults, bounds and examples.
@Suite("Reference of the experiment file")
struct ExperimentKeyTests {
    private static let path = "docs/experiments.md"

    /// A row of a table of keys.
    struct Entry: Sendable, CustomTestStringConvertible {
        var key: String
        var standard: String
        var allowed: String
        var testDescription: String { key }

        /// The method without which the key is unknown.
        var method: String? {
            let parts = key.split(separator: ".").map(String.init)
            return parts.count == 3 && parts[0] == "method" ? parts[1] : nil
        }
    }

    static let entries: [Entry] = {
        let tables = (try? Page(path))?.tables ?? []
        return tables.filter { $0.begins(with: "key", "type") }.flatMap(\.rows).flatMap { row in
            codes(in: row[0]).map { Entry(key: $0, standard: row[2], allowed: row[3]) }
        }
    }()

    @Test("every key that the reader accepts has a row")
    func complete() {
        let missing = AcceptedKeys.all.subtracting(Self.entries.map(\.key)).sorted()
        #expect(missing.isEmpty, "write a row in \(Self.path) for: \(missing)")
        #expect(AcceptedKeys.all.count > 60)
    }

    @Test("the page names no key that does not exist, and none twice")
    func existing() {
        let keys = Self.entries.map(\.key)
        let strange = Set(keys).subtracting(AcceptedKeys.all).sorted()
        #expect(strange.isEmpty, "the reader knows nothing of \(strange)")
        #expect(Set(keys).count == keys.count)
    }

    /// A file in which the key may stand, with everything that it needs beside it.
    private static func base(_ entry: Entry) -> String {
        var text = "experiment: e\n"
        switch entry.method {
        case "sketch": text += "topology: tree\nmethod: {sketch: {columns: 64, k: 10}}\n"
        case let name? where name != "dense": text += "topology: tree\nmethod: {\(name): {k: 10}}\n"
        default: break
        }
        if entry.key.hasPrefix("optimizer.") { text += "optimizer: {stepEvery: 10}\n" }
        if entry.key == "link.latency" { text += "link: {bandwidth: 1gbit}\n" }
        if entry.key.hasPrefix("checkpoint.") { text += "checkpoint: {every: 10}\n" }
        if entry.key == "baseline" { text += "variants: [{name: dense}]\n" }
        return text
    }

    private static func load(_ entry: Entry, _ value: String?) throws -> ExperimentPlan {
        try ExperimentLoader.parse(
            text: base(entry), source: path, overrides: value.map { ["\(entry.key)=\($0)"] } ?? [])
    }

    /// Rows whose key can be set by itself.
    private static let plain = entries.filter { !$0.key.contains("[]") }

    @Test("a default, written out, changes nothing", arguments: plain)
    func defaults(entry: Entry) throws {
        guard let standard = codes(in: entry.standard).first else { return }
        let written = try Self.load(entry, standard)
        let silent = try Self.load(entry, nil)
        #expect(written.variants == silent.variants && written.seeds == silent.seeds)
    }

    @Test("every value that the page allows is accepted, and no number beyond", arguments: plain)
    func bounds(entry: Entry) throws {
        for value in codes(in: entry.allowed) {
            #expect(throws: Never.self, "\(value)") { _ = try Self.load(entry, value) }
        }
        guard let range = entry.allowed.firstMatch(of: /`(\d+)` to `(\d+)`/),
            let first = Int(range.output.1), let last = Int(range.output.2)
        else { return }
        for value in [first - 1, last + 1] {
            #expect(throws: ExperimentError.self, "\(value)") {
                _ = try Self.load(entry, "\(value)")
            }
        }
    }

    @Test("every key is in an example on the page")
    func examples() throws {
        var used: Set<String> = []
        for block in try Page(Self.path).blocks where block.language == "yaml" {
            if let node = try Yams.compose(yaml: block.text) { Self.collect(node, "", &used) }
        }
        let missing = Self.entries.map(\.key).filter { !used.contains($0) }
        #expect(missing.isEmpty, "no example has \(missing)")
    }

    private static func collect(_ node: Node, _ path: String, _ used: inout Set<String>) {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                let isVariant = path == "variants[]" && key.string != "name" || path == "matrix"
                let place = path.isEmpty || isVariant ? "" : path + "."
                used.insert(place + (key.string ?? ""))
                collect(value, place + (key.string ?? ""), &used)
            }
        case .sequence(let sequence):
            for item in sequence { collect(item, path + "[]", &used) }
        default: break
        }
    }
}

/// Experiments that the pages show.
@Suite("Examples of experiment files")
struct ExampleTests {
    /// A block of a page.
    struct Example: Sendable, CustomTestStringConvertible {
        var page: String
        var line: Int
        var text: String
        var testDescription: String { "\(page):\(line)" }
    }

    static let examples: [Example] = {
        let pages = (try? Page.all()) ?? []
        return pages.flatMap { page in
            page.blocks.filter {
                $0.text.hasPrefix("experiment:")
                    || (page.path == "docs/experiments.md" && $0.language == "yaml")
            }.map { Example(page: page.path, line: $0.line, text: $0.text) }
        }
    }()

    @Test("an experiment on a page loads", arguments: examples)
    func loads(example: Example) throws {
        let isWhole = example.text.hasPrefix("experiment:")
        let text = isWhole ? example.text : "experiment: part\n" + example.text
        let plan = try ExperimentLoader.parse(text: text, source: example.testDescription)
        #expect(!plan.variants.isEmpty)
    }

    @Test("the pages have examples")
    func present() {
        #expect(Self.examples.contains { $0.page == "README.md" })
        #expect(Self.examples.contains { $0.page == "docs/experiments.md" })
    }
}
