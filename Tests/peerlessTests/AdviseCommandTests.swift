import Foundation
import Testing

@Suite("peerless advise", .timeLimit(.minutes(10)))
struct AdviseCommandTests {
    private static let question = [
        "advise", "--model", "softmax", "--dataset", "digits", "--workers", "3", "--batch", "8",
        "--bandwidth", "100mbit", "--latency", "200us", "--seconds", "0",
    ]

    @Test("measures, ranks in every format, keeps rates and takes them again")
    func ranked() throws {
        let program = try Program()
        let table = try program.run(
            Self.question + ["--save-rates", program.path("rates.json")])
        #expect(table.status == 0, "\(table.errors)")
        #expect(table.output.contains("no past runs") && table.output.contains("Not judged"))
        #expect(table.errors.contains("rates.json"))
        for format in ["json", "csv", "markdown"] {
            let again = try program.run(
                Self.question + ["--rates", program.path("rates.json"), "--format", format])
            #expect(again.status == 0, "\(again.errors)")
            #expect(again.output.contains("halvingDoubling"))
            guard format == "json" else { continue }
            let json = try JSONSerialization.jsonObject(with: Data(again.output.utf8))
            let rows = try #require(json as? [[String: Any]])
            #expect(rows.map { $0["rank"] as? Int } == Array(1...13))
        }
    }

    @Test("what cannot be answered is told, with what is allowed")
    func refused() throws {
        let program = try Program()
        func ask(_ more: [String], _ status: Int32, _ words: String) throws {
            let result = try program.run(Self.question + more)
            #expect(result.status == status, "\(more): \(result.errors)")
            #expect(result.errors.contains(words), "\(more): \(result.errors)")
        }
        try ask(["--model", "gpt"], 2, "lenet")
        try ask(["--workers", "1"], 2, "2 to 256")
        try ask(["--bandwidth", "fast"], 2, "--bandwidth")
        try ask(["--latency", "11s"], 2, "--latency")
        try ask(["--k", "0"], 2, "--k")
        try ask(["--rates", program.path("none.json")], 2, "cannot be read")
        let other = try program.write("other.json", "{}")
        try ask(["--rates", other], 2, "--save-rates")
        try ask(["--db", program.path("none.db")], 3, "no such database")
    }
}
