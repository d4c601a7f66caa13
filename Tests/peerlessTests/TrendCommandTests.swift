import Foundation
import Testing

@Suite("peerless trend", .timeLimit(.minutes(10)))
struct TrendCommandTests {
    private func recorded(revisions: Int) throws -> Program {
        let program = try Program()
        for place in 0..<revisions {
            for seed in 1...2 {
                let asked = Program.asked(
                    variant: "dense", seed: UInt64(seed), revision: "rev\(place)")
                let noise = 0.01 * Double((place * 7 + seed * 3) % 5)
                try program.record(asked, milliseconds: (place < 5 ? 10 : 12) + noise)
            }
        }
        return program
    }

    @Test("a planted slow-down is told with its revision, in every format")
    func told() throws {
        let program = try recorded(revisions: 10)
        for name in [["--case", "ca5e"], ["-e", "sample", "--variant", "dense"]] {
            for format in ["table", "markdown", "json", "csv"] {
                let result = try program.run(["trend", "--format", format] + name)
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.contains("rev5") && result.errors.isEmpty)
            }
        }
        let table = try program.run(["trend", "--case", "ca5e"]).output
        #expect(table.contains("Change at rev5: 10.0 to 12.0, +20"))
        let bytes = try program.run(["trend", "--case", "ca5e", "--metric", "bytes"])
        #expect(bytes.status == 0 && bytes.output.contains("No change in 10 revisions."))
    }

    @Test("what cannot be answered ends with the right code and says what would help")
    func refused() throws {
        let program = try recorded(revisions: 3)
        func ask(_ arguments: [String], _ status: Int32, _ words: String) throws {
            let result = try program.run(["trend"] + arguments)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
        }
        try ask(["--case", "ca5e"], 3, "6 are needed")
        try ask(["--case", "ca5e", "--metric", "final-accuracy"], 3, "0 revisions with")
        try ask(["--case", "beef"], 3, "case beef: no completed run")
        try ask(["--case", "ca5e", "--context", "x"], 3, "there is: c0ffee")
        try ask(["-e", "sample", "--variant", "no"], 3, "there is: dense")
        try ask(["-e", "nobody", "--variant", "dense"], 3, "there is: sample")
        try ask(["-e", "sample"], 2, "--variant together")
        try ask([], 2, "--case HASH")
        try ask(["--case", "ca5e", "--metric", "speed"], 2, "step-milliseconds")
        try ask(["--case", "ca5e", "--db", program.path("no.db")], 3, "no such database")
        #expect(try program.run(["trend", "--case", "ca5e"]).output.contains("3 of the 6"))
    }
}
