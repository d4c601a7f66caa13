import Cluster
import Experiment
import Foundation
import Membership
import RunStore
import Testing
import Wire

/// What a coordinator makes of a run that it finds in its database.
@Suite("Run desk")
struct RunDeskTests {
    private let store: RunStore
    private let desk: RunDesk
    private let run: Int64

    /// A run of two workers with keys of their own, whose coordinator died after some steps.
    init() throws {
        let folder = FileManager.default.temporaryDirectory
        store = try RunStore(
            path: folder.appendingPathComponent("peerless-\(UUID().uuidString).db").path)
        desk = RunDesk(store: store)
        var first = RunBoard(version: "1")
        let plan = try ExperimentLoader.parse(
            text: "experiment: e\nworkers: 2\nsteps: 9\nonLoss: wait\n", source: "e.yaml")
        let answer = try desk.submit(try RunRequest.requests(of: plan), to: &first)
        guard case .accepted(let runs) = answer, let run = runs.first else {
            throw Trouble(answer: answer)
        }
        self.run = run
        try store.setStatus(run: run, .running, parameters: 650)
        try store.setMembership(run: run, identity: 7, generation: 2)
        // In the generation before, the second place was another one's.
        try store.insert(nodes: [node(0, "a", "one", 1), node(1, "c", "three", 1)])
        try store.insert(nodes: [node(0, "a", "one", 2), node(1, "b", "two", 2)])
    }

    private struct Trouble: Error {
        var answer: ControlMessage
    }

