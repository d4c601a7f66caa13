import Foundation
import Testing

/// Filters, formats and slips of the pen, on a database that has something for each.
@Suite("Filters", .serialized, .timeLimit(.minutes(10)))
struct FilterTests {
    private let program: Program

    init() throws {
        program = try Program()
        try AskedStore.make(at: program.path("peerless.db"))
    }

    private func ask(_ arguments: [String], status: Int32 = 0) throws -> Program.Result {
        let result = try program.run(arguments)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        return result
    }

    @Test(
        "every filter lets through what it names, alone and with others",
        arguments: [
            (["--topology", "ring"], "b d e f"),
            (["--topology", "server", "--topology", "tree"], "a c"),
            (["--method", "sketch"], "d g|h"), (["--method", "topk", "--method", "gtopk"], "b c"),
            (["--method", "topk k=1%"], "b"), (["--workers", "4"], "c d g|h"),
            (["--status", "failed", "--status", "cancelled"], "e f"),
            (["--since", "2026-01-12"], "c f"), (["--until", "2026-01-11"], "a b d e g|h"),
            (["--since", "2026-01-11T09:30", "--until", "2026-01-12T09:30"], "b"),
            (["--since", "2026-01-11T09:31", "--until", "2026-01-31"], "c"),
            (["--revision", "def5678"], "d"), (["--revision", "ab"], "a b c e f g|h"),
            (["--host", "beta"], "e"), (["--host", "node-3"], "c"), (["--host", "delta"], ""),
            (["--variant", "a", "--variant", "g|h"], "a g|h"),
            (["--workers", "4", "--method", "sketch", "--topology", "ring"], "d"),
            (["--status", "completed", "--revision", "abc", "--until", "2026-01-11"], "a b g|h"),
            (["--host", "alpha", "--where", "workers = 4 OR method_name = 'topk'"], "b c d g|h"),
            (["--host", "beta", "--status", "completed"], ""),
        ])
    func filters(filter: [String], variants: String) throws {
        let list = try ask(["runs", "--format", "csv", "--columns", "variant"] + filter).output
        let found = list.split(whereSeparator: \.isNewline).dropFirst().joined(separator: " ")
        #expect(found == variants)
        let dry = try ask(["prune"] + filter)
        let count = variants.split(separator: " ").count
        #expect(dry.errors.hasPrefix(count == 1 ? "1 run would" : "\(count) runs would"))
        let columns = ["compare", "--format", "csv", "--columns", "variant"]
        let compared = try ask(columns + filter, status: count == 0 ? 3 : 0).output
        let lines = compared.split(whereSeparator: \.isNewline)
        #expect(lines.dropFirst().sorted().joined(separator: " ") == variants)
    }

    @Test(
        "Markdown of every command is tables by the grammar, with every run in them",
        arguments: [
            (["runs"], [7]), (["runs", "--columns", "variant,finalLoss"], [7]),
            (["compare"], [7]), (["compare", "--columns", "run,variant", "--limit", "2"], [2]),
            (["show", "5"], [20, 1]), (["show", "1", "--steps"], [20, 20, 1, 10]),
            (["explain", "3"], [5, 4]), (["predict", "some.yaml"], [13]),
        ])
    func markdown(arguments: [String], rows: [Int]) throws {
        _ = try program.write("some.yaml", Experiments.everything(workers: 2, steps: 1))
        let text = try ask(arguments + ["--format", "markdown"]).output
        let tables = try MarkdownTables.read(text)
        #expect(tables.count == rows.count)
        for (table, count) in zip(tables, rows) where count < 20 {
            #expect(table.count == count + 1)
        }
    }

    @Test("runs from different machines are said to be so, whichever columns and format")
    func surroundings() throws {
        let note = "not from the same surroundings: cores, processor differ"
        for columns in [[], ["--columns", "variant,samplesPerSecond"]] {
            for format in ["table", "markdown", "json", "csv"] {
                let result = try ask(["compare", "1", "2", "--format", format] + columns)
                let isForPeople = format == "table" || format == "markdown"
                #expect(result.output.contains(note) == isForPeople, "\(format)")
                #expect(result.errors.contains(note) == !isForPeople, "\(format)")
                let same = try ask(["compare", "1", "3", "--format", format] + columns)
                #expect(!(same.output + same.errors).contains("surroundings"))
            }
        }
        let json = try ask(["compare", "1", "2", "--format", "json"]).output
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [Any])
    }

    @Test("COLUMNS sets the width of a table that goes into a pipe")
    func width() throws {
        func widest() throws -> Int {
            try ask(["runs"]).output.split(separator: "\n").map(\.count).max() ?? 0
        }
        let whole = try widest()
        for columns in ["", "0", "-5", "wide"] {
            program.environment["COLUMNS"] = columns
            #expect(try widest() == whole)
        }
        program.environment["COLUMNS"] = "75"
        #expect(whole > 75)
        #expect(try widest() <= 75)
    }

    @Test(
        "a slip of the pen is answered with what was meant",
        arguments: [
            (["comapre"], "Did you mean 'compare'?"), (["run5"], "Did you mean 'run"),
            (["bench", "skecth"], "Did you mean 'sketch'?"),
            (["keys", "lst"], "Did you mean 'list'?"),
            (["runs", "--topolgy", "ring"], "Did you mean '--topology'?"),
            (["runs", "--status", "complete"], "'completed'"),
        ])
    func slips(arguments: [String], words: String) throws {
        #expect(try ask(arguments, status: 2).errors.contains(words))
    }

    @Test("nothing is suggested for a word that is near to none")
    func noSuggestion() throws {
        #expect(try !ask(["frobnicate"], status: 2).errors.contains("Did you mean"))
    }

    @Test(
        "a database that is not there is named, with what to do, and not made",
        arguments: [["runs"], ["compare"], ["show"], ["explain", "1"], ["export"], ["upgrade"]])
    func missing(arguments: [String]) throws {
        let result = try ask(arguments + ["--db", "nope.db"], status: 3)
        #expect(result.errors.contains("nope.db: no such database"))
        #expect(result.errors.contains("peerless run FILE --db nope.db"))
        #expect(!FileManager.default.fileExists(atPath: program.path("nope.db")))
    }

    @Test("a file to take over that is not there stops all, before a database is made")
    func nothingToTake() throws {
        let into = ["--db", program.path("new.db")]
        for command in [["merge", program.path("peerless.db"), "nope.db"], ["import", "nope.db"]] {
            let result = try ask(command + into, status: 2)
            #expect(result.errors.contains("nope.db: no such file"))
            #expect(!result.errors.contains("peerless run"))
            #expect(!FileManager.default.fileExists(atPath: program.path("new.db")))
        }
    }
}
