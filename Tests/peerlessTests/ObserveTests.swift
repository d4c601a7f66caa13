import Foundation
import Testing

/// Observed runs among real processes.
@Suite("Observed runs", .serialized, .timeLimit(.minutes(10)))
struct ObserveTests {
    /// What `show --format json` tells of an observation.
    struct Seen: Decodable {
        var step: Int
        var workers: Int
        var gradientNorm, contributionNorm, updateNorm, residualNorm: Double?
        var cosineGradient, cosineContribution: Double?
        var kept: Int?
        var applied: Int
        var recall, capturedEnergy, topEnergy, noiseRatio: Double?
        var unchangedShare, associativityDefect: Double?
        var bytesSent: Int64
        var nanoseconds: Int64
    }

    private struct Shown: Decodable {
        var observations: [Seen]
    }

    private static let sketch = "{sketch: {rows: 3, columns: 64, k: 10%}}"

    /// A name, and the keys of a variant.
    private static let kinds: [(name: String, keys: String)] =
        ["server", "ring", "tree", "halvingDoubling"].flatMap { topology in
            [
                ("dense-\(topology)", "topology: \(topology), method: dense"),
                ("sketch-\(topology)", "topology: \(topology), method: \(sketch)"),
            ]
        } + [
            ("topk", "topology: ring, method: {topk: {k: 10%}}"),
            ("topk-server", "topology: server, method: {topk: {k: 10%}}"),
            ("gtopk", "topology: tree, method: {gtopk: {k: 10%}}"),
            (
                "gtopk-momentum",
                "topology: tree, optimizer: {momentum: 0.9}, "
                    + "method: {gtopk: {k: 10%, momentumCorrection: true}}"
            ),
            ("half", "topology: ring, method: {dense: {dtype: float16, overlap: true}}"),
            ("buckets", "topology: ring, buckets: 4KiB, overlap: true, method: \(sketch)"),
            (
                "estimated",
                "topology: tree, "
                    + "method: {sketch: {columns: 1024, k: 10%, values: estimated}}"
            ),
            ("alone", "topology: ring, workers: 1, method: \(sketch)"),
        ]

    private static func experiment() -> String {
        let head = """
            experiment: observed
            dataset: digits
            model: mlp
            workers: 4
            batch: 8
            steps: 9
            checksumEvery: 3
            optimizer: {learningRate: 0.05, momentum: 0}
            observe: {every: 4}
            variants:

            """
        return head
            + kinds.map { kind in
                """
                  - {name: \(kind.name), \(kind.keys)}
                  - {name: \(kind.name)-plain, observe: none, \(kind.keys)}

                """
            }.joined()
    }

    private func seen(_ program: Program, _ run: Int64) throws -> [Seen] {
        let shown = try program.run(["show", "\(run)", "--format", "json"])
        return try JSONDecoder().decode(Shown.self, from: Data(shown.output.utf8)).observations
    }

