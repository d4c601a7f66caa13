import Foundation
import Testing

/// A recorded run once more, with the built program.
@Suite("Reproducing", .serialized, .timeLimit(.minutes(10)))
struct ReproduceTests {
    private static let experiment = """
        experiment: repeated
        dataset: digits
        model: softmax
        workers: 2
        batch: 8
        steps: 12
        seeds: [7]
        variants:
          - {name: sketch, topology: tree, method: {sketch: {rows: 3, columns: 64, k: 10%}}}

        """

    private struct Verdict: Decodable {
        struct Difference: Decodable {
            var step: Int
            var rank: Int?
            var quantity: String
        }
        var verdict: String
        var run: Int64
        var repetition: Int64
        var comparedSteps: Int
        var firstDifference: Difference?
        var amount: Double?
        var checksum: String?
        var repeatedChecksum: String?
    }

    @Test("a repetition is bit-equal; a tampered loss is found with its step, rank and amount")
    func equalAndTampered() throws {
        let program = try Program()
        let file = try program.write("repeated.yaml", Self.experiment)
        #expect(try program.run(["run", file]).status == 0)
        let equal = try program.run(["reproduce", "1"])
        #expect(equal.status == 0, "\(equal.errors)")
        #expect(equal.output.hasPrefix("Bit-equal: run 1 and its repetition, run 2, 24 losses"))
        #expect(try program.run(["show", "2"]).output.contains("repeats"))
        #expect(try program.compare(["--experiment", "repeated"]).map(\.seed) == [7])

        try program.tamper(
            "UPDATE step SET loss = loss + 0.5 WHERE run = 1 AND step = 5 AND rank = 1")
        let other = program.path("other.db")
        let changed = try program.run(["reproduce", "1", "--json", "--into", other])
        #expect(changed.status == 1, "\(changed.errors)")
        let verdict = try JSONDecoder().decode(Verdict.self, from: Data(changed.output.utf8))
        #expect(verdict.verdict == "different" && verdict.repetition == 1)
        #expect(verdict.firstDifference?.step == 5 && verdict.firstDifference?.rank == 1)
        #expect(verdict.amount.map { abs($0 + 0.5) < 1e-6 } == true)
        #expect(verdict.checksum != nil && verdict.checksum == verdict.repeatedChecksum)
    }

    @Test("what cannot be repeated is said with the exit code that stands for it")
    func refusals() throws {
        let program = try Program()
        #expect(try program.run(["reproduce", "1"]).status == 3)
        #expect(try program.run(["reproduce", "first"]).status == 2)
        let file = try program.write("repeated.yaml", Self.experiment)
        #expect(try program.run(["run", file, "--set", "steps=3"]).status == 0)
        #expect(try program.run(["reproduce", "9"]).status == 3)
        try program.tamper("DELETE FROM step; DELETE FROM run_summary;")
        let bare = try program.run(["reproduce", "1"])
        #expect(bare.status == 3 && bare.errors.contains("nothing to hold a repetition against"))
        try program.tamper("UPDATE run SET status = 'running'")
        #expect(try program.run(["reproduce", "1"]).errors.contains("only a run that has ended"))
    }
}
