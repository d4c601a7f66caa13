import Foundation
import Testing

/// The gate as a user types it, over recorded runs.
@Suite("Gate", .serialized, .timeLimit(.minutes(10)))
struct GateTests {
    private static let experiment = """
        experiment: gated
        dataset: digits
        model: softmax
        workers: 2
        batch: 8
        steps: 12
        seeds: [1, 2]
        topology: ring
        method: dense

        """

    /// Two recorded databases of the same experiment.
    private func recorded(seeds: String = "1, 2") throws -> Program {
        let program = try Program()
        let text = Self.experiment.replacing("[1, 2]", with: "[\(seeds)]")
        let file = try program.write("gated.yaml", text)
        for database in ["peerless.db", "other.db"] {
            let result = try program.run(["run", file, "--db", program.path(database)])
            #expect(result.status == 0, "\(result.errors)")
        }
        return program
    }

    @Test("baselines are named, used, listed and removed; counters and learning are equal")
    func everything() throws {
        let program = try recorded()
        func ask(_ arguments: [String], status: Int32 = 0) throws -> Program.Result {
            let result = try program.run(arguments)
            #expect(result.status == status, "\(arguments): \(result.output) \(result.errors)")
            return result
        }
        let other = program.path("other.db")
        _ = try ask(["baseline", "set", "main", "--note", "before | after"])
        #expect(try ask(["baseline", "list"]).output.contains("1-2"))
        let exact = ["--metric", "counters", "--metric", "convergence"]
        let gate = ["gate", "--baseline", "main", "--candidate", other]
        let passed = try ask(gate + exact)
        #expect(passed.output.hasPrefix("Passed: nothing got worse."))
        #expect(passed.output.contains("bytesSent") && !passed.output.contains(" step "))

        // Two runs on either side are too few for clocks, whatever they say.
        let few = try ask(gate, status: 3)
        #expect(few.output.contains("cannot tell") && few.output.contains("would do"))

        let junit = program.path("gate.xml")
        program.environment["GITHUB_STEP_SUMMARY"] = program.path("summary.md")
        let json = try ask(gate + exact + ["--format", "json", "--junit", junit]).output
        program.environment["GITHUB_STEP_SUMMARY"] = nil
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["verdict"] as? String == "passed")
        #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("failures=\"0\""))
        let summary = try String(contentsOfFile: program.path("summary.md"), encoding: .utf8)
        #expect(summary.hasPrefix("### Passed"))

        #expect(try ask(["prune", "--status", "completed"]).errors.contains("0 runs would be"))
        _ = try ask(["baseline", "remove", "main"])
        #expect(try ask(["baseline", "remove", "main"], status: 3).errors.contains("none"))
        #expect(try ask(["prune", "--status", "completed"]).errors.contains("2 runs would be"))
    }

    @Test("a byte that was added is found, another machine is not compared, nonsense is refused")
    func worse() throws {
        let program = try recorded()
        func gate(_ more: [String], status: Int32) throws -> String {
            let result = try program.run(["gate"] + more)
            #expect(result.status == status, "\(more): \(result.output) \(result.errors)")
            return result.output + result.errors
        }
        func change(_ sql: String) throws { try program.tamper(sql, in: "other.db") }
        let sides = ["--baseline", "1-2", "--candidate", program.path("other.db")]
        let column = "bytes_sent_per_worker_step"
        try change("UPDATE run_summary SET \(column) = 1 + \(column)")
        let grown = try gate(sides, status: 1)
        #expect(grown.contains("2 of 2 count more, by up to 1"))
        try change("UPDATE run SET context = '{\"cores\":99}', context_hash = 'elsewhere'")
        let elsewhere = try gate(sides, status: 4)
        #expect(elsewhere.contains("cores (") && elsewhere.contains("--ignore-context cores"))
        let twice = try gate(["--baseline", "1", "--candidate", "1-2"], status: 2)
        #expect(twice.contains("the same runs on both sides: 1"))
        #expect(try gate(["--baseline", "x", "--candidate", "1"], status: 3).contains("gated"))
        _ = try gate(["--baseline", "1", "--candidate", "2", "--metric", "x"], status: 2)
        #expect(try gate(["--baseline", "1", "--candidate", ""], status: 2).contains("empty name"))
        _ = try gate(["--baseline", "1", "--candidate", "2", "--max-slowdown", "-3"], status: 2)
    }

    @Test("a slow-down is run again before it counts, if what made the baseline is here")
    func again() throws {
        let program = try recorded(seeds: "1, 2, 3, 4")
        // Not this machine's own times, whose noise may hide even this.
        for (database, factor) in [("peerless.db", 1), ("other.db", 4)] {
            try program.tamper(
                "UPDATE step SET total_nanoseconds = \(factor) * (100000 + 1000 * run)",
                in: database)
        }
        let gate = [
            "gate", "--baseline", "experiment:gated", "--candidate", program.path("other.db"),
            "--metric", "clock",
        ]
        let alone = try program.run(gate + ["--no-confirm"])
        #expect(alone.status == 1 && alone.output.contains("slower"), "\(alone.output)")
        // What the second measurement finds is up to this machine at this moment.
        let twice = try program.run(gate)
        #expect(twice.output.contains("run again: "), "\(twice.output) \(twice.errors)")
        #expect(twice.errors.contains("[8/8] again: ") && [0, 1].contains(twice.status))
        try program.tamper("UPDATE run SET git_revision = 'abc1234'", in: "other.db")
        let foreign = try program.run(gate)
        #expect(foreign.status == 1 && foreign.output.contains("--baseline-program PATH"))
        let useless = try program.run(gate + ["--baseline-program", "/bin/false"])
        #expect(useless.status == 1 && useless.output.contains("could not be run again here"))
    }

    @Test("noise is measured by pairs of real runs, and stored for the gate")
    func calibrate() throws {
        let program = try Program()
        let file = try program.write("gated.yaml", Self.experiment)
        let found = try program.run(["calibrate", file, "--pairs", "2", "--format", "json"])
        #expect(found.status == 0, "\(found.errors)")
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [[String: Any]])
        let figures = rows.compactMap { ($0["row"] as? [String: Any])?["metric"] as? String }
        #expect(figures.contains("step") && figures.contains("seconds"))
        #expect(try program.run(["runs"]).output == "no runs\n")
        let nobody = try program.run(["calibrate", "nobody"])
        #expect(nobody.status == 3, "\(nobody.errors)")
        #expect(try program.run(["calibrate", file, "--pairs", "1"]).status == 2)
        #expect(try program.run(["calibrate", file, "--only", "x"]).status == 2)
    }
}
