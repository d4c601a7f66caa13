import RunStore
import Testing

@Suite struct RunContextTests {
    private func run(_ hash: String, _ context: String, variant: String) -> RunDescription {
        var run = describedRun(variant: variant)
        run.contextHash = hash
        run.context = context
        return run
    }

    @Test("the keys in which contexts differ are named, those one of them lacks among them")
    func differing() {
        let first = RunContext(hash: "a", json: #"{"cores": 2, "processor": "P", "blas": "Z"}"#)
        let second = RunContext(hash: "b", json: #"{"cores": 4, "blas": "Z", "engine": "e"}"#)
        #expect(first.differingKeys(from: second) == ["cores", "engine", "processor"])
        #expect(second.differingKeys(from: first) == ["cores", "engine", "processor"])
        #expect(first.differingKeys(from: first).isEmpty)
        #expect(first.facts.map(\.key) == ["blas", "cores", "processor"])
        #expect(first.facts.map(\.value) == ["Z", "2", "P"])
    }

    @Test("equal facts under two hashes are one context; no facts under two hashes are not")
    func hashes() {
        let facts = #"{"cores": 2}"#
        let old = RunContext(hash: "old", json: facts)
        #expect(old.differingKeys(from: RunContext(hash: "new", json: facts)).isEmpty)
        let unknown = RunContext(hash: "a", json: "{}")
        #expect(unknown.differingKeys(from: RunContext(hash: "b", json: "no")) == ["context"])
        #expect(unknown.differingKeys(from: unknown).isEmpty)
    }

    @Test("a store tells a run's context, and in what the contexts of some runs differ")
    func stored() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let runs = try [
            run("a", #"{"cores": 2, "host": "h"}"#, variant: "x"),
            run("a", #"{"cores": 2, "host": "h"}"#, variant: "y"),
            run("b", #"{"cores": 3, "host": "h"}"#, variant: "z"),
        ].map { try store.createRun($0) }
        #expect(try store.context(run: runs[2]).facts.first?.value == "3")
        #expect(try store.differingContextKeys(runs: Array(runs[0..<2])).isEmpty)
        #expect(try store.differingContextKeys(runs: runs) == ["cores"])
        #expect(throws: StoreError.unknownRun(9, newest: 3)) { try store.context(run: 9) }
    }
}
