import Judging
import Testing

@Suite struct ReferenceTests {
    private let shelf = RunReference.Shelf(
        entries: [
            .init(run: 1, experiment: "ci", revision: "abc1234"),
            .init(run: 2, experiment: "ci", revision: "abc1234-dirty"),
            .init(run: 3, experiment: "other", revision: "abd0000"),
            .init(run: 12, experiment: "other", revision: "123"),
            .init(run: 13, experiment: "ci", revision: nil),
        ], baselines: ["main": [1, 2], "12": [3]])

    private func resolve(_ word: String) throws(RunReference.Trouble) -> RunReference.Target {
        try RunReference.resolve(word, among: shelf) { $0 == "old.db" || $0 == "main" }
    }

    @Test(
        "a word names a baseline, a revision, runs, an experiment or a file",
        arguments: [
            ("baseline:main", RunReference.Target.runs([1, 2])), ("abd", .runs([3])),
            ("abc1234", .runs([1])), ("1-3", .runs([1, 2, 3])),
            ("1,3,12-99", .runs([1, 3, 12, 13])),
            ("3,1-3", .runs([3, 1, 2])), ("experiment:ci", .runs([1, 2, 13])),
            ("old.db", .file("old.db")), ("file:main", .file("main")), ("runs:12", .runs([12])),
            ("revision:12", .runs([12])),
        ])
    func names(word: String, target: RunReference.Target) throws {
        #expect(try resolve(word) == target)
    }

    @Test("a word that may be several is refused with the ways to say which")
    func ambiguous() throws {
        let file = #expect(throws: RunReference.Trouble.self) { try resolve("main") }
        let words = try #require(file)
        #expect(words.description.contains("baseline:main, file:main") && !words.isNotEnoughData)
        let number = #expect(throws: RunReference.Trouble.self) { try resolve("12") }
        #expect(
            try #require(number).description.contains("baseline:12, revision:12, runs:12"))
        let several = #expect(throws: RunReference.Trouble.self) { try resolve("ab") }
        #expect(
            try #require(several).description.contains("abc1234, abc1234-dirty, abd0000"))
    }

    @Test(
        "a word that names nothing is answered with what there is",
        arguments: ["nobody", "99", "experiment:x", "baseline:abc1234", "runs:a", "file:no.db"])
    func nothing(word: String) throws {
        let error = #expect(throws: RunReference.Trouble.self) { try resolve(word) }
        let trouble = try #require(error)
        #expect(trouble.isNotEnoughData && trouble.description.contains("baselines 12, main"))
        #expect(trouble.description.contains("experiments ci, other; ended runs 1 to 13"))
    }

    @Test("an empty or senseless word is bad usage", arguments: ["", "5-3", "1,9-4"])
    func bad(word: String) throws {
        let error = #expect(throws: RunReference.Trouble.self) { try resolve(word) }
        #expect(try #require(error).isNotEnoughData == false)
    }
}
