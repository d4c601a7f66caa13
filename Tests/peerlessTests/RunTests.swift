import Foundation
import Testing

/// `peerless run` with real processes, sockets and database.
@Suite("peerless run", .serialized, .timeLimit(.minutes(10)))
struct RunTests {
    @Test(
        "every method and topology trains with every world size, and every byte is accounted for",
        arguments: [1, 2, 3, 4, 5, 7, 8])
    func worldSizes(workers: Int) throws {
        let program = try Program()
        let file = try program.write(
            "all.yaml", Experiments.everything(workers: workers, steps: 6))
        let result = try program.run(["run", file], withinSeconds: 120)
        #expect(result.status == 0, "\(result.errors)")
        #expect(program.processes().isEmpty)
        let rows = try program.compare()
        #expect(rows.count == 13)
        for row in rows {
            #expect(row.status == "completed" && row.failure == nil, "\(row.variant)")
            #expect(row.workers == workers && row.parameters == 650 && row.steps == 6)
        }
        let steps = try program.steps()
        #expect(steps.allSatisfy { phasesSumUp($0) })
        for row in rows {
            let mine = steps.filter { $0.text("variant") == row.variant }
            // What was sent by somebody was received by somebody.
            #expect(sum(mine, "bytes_sent") == sum(mine, "bytes_received"), "\(row.variant)")
            let framing = 48 * sum(mine, "messages_sent")
            let perStep = (sum(mine, "bytes_sent") - framing) / 6
            if let words = Self.words(row.variant, Double(workers)) {
                #expect(perStep == 4 * words, "\(row.variant)")
            }
        }
    }

    /// Words that all nodes together send in a step: d = 650, 10 of them small, k = 65, p2 = 4,
    /// 3 x 64 cells, candidates 260.
    private static func words(_ variant: String, _ workers: Double) -> Double? {
        let (edges, table, pairs) = (workers - 1, 3.0 * 64 + 10, 2.0 * 65 + 10)
        return switch variant {
        case "dense-server": 2 * workers * 650
        case "dense-ring", "dense-tree": 2 * edges * 650
        case "sketch-server": workers * (table + 260 + 260 + pairs)
        case "sketch-tree": edges * (table + 260 + 260 + pairs)
        case "sketch-ring": 2 * edges * (table + 260)
        case "topk-ring": workers * edges * pairs
        case "topk-server": workers * pairs + workers * edges * pairs
        case "gtopk-tree": 2 * edges * pairs
        default: nil
        }
    }

    private func sum(_ steps: [StepLine], _ column: String) -> Double {
        steps.reduce(0) { $0 + ($1.number(column) ?? .nan) }
    }

    private func phasesSumUp(_ step: StepLine) -> Bool {
        let phases = ["compute", "encode", "exchange", "wait", "decode", "update"]
        let parts = phases.reduce(0) { $0 + (step.number("\($1)_nanoseconds") ?? .nan) }
        let total = step.number("total_nanoseconds") ?? .nan
        return abs(parts - total) <= 0.02 * total
    }

    @Test("a run without a row per step has the same summary")
    func summaryOnly() throws {
        let program = try Program()
        let file = try program.write("all.yaml", Experiments.everything(workers: 2, steps: 6))
        for more in [[], ["--summary-only"]] {
            #expect(try program.run(["run", file, "--only", "dense-ring"] + more).status == 0)
        }
        let rows = try (1...2).map { try program.compare(["\($0)"])[0] }
        #expect(rows[1].status == "completed" && rows[1].steps == 6)
        #expect(rows[1].checksum == rows[0].checksum && rows[1].finalLoss == rows[0].finalLoss)
        #expect(rows[1].bytesSentPerWorkerStep == rows[0].bytesSentPerWorkerStep)
        #expect(rows[1].stepMilliseconds.total ?? 0 > 0)
        #expect(try program.steps(["2"]).isEmpty && !program.steps(["1"]).isEmpty)
    }

