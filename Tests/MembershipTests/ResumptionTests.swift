import Membership
import Testing
import Wire

/// A run that goes on from checkpoints.
@Suite("Resumption")
struct ResumptionTests {
    private func resumed(reached: Int, worldBefore: Int? = nil) -> Scene {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        var request = Scene.request(1, workers: 2)
        request.resumption = RunBoard.Resumption(
            generation: 4, worldSize: 2, names: ["worker-1", "worker-2"])
        request.resumption?.reached = reached
        request.resumption?.worldBefore = worldBefore
        request.resumption?.path = "/old/u/step-1"
        scene.board.submit(request)
        scene.tick()
        return scene
    }

    private func holds(_ scene: inout Scene, _ steps: [Int], _ ids: [UInt8] = [1, 2]) {
        for id in ids {
            let states = steps.map { HeldState(step: $0, checksum: 7) }
            scene.say(
                .held(Held(run: 1, generation: 5, states: states, begun: 0)), from: id)
        }
    }

    private func recovery(_ scene: inout Scene, afterStep step: Int) -> Recovery? {
        scene.ready(1, [1, 2], generation: 5)
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(
                .metrics(
                    run: 1, generation: 5, rank: rank, steps: [StepRecord(step: step)]), from: id)
        }
        return scene.log.compactMap {
            if case .recovered(1, let recovery) = $0 { recovery } else { nil }
        }.last
    }

    @Test("the steps from the checkpoint to where the run ended are done again")
    func redone() throws {
        // Of runs with three steps here; a batch has four samples.
        var scene = resumed(reached: 3, worldBefore: 3)
        holds(&scene, [1])
        let change = try #require(recovery(&scene, afterStep: 1))
        #expect(change.cause == .resumed && change.generation == 5 && change.step == 1)
        #expect(change.stepsRedone == 2 && change.samplesLost == 2 * 3 * 4)
        #expect(change.worldBefore == 3 && change.worldAfter == 2)
    }

    @Test("where no checkpoint is found, the run says where each looked and what to do")
    func nowhere() throws {
        var scene = resumed(reached: 3)
        let gone = Held(
            run: 1, generation: 5, states: [], begun: 0, searched: "/a/u (there is no such folder)")
        let found = Held(
            run: 1, generation: 5, states: [HeldState(step: 1, checksum: 7)], begun: 0,
            searched: "/b/u")
        for (id, held) in [(UInt8(1), gone), (2, found)] { scene.say(.held(held), from: id) }
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(.done(run: 1, generation: 5, rank: rank, .cancelled), from: id)
        }
        let words = try #require(scene.failure(1))
        #expect(words.contains("worker-1 found none in /a/u (there is no such folder)"))
        #expect(words.contains("worker-2 found the state after step 1 in /b/u"))
        #expect(words.contains("on record is /old/u/step-1") && words.contains("--checkpoints"))
    }

    @Test("a run that ended at its checkpoint does nothing again")
    func nothing() throws {
        var scene = resumed(reached: 2)
        holds(&scene, [2])
        let change = try #require(recovery(&scene, afterStep: 2))
        #expect(change.stepsRedone == 0 && change.samplesLost == 0 && change.worldBefore == 2)
    }

    @Test("whoever has a place in a resumed run is told that its faults are over")
    func faults() {
        var scene = Scene()
        for id: UInt8 in 1...3 { scene.hello(id) }
        var request = Scene.request(1, workers: 3, onLoss: .regroup)
        request.resumption = RunBoard.Resumption(
            generation: 4, worldSize: 2, names: ["worker-1", "worker-2"])
        scene.board.submit(request)
        scene.tick()
        holds(&scene, [1])
        // The third of them has no part in the checkpoint.
        for id: UInt8 in 1...3 { #expect(scene.assignment(id)?.origin?.isResumed == true) }
        #expect(scene.assignment(3)?.origin?.isNew == true)
    }
}