    @Test(
        "every method and topology trains with the same bits observed and not, and tells what it saw"
    )
    func sameBits() throws {
        let program = try Program()
        let file = try program.write("o.yaml", Self.experiment())
        let result = try program.run(["run", file], withinSeconds: 150)
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.count == 2 * Self.kinds.count)
        let steps = try program.steps().filter { $0.text("role") == "worker" }
        func column(_ variant: String, _ name: String) -> [Double?] {
            steps.filter { $0.text("variant") == variant }.map { $0.number(name) }
        }
        for pair in stride(from: 0, to: rows.count, by: 2) {
            let (watched, plain) = (rows[pair], rows[pair + 1])
            let name = watched.variant
            #expect(watched.checksum != nil && watched.checksum == plain.checksum, "\(name)")
            #expect(column(name, "loss") == column("\(name)-plain", "loss"), "\(name)")
            // Bytes to observe are no bytes of a step.
            let bytes = column(name, "bytes_sent")
            #expect(bytes == column("\(name)-plain", "bytes_sent"), "\(name)")
            let found = try seen(program, watched.run)
            #expect(found.map(\.step) == [3, 7], "\(name)")
            #expect(try seen(program, plain.run).isEmpty)
            for one in found { check(one, name) }
        }
        try ask(program, watched: rows[0].run, plain: rows[1].run)
    }

    /// `peerless observe` of a run that was observed, and of one that was not.
    private func ask(_ program: Program, watched: Int64, plain: Int64) throws {
        let shown = try program.run(["observe", "\(watched)"])
        #expect(shown.status == 0 && shown.output.contains("cos gradient"), "\(shown.output)")
        let csv = try program.run(["observe", "\(watched)", "--format", "csv"]).output
        #expect(csv.split(whereSeparator: \.isNewline).count == 3)
        let nothing = try program.run(["observe", "\(plain)"])
        #expect(nothing.status == 3 && nothing.errors.contains("observe: {every: N}"))
        #expect(try program.run(["show", "\(watched)"]).output.contains("peerless observe"))
    }

    private func check(_ seen: Seen, _ name: String) {
        let workers = name == "alone" ? 1 : 4
        #expect(seen.workers == workers && seen.nanoseconds > 0, "\(name)")
        #expect(workers == 1 ? seen.bytesSent == 0 : seen.bytesSent > 10_000, "\(name)")
        #expect((seen.gradientNorm ?? 0) > 0 && (seen.updateNorm ?? 0) > 0, "\(name)")
        #expect(seen.unchangedShare.map { (0...1).contains($0) } == true, "\(name)")
        let defect = seen.associativityDefect ?? .nan
        switch name {
        case "gtopk", "gtopk-momentum": #expect(defect > 1e-3, "\(name)")
        case "half": #expect(defect > 1e-5 && defect < 1e-2, "\(name)")
        case "alone": #expect(defect == 0)
        default: #expect(defect < 1e-6, "\(name): \(defect)")
        }
        guard !name.hasPrefix("dense"), name != "half" else {
            #expect(seen.kept == nil && seen.recall == nil && seen.noiseRatio == nil, "\(name)")
            #expect(abs((seen.cosineGradient ?? 0) - 1) < 1e-3, "\(name)")
            return
        }
        #expect((seen.kept ?? 0) > 0 && seen.applied > 0 && seen.residualNorm != nil, "\(name)")
        for share in [seen.recall, seen.capturedEnergy, seen.topEnergy] {
            #expect(share.map { $0 > 0 && $0 <= 1.0000001 } == true, "\(name)")
        }
        let isSketch = name.hasPrefix("sketch") || ["buckets", "estimated", "alone"].contains(name)
        #expect(isSketch == ((seen.noiseRatio ?? 0) > 0), "\(name)")
        #expect((seen.cosineContribution ?? 0) > 0, "\(name)")
    }

    @Test("a run that loses a worker goes on observing those who are left, every step once")
    func regrouped() throws {
        let program = try Program()
        let file = try program.write(
            "f.yaml",
            Experiments.faults(
                variants: [
                    "{name: left, topology: tree, method: {gtopk: {k: 10%}}, "
                        + "faults: [{at: step 25, kill: worker 3}]}"
                ], extra: "onLoss: regroup\nobserve: {every: 10}\noptimizer: {momentum: 0}\n"))
        let result = try program.run(["run", file], withinSeconds: 60)
        #expect(result.status == 0, "\(result.errors)")
        let found = try seen(program, 1)
        #expect(found.map(\.step) == [9, 19, 29, 39, 49, 59])
        #expect(found.map(\.workers) == [4, 4, 3, 3, 3, 3])
    }

    @Test("a run that is resumed from a checkpoint has the observations of one that was not cut")
    func resumed() throws {
        let program = try Program()
        let keys = "topology: ring, method: \(Self.sketch)"
        let file = try program.write(
            "r.yaml",
            Experiments.faults(
                variants: [
                    "{name: whole, \(keys)}",
                    "{name: cut, \(keys), faults: [{at: step 37, kill: worker 1}]}",
                ],
                extra: "checkpoint: {every: 10}\nobserve: {every: 15}\noptimizer: {momentum: 0}\n"))
        #expect(try program.run(["run", file], withinSeconds: 60).status == 1)
        let resumed = try program.run(["resume", "2"], withinSeconds: 60)
        #expect(resumed.status == 0, "\(resumed.errors)")
        let (whole, cut) = (try seen(program, 1), try seen(program, 2))
        #expect(whole.map(\.step) == [14, 29, 44, 59] && cut.map(\.step) == whole.map(\.step))
        #expect(whole.map(\.recall) == cut.map(\.recall))
        #expect(whole.map(\.gradientNorm) == cut.map(\.gradientNorm))
    }

    @Test("what an experiment may say of observing is refused with what is allowed")
    func refused() throws {
        let program = try Program()
        let file = try program.write("b.yaml", "experiment: b\nobserve: {each: 5}\n")
        let strange = try program.run(["run", file])
        #expect(strange.status == 2 && strange.errors.contains("observe.each"))
        let bare = try program.write("c.yaml", "experiment: c\nobserve: {every: 0}\n")
        let zero = try program.run(["run", bare])
        #expect(zero.status == 2 && zero.errors.contains("a whole number from 1 up"))
    }
}