    @Test(
        "dense on every topology follows one process on the fourfold batch for 50 steps",
        arguments: [
            ("softmax", "digits", ""), ("mlp", "synthetic", "synthetic: {samples: 800, size: 12}"),
            ("lenet", "synthetic", "synthetic: {samples: 800, size: 16}"),
        ])
    func equivalence(model: String, dataset: String, extra: String) throws {
        let program = try Program()
        let file = try program.write(
            "e.yaml", Experiments.equivalence(model: model, dataset: dataset, extra: extra))
        let result = try program.run(["run", file], withinSeconds: 120)
        #expect(result.status == 0, "\(result.errors)")
        let steps = try program.steps().filter { $0.text("role") == "worker" }
        var losses: [String: [Double]] = [:]
        for variant in ["one", "server", "ring", "tree", "halvingDoubling"] {
            let mine = steps.filter { $0.text("variant") == variant }
            losses[variant] = (0..<50).map { step in
                let parts = mine.filter { $0.number("step") == Double(step) }
                    .compactMap { $0.number("loss") }
                return parts.reduce(0, +) / Double(parts.count)
            }
        }
        let one = try #require(losses["one"])
        #expect(one[49] < one[0])
        for (variant, many) in losses {
            for (step, (a, b)) in zip(one, many).enumerated() {
                #expect(abs(a - b) < 1e-4, "\(variant), step \(step)")
            }
        }
    }

    @Test("the same file and seed give the same bits twice, another seed others")
    func determinism() throws {
        var found: [[String]] = []
        var losses: [[String]] = []
        for seeds in ["1", "1", "2"] {
            let program = try Program()
            let file = try program.write("all.yaml", Experiments.everything(workers: 3, steps: 20))
            #expect(try program.run(["run", file, "--seeds", seeds]).status == 0)
            found.append(try program.compare().map { $0.checksum ?? "none" })
            let steps = try program.steps().filter { $0.text("role") == "worker" }
            losses.append(steps.map { $0.text("loss") ?? "none" })
        }
        #expect(found[0] == found[1] && losses[0] == losses[1])
        #expect(!found[0].contains("none") && !losses[0].contains("none"))
        #expect(zip(found[0], found[2]).allSatisfy { $0 != $1 })
    }

    @Test("a loss that is not finite fails its run with the step's name, and the others go on")
    func notFinite() throws {
        let program = try Program()
        let file = try program.write(
            "nan.yaml",
            """
            experiment: nan
            dataset: digits
            model: mlp
            workers: 2
            batch: 8
            steps: 30
            variants:
              - {name: good, method: dense}
              - {name: bad, method: dense, optimizer: {learningRate: 1.0e+30}}
              - {name: worse, topology: tree, method: {sketch: {columns: 512, k: 1%}}, optimizer: {learningRate: 1.0e+30}}
              - {name: fine, topology: tree, method: dense}

            """)
        let result = try program.run(["run", file])
        #expect(result.status == 1)
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["completed", "failed", "failed", "completed"])
        for row in rows where row.status == "failed" {
            let words = row.failure ?? ""
            #expect(words.contains("not finite at step"), "\(words)")
            #expect(row.finalLoss == nil || row.finalLoss?.isFinite == true)
        }
        #expect(result.output.contains("not finite at step"))
    }

    @Test("an emulated link slows down what is large and leaves small messages alone")
    func link() throws {
        let program = try Program()
        let file = try program.write(
            "link.yaml",
            """
            experiment: link
            dataset: synthetic
            model: mlp
            workers: 2
            batch: 4
            steps: 4
            link: {bandwidth: 200mbit, latency: 100us}
            variants:
              - {name: dense, topology: ring, method: dense}
              - {name: sketch, topology: tree, method: {sketch: {columns: 1024, k: 0.1%}}}
              - {name: bare, topology: ring, method: dense, link: none}

            """)
        #expect(try program.run(["run", file]).status == 0)
        let rows = try program.compare()
        let times = rows.compactMap(\.stepMilliseconds.total)
        #expect(times.count == 3)
        // 669,706 parameters at 200 Mbit/s: 107 ms in each direction of two rounds of half of them.
        let dense = 669_706.0 * 4 * 8 / 200e6 * 1000
        #expect(times[0] >= 0.99 * dense)
        #expect(times[1] < times[0] && times[2] < times[0])
    }
}
