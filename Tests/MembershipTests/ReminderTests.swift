import Membership
import Testing
import Wire

/// The coordinator's words have no numbers; what a daemon has not heard shows in the place that it
/// tells with every heartbeat.
@Suite("Words that get lost")
struct ReminderTests {
    private func place(
        _ generation: UInt32 = 0, rank: Int = 0, halted: Bool = true, assigned: Bool = true
    ) -> Hello.Place {
        Hello.Place(
            run: 1, identity: 99, generation: generation, rank: rank, slot: rank, isHalted: halted,
            isAssigned: assigned)
    }

    /// What a daemon hears in answer to the place that it tells.
    private func answers(
        _ scene: inout Scene, _ place: Hello.Place?, from id: UInt8 = 1
    ) -> [ControlMessage] {
        let before = scene.told(id).count
        scene.say(.stands(place), from: id)
        return Array(scene.told(id).dropFirst(before))
    }

    @Test("assign, start and cancel are said again until they are heard, and no more")
    func again() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        let before = answers(&scene, nil)
        scene.submit(1, workers: 2)
        let assigned = scene.assignment(1).map(ControlMessage.assign)
        let placed = [answers(&scene, nil), answers(&scene, place())]
        #expect(before == [] && assigned != nil)
        #expect(placed == [[assigned].compactMap(\.self), []])
        scene.ready(1, [1, 2])
        let started = [answers(&scene, place()), answers(&scene, place(halted: false))]
        let start = ControlMessage.start(
            run: 1, generation: 0, endpoints: ["tcp://1", "tcp://2"])
        #expect(started == [[start], []])
        scene.log += scene.board.cancel(1, reason: "why not", now: scene.now).1
        let told = [answers(&scene, place(halted: false)), answers(&scene, nil)]
        #expect(told == [[.cancel(run: 1, reason: "why not")], []])
        scene.done(1, 0, .cancelled, from: 1)
        let after = answers(&scene, place(halted: false))
        #expect(after == [])
    }

    @Test("gather is said again until it is heard; so is a place that follows from it")
    func gather() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2, onLoss: .regroup)
        scene.ready(1, [1, 2])
        scene.say(.bye, from: 2)
        guard case .gather(let asked, let reason)? = scene.told(1).last else {
            Issue.record("it was not gathered")
            return
        }
        #expect(reason.contains("worker-2") && asked.generation == 1)
        let called = [
            answers(&scene, place(halted: false)), answers(&scene, place(1, assigned: false)),
        ]
        #expect(called == [[.gather(asked, reason: reason)], []])
        let state = HeldState(step: 0, checksum: 7)
        scene.say(.held(Held(run: 1, generation: 1, states: [state], begun: 1)), from: 1)
        let given = scene.assignment(1)
        #expect(given?.origin?.state == state)
        let placed = [answers(&scene, place(1, assigned: false)), answers(&scene, place(1))]
        #expect(placed == [[given.map(ControlMessage.assign)].compactMap(\.self), []])
    }

    @Test("who believes in a place that it has not hears that it is out")
    func out() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 1)
        let heard = [answers(&scene, place(), from: 2).count, answers(&scene, nil, from: 2).count]
        #expect(heard == [1, 0])
        #expect(scene.cancelled(2, 1) && !scene.cancelled(1, 1))
    }

    @Test("a member that was ready for a run which is queued again is not ready for it now")
    func queuedAgain() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2], identity: 98)
        #expect(!scene.told(1).contains { if case .start = $0 { true } else { false } })
        scene.ready(1, [1, 2])
        #expect(scene.told(1).contains { if case .start = $0 { true } else { false } })
    }

    @Test("who was not told to start by a coordinator that died lets nobody's run fail")
    func halfStarted() {
        var scene = Scene()
        scene.board.adopt(
            RunBoard.Orphan(
                request: Scene.request(1, workers: 2),
                generations: [
                    .init(number: 0, firstStep: 0, ranks: ["worker-1": 0, "worker-2": 1])
                ], step: 0), now: 0)
        scene.hello(1, place: place(halted: false))
        scene.done(1, 0, .peerTrouble(peer: 1, reason: "rank 1 sent nothing"), from: 1)
        scene.hello(2, place: place(rank: 1))
        for id: UInt8 in 1...2 {
            #expect(scene.told(id).contains { if case .gather = $0 { true } else { false } })
            scene.say(.held(Held(run: 1, generation: 1, states: [], begun: 0)), from: id)
        }
        // From the beginning: nobody has taken a step.
        #expect(scene.assignment(1)?.generation == 1 && scene.assignment(1)?.origin == nil)
        scene.ready(1, [1, 2], generation: 1)
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(
                .done(run: 1, generation: 1, rank: rank, .completed(checksum: 7)), from: id)
        }
        #expect(scene.ending(1) == .completed(checksum: 7))
    }

    @Test(
        "trouble after a step, while no coordinator was there, fails a run that may not lose anybody"
    )
    func troubleAfterAStep() {
        var scene = Scene()
        scene.board.adopt(
            RunBoard.Orphan(
                request: Scene.request(1, workers: 2),
                generations: [
                    .init(number: 0, firstStep: 0, ranks: ["worker-1": 0, "worker-2": 1])
                ], step: 4), now: 0)
        scene.hello(1, place: place(halted: false))
        scene.done(1, 0, .peerTrouble(peer: 1, reason: "rank 1 sent nothing"), from: 1)
        for _ in 0..<12 { scene.tick(seconds: 1, alive: [1]) }
        #expect(scene.failure(1) == "rank 0: rank 1 sent nothing")
    }
}
