import Foundation
import Testing

/// Faults in the middle of real runs: who is lost, who goes on, and with which bits.
@Suite("Faults", .serialized, .timeLimit(.minutes(10)))
struct FaultTests {
    /// Heartbeats of 100 ms: a loss is known after 0.3 s.
    private func run(
        _ program: Program, _ variants: [String], extra: String = "", arguments: [String] = []
    ) throws -> Program.Result {
        let file = try program.write(
            "faults.yaml", Experiments.faults(variants: variants, extra: extra))
        return try program.run(
            ["run", file, "--heartbeat", "100ms"] + arguments, withinSeconds: 120)
    }

    @Test("a killed worker: the others regroup and finish, with the same bits every time")
    func regroup() throws {
        let program = try Program()
        let fault = "onLoss: regroup, faults: [{at: step 20, kill: worker 1}]"
        let variants = ["ring", "tree", "halvingDoubling", "server"].map {
            "{name: \($0), topology: \($0), method: dense, \(fault)}"
        }
        let first = try run(program, variants)
        #expect(first.status == 0, "\(first.errors)")
        let again = try run(program, variants)
        #expect(again.status == 0, "\(again.errors)")
        let rows = try program.compare((1...8).map(String.init))
        #expect(rows.count == 8 && rows.allSatisfy { $0.status == "completed" && $0.steps == 60 })
        for (one, two) in zip(rows.prefix(4), rows.suffix(4)) {
            #expect(one.checksum != nil && one.checksum == two.checksum, "\(one.variant)")
            #expect(one.faults?.recoveries == 1 && one.faults?.stepsRedone == 1)
            // One step of four workers with batches of 8.
            #expect(one.faults?.samplesLost == 32)
            #expect((one.faults?.detectSeconds ?? 0) > 0.1 && (one.faults?.recoverSeconds ?? 0) > 0)
        }
        // After the loss three workers are on record, before it four.
        let steps = try program.steps(["1"])
        for step in [10, 19, 20, 59] {
            let ranks = steps.filter { $0.number("step") == Double(step) }.count
            #expect(ranks == (step < 20 ? 4 : 3), "step \(step)")
        }
    }

