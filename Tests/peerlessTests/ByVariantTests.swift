import Foundation
import Testing

@Suite("peerless compare --by-variant", .timeLimit(.minutes(10)))
struct ByVariantTests {
    @Test("verdicts over seeds, the baseline though a filter leaves it out, and bad input")
    func verdicts() throws {
        let program = try Program()
        for seed in 1...6 {
            let noise = 0.01 * Double(seed)
            for (variant, method, time) in [
                ("plain", "dense", 10.0), ("quick", "topk", 5), ("twin", "topk", 10),
            ] {
                try program.record(
                    Program.asked(variant: variant, seed: UInt64(seed), method: method),
                    milliseconds: time + (variant == "twin" ? 0.07 - noise : noise))
            }
        }
        func ask(_ arguments: [String], status: Int32 = 0) throws -> Program.Result {
            let result = try program.run(["compare", "--by-variant"] + arguments)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            return result
        }
        let table = try ask([]).output
        #expect(table.contains("faster") && table.contains("same within noise"))
        let csv = try ask(
            ["--format", "csv", "--columns", "variant,runs,verdict", "--method", "topk"]
        ).output
        #expect(
            csv
                == "variant,runs,verdict\r\nquick,6,faster\r\ntwin,6,same within noise\r\n"
                + "plain,6,\r\n")
        let strict = try ask(["--noise", "0.01%", "--format", "json"]).output
        #expect(strict.contains("cannot tell"))
        #expect(try ask(["--baseline", "quick"]).output.contains("slower"))
        #expect(try ask(["--format", "markdown"]).output.contains(" 6 |"))
        #expect(try ask(["--noise", "much"], status: 2).errors.contains("--noise"))
        #expect(try ask(["--columns", "nothing"], status: 2).errors.contains("adjustedP"))
        #expect(try ask(["--baseline", "nobody"], status: 3).errors.contains("quick"))
    }
}
