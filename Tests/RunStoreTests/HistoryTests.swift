import RunStore
import Testing

@Suite("History of a case")
struct HistoryTests {
    private func asked(
        _ revision: String?, case caseHash: String = "aa11", context: String = "cc11",
        variant: String = "dense-ring"
    ) -> RunDescription {
        var description = describedRun(variant: variant)
        description.gitRevision = revision
        description.caseHash = caseHash
        description.contextHash = context
        description.context = #"{"cores":"\#(context)"}"#
        return description
    }

    private func revisions(_ history: CaseHistory) -> [String?] {
        history.entries.map(\.row.gitRevision)
    }

    @Test("completed runs of the case are listed, oldest first, whatever their seed")
    func listed() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        for revision in ["r1", "r1", nil, "r2"] { try store.completeRun(asked(revision)) }
        let failed = try store.createRun(asked("r3"))
        try store.setStatus(run: failed, .failed)
        let byHash = try store.history(of: .hash(prefix: "aa"))
        let byName = try store.history(of: .variant("dense-ring", experiment: "quickstart"))
        #expect(revisions(byHash) == ["r1", "r1", nil, "r2"])
        #expect(byHash == byName)
        #expect(byHash.otherCases.isEmpty && byHash.otherContexts.isEmpty)
        #expect(byHash.entries.allSatisfy { $0.row.stepMilliseconds.total == 21 })
    }

    @Test("of several contexts the newest run's is taken, and the others are named with their keys")
    func contexts() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        for (revision, context) in [("r1", "cc11"), ("r2", "cc11"), ("r2", "cd22"), ("r3", "cd22")]
        {
            try store.completeRun(asked(revision, context: context))
        }
        let newest = try store.history(of: .hash(prefix: "aa11"))
        #expect(newest.contextHash == "cd22" && revisions(newest) == ["r2", "r3"])
        let apart = CaseHistory.Apart(hash: "cc11", runs: 2, differingKeys: ["cores"])
        #expect(newest.otherContexts == [apart])
        let older = try store.history(of: .hash(prefix: "aa11"), context: "cc")
        #expect(revisions(older) == ["r1", "r2"])
        #expect(throws: StoreError.ambiguousHash(.context, "c", found: ["cc11", "cd22"])) {
            try store.history(of: .hash(prefix: "aa11"), context: "c")
        }
        #expect(throws: StoreError.unknownHash(.context, "x", known: ["cc11", "cd22"])) {
            try store.history(of: .hash(prefix: "aa11"), context: "x")
        }
    }

    @Test("a variant that asked for something else since is another case, and named")
    func cases() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(asked("r1", case: "aa11"))
        try store.completeRun(asked("r2", case: "ab22"))
        let history = try store.history(of: .variant("dense-ring", experiment: "quickstart"))
        #expect(history.caseHash == "ab22" && revisions(history) == ["r2"])
        #expect(history.otherCases == [CaseHistory.Apart(hash: "aa11", runs: 1)])
        #expect(throws: StoreError.ambiguousHash(.case, "a", found: ["aa11", "ab22"])) {
            try store.history(of: .hash(prefix: "a"))
        }
    }

    @Test("what is not there is told, with what there is")
    func missing() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(asked("r1"))
        let unknown = StoreError.unknownHash(.case, "ff", known: [])
        #expect(throws: unknown) { try store.history(of: .hash(prefix: "ff")) }
        #expect(unknown.isNotEnoughData)
        #expect(
            throws: StoreError.unknownVariant(
                "none", experiment: "quickstart", known: ["dense-ring"])
        ) { try store.history(of: .variant("none", experiment: "quickstart")) }
        #expect(throws: StoreError.unknownExperiment("none", known: ["quickstart"])) {
            try store.history(of: .variant("dense-ring", experiment: "none"))
        }
    }
}
