import Membership
import Testing
import Wire

/// What a daemon brings along that is not about the board's runs: it worked for a coordinator on
/// another database.
@Suite("Words of other databases")
struct BaggageTests {
    private func notice(_ run: Int64?) -> ControlMessage {
        .notice(run: run, kind: "dropped", detail: "3 messages")
    }

    private func events(_ scene: Scene, kind: String = "dropped") -> [Int64?] {
        scene.log.compactMap { effect -> Int64?? in
            guard case .event(let run, kind, _, _) = effect else { return nil }
            return .some(run)
        }
    }

    private func details(_ scene: Scene) -> [String] {
        scene.log.compactMap { effect in
            guard case .event(_, "dropped", _, let detail) = effect else { return nil }
            return detail
        }
    }

    /// A daemon that believes to be in run 1 of another database, and has said so much there.
    private func stranger(_ id: UInt8, said newest: UInt64, in scene: inout Scene) {
        var hello = Hello(
            role: "worker", name: "worker-\(id)", version: "1", pid: Int(id), host: "here",
            bootID: "boot",
            place: Hello.Place(
                run: 1, identity: 5, generation: 0, rank: Int(id) - 1, slot: Int(id) - 1,
                isHalted: false))
        hello.newestSequence = newest
        scene.say(.hello(hello), from: id)
    }

    private func say(
        _ message: ControlMessage, _ sequence: UInt64, from id: UInt8, in scene: inout Scene
    ) {
        scene.log += scene.board.received(
            message, sequence: sequence, from: [id], now: scene.now)
    }

    @Test("a notice about a run that is not the daemon's is recorded without one, and names it")
    func unknown() {
        var scene = Scene()
        scene.hello(1)
        scene.say(notice(7), from: 1)
        #expect(events(scene) == [nil])
        #expect(details(scene).first?.contains("run 7") == true)
        scene.submit(7, workers: 1)
        scene.hello(2)
        scene.say(notice(7), from: 2)
        scene.say(notice(nil), from: 2)
        #expect(events(scene) == [nil, nil, nil])
        #expect(details(scene).last == "3 messages")
    }

    @Test("a member's notices are recorded with its run, also when the run is over, or it is out")
    func members() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2, onLoss: .regroup)
        scene.say(notice(1), from: 1)
        scene.ready(1, [1, 2])
        for _ in 0..<5 { scene.tick(seconds: 1, alive: [2]) }
        #expect(scene.board.active?.worldSize == 1)
        scene.hello(1)
        scene.say(notice(1), from: 1)
        scene.log += scene.board.cancel(1, reason: "enough", now: scene.now).1
        scene.tick(seconds: 11, alive: [1, 2])
        #expect(scene.board.active == nil)
        scene.say(notice(1), from: 2)
        #expect(events(scene) == [1, 1, 1])
    }

    @Test(
        "what it said in a run of another database is not taken for a run of the same number here")
    func sameNumber() {
        var scene = Scene()
        stranger(1, said: 3, in: &scene)
        scene.submit(1, workers: 1)
        #expect(scene.assignment(1) != nil && scene.cancelled(1, 1))
        say(notice(1), 1, from: 1, in: &scene)
        say(.injected(run: 1, generation: 0, rank: 0, fault: "kill"), 2, from: 1, in: &scene)
        say(
            .done(run: 1, generation: 0, rank: 0, .failed(reason: "there")), 3, from: 1,
            in: &scene)
        #expect(events(scene) == [nil] && events(scene, kind: "fault").isEmpty)
        #expect(scene.ending(1) == nil)
        say(notice(1), 4, from: 1, in: &scene)
        #expect(events(scene) == [nil, 1])
        say(.done(run: 1, generation: 0, rank: 0, .failed(reason: "here")), 5, from: 1, in: &scene)
        #expect(scene.failure(1) == "rank 0: here")
    }

    @Test("a run that is taken over is not joined by who was in another database's of its number")
    func takenOver() {
        var scene = Scene()
        scene.board.adopt(
            RunBoard.Orphan(
                request: Scene.request(1, workers: 1),
                generations: [.init(number: 0, firstStep: 0, ranks: ["worker-1": 0])],
                step: 0), now: 0)
        stranger(1, said: 1, in: &scene)
        #expect(scene.cancelled(1, 1) && events(scene, kind: "out") == [nil])
        say(
            .metrics(run: 1, generation: 0, rank: 0, steps: [StepRecord(step: 0)]), 1, from: 1,
            in: &scene)
        #expect(!scene.log.contains { if case .steps = $0 { true } else { false } })
    }
}
