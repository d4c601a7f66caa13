import Membership
import Testing
import Wire

/// What it costs that the coordinator dies and another one takes the run over.
@Suite("Outages of the coordinator")
struct OutageTests {
    private func orphan(_ onLoss: MembershipPolicy.Reaction = .abort) -> RunBoard.Orphan {
        var orphan = RunBoard.Orphan(
            request: Scene.request(1, workers: 2, onLoss: onLoss),
            generations: [
                .init(number: 3, firstStep: 0, ranks: ["worker-1": 0, "worker-2": 1])
            ], step: 6)
        orphan.lastHeard = 9
        return orphan
    }

    private func successor(of orphan: RunBoard.Orphan) -> Scene {
        var scene = Scene()
        scene.now = 10
        scene.board.adopt(orphan, now: scene.now)
        return scene
    }

    private func returns(_ scene: inout Scene, _ ids: [UInt8] = [1, 2]) {
        for id in ids {
            let rank = Int(id) - 1
            scene.hello(
                id,
                place: Hello.Place(
                    run: 1, identity: 99, generation: 3, rank: rank, slot: rank, isHalted: false))
        }
    }

    private func steps(_ scene: inout Scene, _ steps: [Int]) {
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(
                .metrics(
                    run: 1, generation: 3, rank: rank, steps: steps.map { StepRecord(step: $0) }),
                from: id)
        }
    }

    private func recoveries(_ scene: Scene) -> [Recovery] {
        scene.log.compactMap { if case .recovered(1, let recovery) = $0 { recovery } else { nil } }
    }

    @Test("an outage lasts until a step is on record that was not, and costs no step")
    func recorded() throws {
        var scene = successor(of: orphan())
        scene.now = 11
        returns(&scene)
        scene.now = 12
        #expect(recoveries(scene).isEmpty)
        steps(&scene, [6])
        let change = try #require(recoveries(scene).first)
        #expect(change.cause == .coordinatorLost && change.node == "coordinator")
        #expect(change.detectSeconds == 1 && change.recoverSeconds == 2)
        #expect(change.step == 6 && change.stepsRedone == 0 && change.samplesLost == 0)
        #expect(change.worldBefore == 2 && change.worldAfter == 2)
        steps(&scene, [7])
        #expect(recoveries(scene).count == 1)
    }

    @Test("seconds count from the experiment's fault where there was one")
    func injected() throws {
        var orphan = orphan()
        orphan.injectedAt = 9.5
        var scene = successor(of: orphan)
        returns(&scene)
        steps(&scene, [6, 7])
        #expect(try #require(recoveries(scene).first).detectSeconds == 0.5)
    }

    @Test("a run that waits for its members to come back stands where its record ends")
    func waits() throws {
        let scene = successor(of: orphan())
        let run = try #require(scene.board.board(database: "").runs.first)
        #expect(run.status == "running" && run.step == 6 && run.generation == 3)
        #expect(run.note == "waits for its members to come back")
    }

    @Test("outages and generations have numbers of their own, whatever is on record")
    func numbers() throws {
        var again = orphan(.regroup)
        again.lastChange = 4
        var scene = successor(of: again)
        returns(&scene)
        steps(&scene, [6])
        #expect(recoveries(scene).map(\.generation) == [5])
        scene.say(.bye, from: 2)
        let gathered = scene.told(1).compactMap {
            if case .gather(let place, _) = $0 { place.generation } else { nil }
        }
        #expect(gathered == [6])
        scene = successor(of: orphan())
        returns(&scene)
        steps(&scene, [6])
        #expect(recoveries(scene).map(\.generation) == [4])
    }

    @Test("an outage that a member does not come back from lasts until the others go on")
    func membersLost() throws {
        var scene = successor(of: orphan(.regroup))
        returns(&scene, [1])
        for _ in 0..<32 { scene.tick(seconds: 1, alive: [1]) }
        let state = HeldState(step: 6, checksum: 7)
        scene.say(.held(Held(run: 1, generation: 4, states: [state], begun: 7)), from: 1)
        scene.ready(1, [1], generation: 4)
        scene.say(
            .metrics(run: 1, generation: 4, rank: 0, steps: [StepRecord(step: 6)]), from: 1)
        let change = try #require(recoveries(scene).first)
        #expect(change.cause == .coordinatorLost && change.generation == 4)
        #expect(change.node == "coordinator, worker-2")
        #expect(change.worldBefore == 2 && change.worldAfter == 1)
        #expect(change.detectSeconds == 1 && change.recoverSeconds == 32)
    }

    @Test("an outage that ended the run is on record too, and nobody ever recovered from it")
    func fatal() throws {
        var scene = successor(of: orphan())
        for _ in 0..<45 { scene.tick(seconds: 1) }
        #expect(scene.failure(1) != nil)
        let change = try #require(recoveries(scene).first)
        #expect(change.detectSeconds == 1 && change.recoverSeconds == nil)
        #expect(change.worldBefore == 2 && change.worldAfter == 0)
    }
}
