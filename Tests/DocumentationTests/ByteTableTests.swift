import Collectives
import Experiment
import Simulation
import Testing

/// Bytes and rounds in the tables of the methods' pages, against the cost model that `peerless
/// predict` prints and the programs that workers run.
@Suite("Formulas on the pages")
struct ByteTableTests {
    /// A table whose columns are known by their names; see docs/methods/README.md.
    private static let columns = [
        "topology", "options", "P", "sent by a worker", "in and out of the server", "rounds",
        "one after another",
    ]

    /// A row of a page.
    struct Row: Sendable, CustomTestStringConvertible {
        var page: String
        var method: String
        var cells: [String]
        var testDescription: String { "\(page): \(cells.prefix(3).joined(separator: " "))" }

        var topologies: [String] { codes(in: cells[0]) }
        var options: String { codes(in: cells[1]).first ?? "" }
        var worlds: [Int] { cells[2] == "any" ? Array(1...9) : [1, 2, 4, 8, 16] }
    }

    /// Every row of every page that has such a table.
    static let rows: [Row] = {
        let pages = ["dense", "topk", "gtopk", "sketch"].map { ("docs/methods/\($0).md", $0) }
        return (pages + [("docs/topologies.md", "dense")]).flatMap { path, method in
            let tables = (try? Page(path))?.tables.filter { $0.header == columns } ?? []
            return tables.flatMap(\.rows).map { Row(page: path, method: method, cells: $0) }
        }
    }()

    /// Sizes that a formula is tried with.
    struct Sizes: Sendable {
        var parameters: Int
        var small: Int
        var kept: Int
        var rows: Int
        var columns: Int
        var factor: Int

        static let all = [
            Sizes(parameters: 1_300, small: 40, kept: 13, rows: 3, columns: 64, factor: 4),
            Sizes(parameters: 5_000, small: 0, kept: 2_000, rows: 5, columns: 100, factor: 7),
        ]
    }

    @Test("every page of a method has its table")
    func present() {
        for page in ["dense", "topk", "gtopk", "sketch"] {
            #expect(Self.rows.contains { $0.page == "docs/methods/\(page).md" }, "\(page)")
        }
        #expect(Self.rows.contains { $0.page == "docs/topologies.md" })
    }

    @Test("every topology of a method has a row", arguments: ["dense", "topk", "gtopk", "sketch"])
    func complete(method: String) throws {
        let plan = try Self.plan(method, "", "tree", Sizes.all[0])
        let found = Self.rows.filter { $0.page == "docs/methods/\(method).md" }
        let named = Set(found.flatMap(\.topologies))
        #expect(named == Set(plan.method.topologies.map(\.rawValue)))
    }

    @Test("the formulas give what the programs send and what the model says", arguments: rows)
    func formulas(row: Row) throws {
        for topology in row.topologies {
            for workers in row.worlds {
                for sizes in Sizes.all {
                    try check(row, topology, workers, sizes)
                }
            }
        }
    }

    private func check(_ row: Row, _ topology: String, _ workers: Int, _ sizes: Sizes) throws {
        let variant = try Self.plan(row.method, row.options, topology, sizes)
        let shape = Self.shape(variant.topology)
        let model = StepModel(
            variant.method, topology: shape, workers: workers, parameters: sizes.parameters,
            weights: sizes.parameters - sizes.small,
            dataType: variant.exchange?.dtype ?? .float32)
        let values = Self.values(variant, workers, sizes)
        let place = "\(topology) P=\(workers) d=\(sizes.parameters)"
        func hold(_ column: Int, _ found: Double) throws {
            let formula = codes(in: row.cells[column]).first ?? "0"
            let value = try Formula.value(of: formula, values)
            #expect(
                abs(value - found) <= 1e-9 * max(1, found),
                "\(place): \(Self.columns[column]) \(formula) is \(value), not \(found)")
        }
        let sent = model.simulate(over: .init(latency: 0, secondsPerByte: 0), chunkWords: 256)
        try hold(3, sent.bytesPerWorker)
        try hold(4, sent.serverBytes)
        try hold(5, model.seconds(over: .init(latency: 1, secondsPerByte: 0)))
        try hold(6, model.seconds(over: .init(latency: 0, secondsPerByte: 1)))
    }

    /// What the names in the formulas stand for.
    private static func values(
        _ variant: Variant, _ workers: Int, _ sizes: Sizes
    ) -> [String: Double] {
        let weights = sizes.parameters - sizes.small
        let word = Double((variant.exchange?.dtype ?? .float32).bytes)
        let candidates = Double(min(weights, sizes.kept * sizes.factor))
        var levels = 0
        while 1 << levels < workers { levels += 1 }
        let table = Double(sizes.rows * sizes.columns + sizes.small)
        return [
            "P": Double(workers), "lg": Double(levels), "d": Double(sizes.parameters),
            "n": Double(sizes.small), "k": Double(sizes.kept), "F": word, "q": candidates,
            "S": table * word, "B": Double(8 * sizes.kept + 4 * sizes.small),
            "N": Double(sizes.parameters) * word,
        ]
    }

    private static func plan(
        _ method: String, _ options: String, _ topology: String, _ sizes: Sizes
    ) throws -> Variant {
        let own =
            switch method {
            case "dense": ""
            case "sketch":
                "rows: \(sizes.rows), columns: \(sizes.columns), k: \(sizes.kept), "
                    + "candidates: \(sizes.factor), "
            default: "k: \(sizes.kept), "
            }
        let text = "experiment: e\ntopology: \(topology)\nmethod: {\(method): {\(own)\(options)}}"
        let plan = try ExperimentLoader.parse(text: text, source: "a page's table")
        return try #require(plan.variants.first)
    }

    private static func shape(_ topology: Topology) -> CollectiveTopology {
        switch topology {
        case .server: .star
        case .ring: .ring
        case .tree: .tree
        case .halvingDoubling: .halvingDoubling
        }
    }
}
