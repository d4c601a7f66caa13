import Foundation
import Testing

/// Questions to a recorded database, as a user types them.
@Suite("Questions", .serialized, .timeLimit(.minutes(10)))
struct AskTests {
    private static let experiment = """
        experiment: asked
        dataset: digits
        model: softmax
        workers: 2
        batch: 8
        steps: 12
        variants:
          - {name: dense-ring, topology: ring, method: dense}
          - {name: topk-ring, topology: ring, method: {topk: {k: 10%}}}
          - {name: topk-server, topology: server, method: {topk: {k: 10%}}}

        """

    @Test("filters, order, columns, break-even, explanation, archive, merge and prune")
    func everything() throws {
        let program = try Program()
        let file = try program.write("asked.yaml", Self.experiment)
        #expect(try program.run(["run", file]).status == 0)
        func ask(_ arguments: [String], status: Int32 = 0) throws -> Program.Result {
            let result = try program.run(arguments)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            return result
        }
        func runs(_ more: [String]) throws -> [String] {
            let text = try ask(["runs", "--format", "csv", "--columns", "variant"] + more).output
            return text.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
        }
        #expect(try runs([]) == ["dense-ring", "topk-ring", "topk-server"])
        #expect(try runs(["--sort=-variant", "--limit", "1"]) == ["topk-server"])
        #expect(try runs(["--sort", "-variant", "--limit", "1"]) == ["topk-server"])
        #expect(try runs(["--limit", "1"]) == ["topk-server"])
        #expect(try runs(["--method", "topk", "--topology", "ring"]) == ["topk-ring"])
        #expect(try runs(["--where", "steps = 12 AND method_name = 'dense'"]) == ["dense-ring"])
        #expect(try runs(["--since", "1h", "--workers", "2", "--status", "completed"]).count == 3)
        #expect(try runs(["--until", "2001-01-31"]).isEmpty)
        let bad = try ask(["compare", "--where", "nonsense = 1"], status: 2)
        #expect(
            bad.errors.contains("no such column: nonsense, ") || bad.errors.contains("nonsense"))
        #expect(bad.errors.contains("samples_per_second"))
        #expect(try ask(["runs", "--sort", "speeed"], status: 2).errors.contains("finalLoss"))
        _ = try ask(["compare", "--variant", "nobody"], status: 3)
        #expect(try ask(["show", "--variant", "topk-ring"]).output.contains("run 2: asked"))

        let compared = try ask(["compare", "--format", "json"]).output
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(compared.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["denseTwin"] as? Int } == [nil, 1, nil])
        #expect(rows.map { $0["isUnproven"] as? Bool } == [false, false, true])
        #expect(rows[1]["breakEven"] is String)
        #expect(rows.contains { $0["isParetoOptimal"] as? Bool == true })
        let why = try ask(["explain", "2"]).output
        #expect(why.contains("step") && why.contains("What would help"))

        try checkPictures(program) { try ask($0, status: $1) }

        _ = try ask(["export", "2", "--format", "archive", "-o", program.path("two.archive")])
        #expect(
            try ask(["import", program.path("two.archive")]).errors.contains("1 here already"))
        let other = ["--db", program.path("other.db")]
        #expect(
            try ask(["merge", program.path("peerless.db")] + other).errors.contains("3 runs taken"))
        #expect(try runs(other).count == 3)
        #expect(try ask(["prune", "--method", "topk"] + other).errors.contains("2 runs would be"))
        #expect(try runs(other).count == 3)
        _ = try ask(["prune", "--method", "topk", "--yes"] + other)
        #expect(try runs(other) == ["dense-ring"])
        _ = try ask(["prune"] + other, status: 2)
        _ = try ask(["upgrade"] + other)
    }

    /// A page and curves of what was recorded.
    private func checkPictures(
        _ program: Program, _ ask: ([String], Int32) throws -> Program.Result
    ) throws {
        let page = try ask(["report", "-o", "-"], 0)
        #expect(page.output.hasPrefix("<!DOCTYPE html>") && page.output.hasSuffix("</html>\n"))
        #expect(page.errors == "asked: the only experiment\n")
        #expect(try ask(["report", "asked"], 0).errors == "wrote asked to report.html\n")
        let written = try String(contentsOfFile: program.path("report.html"), encoding: .utf8)
        #expect(written == page.output)
        #expect(try ask(["report", "nobody"], 3).errors.contains("there is: asked"))
        _ = try ask(["report", "-o", program.path("no/folder.html")], 1)

        let curve = try ask(["plot", "asked", "--x", "bytes"], 0).output
        #expect(curve.contains("Training loss") && curve.contains("a dense-ring"))
        let lines = curve.split(whereSeparator: \.isNewline)
        #expect(lines.count > 20 && lines.allSatisfy { $0.count <= 80 })
        #expect(try ask(["plot", "1", "3"], 0).output.contains("run 3: asked/topk-server, seed 1"))
        #expect(try ask(["plot", "-o", "-"], 0).output.hasPrefix("<?xml"))
        _ = try ask(["plot", "-o", "curve.svg"], 0)
        #expect(FileManager.default.fileExists(atPath: program.path("curve.svg")))
        #expect(try ask(["plot", "-o", "curve.gif"], 2).errors.contains("FILE.png"))
        #expect(try ask(["plot", "1", "asked"], 2).errors.contains("found 1 asked"))
        #expect(try ask(["plot", "--y", "accuracy"], 0).output.contains("Test accuracy"))
        #expect(try ask(["plot", "99"], 3).errors.contains("no such run"))
    }

    @Test("without the program that makes them, a PNG is refused with where it comes from")
    func converter() throws {
        let program = try Program()
        program.environment["PATH"] = program.folder.path
        let file = try program.write("asked.yaml", Self.experiment)
        #expect(try program.run(["run", file, "--only", "dense-ring"]).status == 0)
        let refused = try program.run(["plot", "-o", "curve.png"])
        #expect(refused.status == 4 && refused.errors.contains("librsvg2-bin"))
        let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
        #expect(!left.contains { $0.hasPrefix("curve") })
    }
}