    @Test(
        "a place that is taken again: a dense run ends with the bits of an unharmed one",
        arguments: ["ring", "tree", "server"])
    func wait(topology: String) throws {
        let program = try Program()
        let result = try run(
            program,
            [
                "{name: calm}",
                "{name: killed, faults: [{at: step 20, kill: worker 2}]}",
                "{name: restarted, faults: [{at: step 15, kill: worker 0}, "
                    + "{at: step 15, restart: worker 0}]}",
                "{name: paused, faults: [{at: step 30, pause: worker 1, for: 1s}]}",
            ], extra: "topology: \(topology)\nonLoss: wait\n")
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.map(\.status) == Array(repeating: "completed", count: 4))
        #expect(Set(rows.map(\.checksum)).count == 1)
        #expect(rows.map { $0.faults?.recoveries ?? 0 } == [0, 1, 1, 1])
    }

    @Test("losses of several workers are counted whole")
    func several() throws {
        let program = try Program()
        let places = [1, 0].enumerated().map { turn, worker in
            "{at: step \(20 * turn + 15), kill: worker \(worker)}, "
                + "{at: step \(20 * turn + 15), restart: worker \(worker)}"
        }.joined(separator: ", ")
        let result = try run(
            program,
            [
                "{name: two, onLoss: regroup, "
                    + "faults: [{at: step 20, kill: worker 1}, {at: step 20, kill: worker 3}]}",
                "{name: relay, onLoss: wait, workers: 2, faults: [\(places)]}",
            ], extra: "evaluate: {every: 5}\n")
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.map { $0.faults?.recoveries } == [1, 2])
        #expect(rows.map { $0.faults?.stepsRedone } == [1, 2])
        #expect(rows.map { $0.faults?.samplesLost } == [32, 32])
    }

    @Test("a fault's daemon rests until its restart, also where its name has another number")
    func otherNames() throws {
        let program = try Program()
        // At the end of the first run worker-1 is dead; the second begins with the three others.
        let result = try run(
            program,
            [
                "{name: first, onLoss: regroup, faults: [{at: step 599, kill: worker 1}]}",
                "{name: second, onLoss: regroup, workers: 2, faults: [{at: step 20, kill: worker 1}, "
                    + "{at: step 20, restart: worker 1}]}",
            ], extra: "steps: 600\n")
        #expect(result.status == 0, "\(result.errors)")
        let faults = try program.tamper(
            "SELECT detail FROM event WHERE run = 2 AND kind GLOB 'fault*' ORDER BY id")
        #expect(
            faults.split(separator: "\n") == [
                "kill worker 1 at step 20", "restart worker 1 at step 20",
            ])
        let kinds = try program.tamper(
            "SELECT DISTINCT kind FROM event WHERE run = 2 AND kind GLOB 'fault*'")
        #expect(kinds.trimmingCharacters(in: .whitespacesAndNewlines) == "fault")
        let (node, name) = (
            try program.tamper(
                "SELECT node FROM event WHERE run = 2 AND kind = 'fault' AND node NOT NULL"),
            try program.tamper(
                "SELECT name FROM node WHERE run = 2 AND generation = 0 AND rank = 1")
        )
        #expect(node == name)
    }

    @Test("a killed server is replaced and the bits stay; with abort the run fails by name")
    func server() throws {
        let program = try Program()
        let fault = "topology: server, faults: [{at: step 20, kill: server}]"
        let result = try run(
            program,
            [
                "{name: calm, topology: server}",
                "{name: restarted, onServerLoss: restart, \(fault)}",
                "{name: aborted, \(fault.dropLast()), {at: step 40, kill: worker 1}]}",
                "{name: next, topology: server, faults: [{slow: worker 1, factor: 1.5}]}",
            ])
        #expect(result.status == 1)
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["completed", "completed", "failed", "completed"])
        #expect(rows[0].checksum == rows[1].checksum && rows[0].checksum == rows[3].checksum)
        #expect(rows[2].failure?.contains("server-0") == true)
        #expect((rows[2].faults?.detectSeconds ?? 0) > 0)
        let told = try program.tamper(
            "SELECT run, kind, detail FROM event WHERE kind GLOB 'fault*' AND run > 2 ORDER BY id")
        #expect(
            told.split(separator: "\n") == [
                "3|fault|kill server at step 20",
                "3|fault not carried out|kill worker 1 at step 40",
                "4|fault|slow worker 1 by a factor of 1.5 from the first step",
            ])
        #expect(rows[2].faults?.recoveries == 1 && rows[2].faults?.recoverSeconds == nil)
    }

    @Test("compressed methods go on without the lost worker's residual, on equal replicas")
    func compressed() throws {
        let program = try Program()
        let fault = "faults: [{at: step 20, kill: worker 3}]"
        let sketch = "method: {sketch: {rows: 3, columns: 64, k: 10%}}"
        let result = try run(
            program,
            [
                "{name: sketch, topology: tree, \(sketch), \(fault)}",
                "{name: sketch-server, topology: server, \(sketch), \(fault)}",
                "{name: topk, topology: ring, method: {topk: {k: 10%}}, \(fault)}",
                "{name: gtopk, topology: tree, method: {gtopk: {k: 10%}}, \(fault)}",
                "{name: half, topology: ring, method: {dense: {dtype: float16, overlap: true}}, "
                    + "\(fault)}",
            ], extra: "onLoss: regroup\nchecksumEvery: 5\noptimizer: {momentum: 0}\n")
        #expect(result.status == 0, "\(result.errors) \(result.output)")
        let shown = try program.run(["show", "1"])
        #expect(shown.output.contains("worker lost") && shown.output.contains("4 -> 3"))
    }

    @Test("a killed coordinator: its successor takes the run over, and no step is lost or doubled")
    func coordinator() throws {
        let program = try Program()
        let result = try run(
            program,
            [
                "{name: calm}",
                "{name: left, faults: [{at: step 20, kill: coordinator}, "
                    + "{at: step 150, kill: coordinator}]}",
            ], extra: "steps: 300\nevaluate: {every: 40}\n")
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["completed", "completed"])
        #expect(rows[0].checksum == rows[1].checksum && rows[0].finalLoss == rows[1].finalLoss)
        for run in ["1", "2"] {
            let steps = try program.steps([run])
            let places = Set(steps.map { "\($0.text("rank") ?? "") \($0.text("step") ?? "")" })
            #expect(steps.count == 1200 && places.count == 1200)
        }
        #expect(rows[1].faults?.recoveries == 2 && rows[1].faults?.stepsRedone == 0)
        let outages = try program.tamper(
            "SELECT cause, samples_lost, detect_seconds > 0, recover_seconds > 0 FROM recovery "
                + "WHERE run = 2")
        let lines = outages.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0 == "coordinator lost|0|1|1" })
        let faults = try program.tamper("SELECT detail FROM event WHERE run = 2 AND kind = 'fault'")
        #expect(
            faults.split(separator: "\n")
                == ["kill coordinator at step 20", "kill coordinator at step 150"])
    }

    @Test("a run without rows that is taken over has the summary of an unharmed one")
    func summaryOnly() throws {
        let program = try Program()
        let result = try run(
            program, ["{name: calm}", "{name: left, faults: [{at: step 150, kill: coordinator}]}"],
            extra: "steps: 300\nevaluate: {every: 40}\n", arguments: ["--summary-only"])
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["completed", "completed"])
        #expect(rows.map(\.steps) == [300, 300] && rows[0].finalLoss != nil)
        #expect(rows[0].checksum == rows[1].checksum && rows[0].finalLoss == rows[1].finalLoss)
        #expect(rows[0].bytesSentPerWorkerStep == rows[1].bytesSentPerWorkerStep)
        #expect(rows[1].finalAccuracy == rows[0].finalAccuracy)
        #expect(try program.steps(["1"]).isEmpty && program.steps(["2"]).isEmpty)
    }

    @Test("checkpoints of fewer workers: the run goes on with so many, and may take in others")
    func smallerWorld() throws {
        let program = try Program()
        let last = [0, 2, 3].map { "{at: step 37, kill: worker \($0)}" }.joined(separator: ", ")
        let result = try run(
            program, ["{name: cut, faults: [{at: step 15, kill: worker 1}, \(last)]}"],
            extra: "onLoss: regroup\ncheckpoint: {every: 10}\n")
        #expect(result.status == 1)
        #expect(try program.compare().map(\.status) == ["failed"])
        let resumed = try program.run(["resume", "1"], withinSeconds: 60)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try program.compare().map(\.status) == ["completed"])
        // Four until the loss, three until the checkpoint, and then whoever has come back in time.
        let steps = try program.steps(["1"])
        func workers(_ step: Int) -> Int {
            steps.count { $0.number("step") == Double(step) }
        }
        #expect(workers(14) == 4 && workers(29) == 3 && workers(59) >= 3)
        // It has had its faults, whoever takes the places now.
        let again = try program.tamper(
            "SELECT detail FROM event WHERE kind = 'fault' GROUP BY detail HAVING count(*) > 1")
        #expect(again.isEmpty)
    }

    @Test(
        "a checkpoint under another rank's name is refused by name, and the one before it is used")
    func renamed() throws {
        let program = try Program()
        let result = try run(
            program,
            ["{name: calm}", "{name: cut, faults: [{at: step 37, kill: worker 1}]}"],
            extra: "checkpoint: {every: 10}\n")
        #expect(result.status == 1)
        let folder = program.path("peerless.db.checkpoints")
        let files =
            FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        // Gone altogether: it says so, and goes on once the files are back.
        try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
        let missing = try program.run(["resume", "2"], withinSeconds: 60)
        #expect(missing.status == 1)
        #expect(missing.errors.contains("worker-0, worker-1, worker-2, worker-3 found none in "))
        #expect(missing.errors.contains("(there is no such folder)"))
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
        func newest(_ rank: Int) throws -> String {
            let found = files.filter {
                $0.contains("rank-\(rank)-of-4") && $0.contains("00000030-")
            }
            return "\(folder)/\(try #require(found.max()))"
        }
        let (one, other) = (try newest(2), try newest(3))
        try FileManager.default.removeItem(atPath: one)
        try FileManager.default.copyItem(atPath: other, toPath: one)
        let resumed = try program.run(["resume", "2"], withinSeconds: 60)
        #expect(resumed.status == 0, "\(resumed.errors)")
        let shown = try program.run(["show", "2", "--format", "json"]).output
        #expect(
            shown.contains("found rank 3 of 4 after step 30; not used for rank 2 of 4"), "\(shown)")
        let rows = try program.compare()
        #expect(rows.count == 2 && rows[0].checksum == rows[1].checksum)
    }

    @Test("a run that ended early goes on from its checkpoint with the same bits")
    func resume() throws {
        let program = try Program()
        let sketch = "method: {sketch: {rows: 3, columns: 64, k: 10%}}"
        let kinds = [
            "dense": "topology: ring",
            "sketch": "topology: tree, \(sketch)",
            "half": "topology: server, method: {dense: {dtype: float16}}",
        ].sorted { $0.key < $1.key }
        let variants = kinds.flatMap { name, keys in
            [
                "{name: \(name), \(keys)}",
                "{name: \(name)-cut, \(keys), faults: [{at: step 37, kill: worker 1}]}",
            ]
        }
        let result = try run(
            program, variants, extra: "checkpoint: {every: 10}\nevaluate: {every: 20}\n")
        #expect(result.status == 1)
        #expect(
            try program.compare().map(\.status) == kinds.flatMap { _ in ["completed", "failed"] })
        // The newest checkpoint of the second cut run is damaged.
        let folder = program.path("peerless.db.checkpoints")
        let files =
            FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        #expect(files.contains { $0.hasSuffix(".ckpt") })
        for run in ["2", "4", "6"] {
            if run == "4" {
                try damage(newestOf: run, program)
                // As if nobody had told of the state that the run goes on from.
                try program.tamper("DELETE FROM evaluation WHERE run = 4 AND step = 20")
            }
            let resumed = try program.run(["resume", run], withinSeconds: 60)
            #expect(resumed.status == 0, "\(resumed.errors)")
        }
        let rows = try program.compare()
        for pair in stride(from: 0, to: 6, by: 2) {
            #expect(rows[pair].status == "completed" && rows[pair + 1].status == "completed")
            #expect(rows[pair].checksum == rows[pair + 1].checksum, "\(rows[pair].variant)")
            #expect(rows[pair].finalLoss == rows[pair + 1].finalLoss)
        }
        let told = "SELECT step, loss, accuracy FROM evaluation WHERE run = "
        let evaluations = try program.tamper(told + "3")
        #expect(evaluations.contains("20|"))
        #expect(try program.tamper(told + "4") == evaluations)
        // Ended before step 37; of batches of 8 on four workers.
        let redone = try program.tamper(
            "SELECT steps_redone, samples_lost / 32 FROM recovery WHERE cause = 'resumed'")
        #expect(Set(redone.split(separator: "\n")) == ["7|7", "17|17"])
        let shown = try program.run(["show", "4"])
        #expect(shown.output.contains("damaged checkpoint"))
        #expect(try program.run(["resume", "4"]).errors.contains("completed"))
        #expect(try program.run(["resume", "99"]).status != 0)
    }

    /// Changes a byte in a worker's newest checkpoint of a run.
    private func damage(newestOf run: String, _ program: Program) throws {
        let listing = try program.run(["show", run, "--format", "json"]).output
        let paths = listing.split(separator: "\"").map(String.init).filter {
            $0.hasSuffix(".ckpt")
        }.map { $0.replacingOccurrences(of: "\\/", with: "/") }
        let newest = try #require(paths.filter { $0.contains("rank-0") }.max())
        var bytes = try Data(contentsOf: URL(fileURLWithPath: newest))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: newest))
    }
}