    private func clean() {
        for end in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: store.path + end)
        }
    }

    private func node(_ rank: Int, _ name: String, _ key: String, _ generation: Int) -> NodeRow {
        var row = NodeRow(
            run: run, rank: rank, role: "worker", name: name, host: "h", pid: 7,
            generation: generation)
        row.publicKey = key
        return row
    }

    /// Who was there, from which step on.
    private func record(generations: [(number: Int, firstStep: Int, names: [String])]) throws {
        for generation in generations {
            try store.insert(
                nodes: generation.names.enumerated().map { rank, name in
                    var row = node(rank, name, name, generation.number)
                    row.firstStep = generation.firstStep
                    return row
                })
        }
    }

    private func record(checkpoints ranks: Range<Int>, step: Int, world: Int) throws {
        try store.record(
            checkpoints: ranks.map {
                CheckpointRow(
                    run: run, step: step, rank: $0, world: world, path: "/c", bytes: 1,
                    nanoseconds: 1, checksum: "ab")
            })
    }

    /// Which places daemons get, with whose states, when the run is resumed.
    private func called(_ daemons: [(UInt8, String, String)]) throws -> [String: Assignment] {
        var board = RunBoard(version: "1")
        #expect(try desk.resume(run, to: &board) == .accepted(runs: [run]))
        for (id, name, key) in daemons {
            _ = board.received(hello(name, key), from: [id], now: 1)
        }
        return board.tick(now: 2).reduce(into: [:]) { places, effect in
            guard case .send(let id, .gather(let place, _)) = effect else { return }
            for daemon in daemons where [daemon.0] == id { places[daemon.1] = place }
        }
    }

    private func hello(_ name: String, _ key: String, rank: Int? = nil) -> ControlMessage {
        var hello = Hello(
            role: "worker", name: name, version: "1", pid: 8, host: "h", bootID: "b",
            place: rank.map {
                Hello.Place(
                    run: run, identity: 7, generation: 2, rank: $0, slot: $0, isHalted: false)
            })
        hello.publicKey = key
        return .hello(hello)
    }

    private var succession: Succession { Succession(database: store.path) }

    private func said(_ effects: [RunBoard.Effect]) -> [ControlMessage] {
        effects.compactMap { if case .send(_, let message) = $0 { message } else { nil } }
    }

    private func isRefused(_ effects: [RunBoard.Effect]) -> Bool {
        said(effects).contains { if case .refused = $0 { true } else { false } }
    }

    @Test("the names of a running run are tied to the keys of its newest generation on record")
    func takeOver() throws {
        defer { clean() }
        var board = RunBoard(version: "1")
        _ = try desk.takeOver(into: &board, after: succession, now: 0)
        let stranger = board.received(hello("b", "three", rank: 1), from: [9], now: 1)
        #expect(isRefused(stranger) && board.daemons.isEmpty)
        #expect(
            stranger.last
                == .refused(
                    node: "b", reason: "the name b is another key's; choose another with --name"))
        // Who was a member before is none now, and its name is free.
        #expect(!isRefused(board.received(hello("c", "four"), from: [8], now: 1)))
        #expect(!isRefused(board.received(hello("b", "two", rank: 1), from: [2], now: 1)))
        let last = board.received(hello("a", "one", rank: 0), from: [1], now: 1)
        #expect(
            last.contains(
                .event(
                    run: run, kind: "taken over", node: nil, detail: "2 of 2 members came back")))
    }

    @Test("a run that is resumed, or waited for that when the coordinator died, has its names, too")
    func resumed() throws {
        defer { clean() }
        try record(checkpoints: 0..<2, step: 4, world: 2)
        try store.setStatus(run: run, .failed, failure: "lost")
        var board = RunBoard(version: "1")
        #expect(try desk.resume(run, to: &board) == .accepted(runs: [run]))
        var next = RunBoard(version: "1")
        #expect(
            try desk.takeOver(into: &next, after: succession, now: 0) == [
                "run \(run) is queued again"
            ])
        for var board in [board, next] {
            #expect(isRefused(board.received(hello("b", "three"), from: [9], now: 1)))
            var effects: [RunBoard.Effect] = []
            for (id, name, key) in [(UInt8(1), "a", "one"), (2, "b", "two")] {
                effects += board.received(hello(name, key), from: [id], now: 1)
            }
            effects += board.tick(now: 2)
            let called = said(effects).compactMap { message -> Assignment? in
                if case .gather(let place, _) = message { place } else { nil }
            }
            // It goes on behind the generation on record, and not from the beginning.
            #expect(called.map(\.generation) == [3, 3] && called.map(\.rank) == [0, 1])
        }
    }

    @Test("a checkpoint's places go to the names that wrote it, whoever was there at the end")
    func writers() throws {
        defer { clean() }
        // Of the three, two were left after the fifth step, and another one came later.
        try record(generations: [
            (3, 0, ["a", "b", "d"]), (4, 5, ["b", "d"]), (5, 6, ["b", "d", "e"]),
        ])
        try record(checkpoints: 0..<3, step: 4, world: 3)
        try record(checkpoints: 0..<1, step: 6, world: 2)
        try store.setStatus(run: run, .failed, failure: "lost")
        let places = try called([(1, "e", "e"), (2, "d", "d"), (3, "b", "b"), (4, "a", "a")])
        #expect(places.mapValues(\.rank) == ["a": 0, "b": 1, "d": 2])
        #expect(places.values.allSatisfy { $0.generation > 5 && $0.worldSize == 3 })
    }

    @Test("a checkpoint that fewer workers wrote again is complete beside a part of the first one")
    func mixed() throws {
        defer { clean() }
        try record(generations: [(3, 0, ["a", "b", "d"]), (4, 5, ["a", "b"])])
        try record(checkpoints: 0..<3, step: 3, world: 3)
        try record(checkpoints: 2..<3, step: 6, world: 3)
        try record(checkpoints: 0..<2, step: 6, world: 2)
        try store.setStatus(run: run, .failed, failure: "lost")
        let places = try called([(1, "a", "a"), (2, "b", "b")])
        #expect(places.mapValues(\.rank) == ["a": 0, "b": 1])
        #expect(places.values.allSatisfy { $0.worldSize == 2 })
    }
}
