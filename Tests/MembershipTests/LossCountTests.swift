import Membership
import Testing
import Wire

/// What is counted of losses that others get over.
@Suite("What losses cost")
struct LossCountTests {
    /// Workers who have taken the first of three steps, in batches of four.
    private func started(workers: Int) -> Scene {
        var scene = Scene()
        let ids = (1...workers).map { UInt8($0) }
        for id in ids { scene.hello(id) }
        scene.submit(1, workers: workers, onLoss: .regroup)
        scene.ready(1, ids)
        report(0, of: ids, in: &scene)
        return scene
    }

    private func report(
        _ step: Int, of ids: [UInt8], generation: UInt32 = 0, residual: Double? = nil,
        in scene: inout Scene
    ) {
        for (rank, id) in ids.enumerated() {
            var record = StepRecord(step: step)
            record.residual = residual.map { $0 + Double(rank) }
            scene.say(
                .metrics(run: 1, generation: generation, rank: rank, steps: [record]), from: id)
        }
    }

    /// They hold the state after the first step.
    private func hold(
        _ ids: [UInt8], generation: UInt32, begun: Int, in scene: inout Scene
    ) {
        for id in ids {
            let states = [HeldState(step: 1, checksum: 7)]
            scene.say(
                .held(Held(run: 1, generation: generation, states: states, begun: begun)), from: id)
        }
    }

    private func recoveries(_ scene: Scene) -> [Recovery] {
        scene.log.compactMap { if case .recovered(1, let recovery) = $0 { recovery } else { nil } }
    }

    @Test("a loss while others get ready after a loss loses no other step")
    func together() throws {
        var scene = started(workers: 4)
        scene.say(.bye, from: 3)
        hold([1, 2, 4], generation: 1, begun: 2, in: &scene)
        // They are back in the state after the first step by now.
        scene.say(.bye, from: 4)
        hold([1, 2], generation: 2, begun: 1, in: &scene)
        scene.ready(1, [1, 2], generation: 2)
        report(1, of: [1, 2], generation: 2, in: &scene)
        let change = try #require(recoveries(scene).first)
        #expect(recoveries(scene).count == 1 && change.node == "worker-3, worker-4")
        #expect(change.stepsRedone == 1 && change.samplesLost == 4 * 4)
        #expect(change.worldBefore == 4 && change.worldAfter == 2)
    }

    @Test("a loss in the first step after a loss loses that step, too, of those who were left")
    func inARow() throws {
        var scene = started(workers: 4)
        scene.say(.bye, from: 4)
        hold([1, 2, 3], generation: 1, begun: 2, in: &scene)
        scene.ready(1, [1, 2, 3], generation: 1)
        scene.say(.bye, from: 3)
        hold([1, 2], generation: 2, begun: 2, in: &scene)
        scene.ready(1, [1, 2], generation: 2)
        report(1, of: [1, 2], generation: 2, in: &scene)
        let change = try #require(recoveries(scene).first)
        #expect(recoveries(scene).count == 1)
        #expect(change.stepsRedone == 2 && change.samplesLost == (4 + 3) * 4)
        // The next loss begins to count anew.
        scene.say(.bye, from: 2)
        scene.say(
            .held(
                Held(
                    run: 1, generation: 3, states: [HeldState(step: 2, checksum: 8)], begun: 3)),
            from: 1)
        scene.ready(1, [1], generation: 3)
        report(2, of: [1], generation: 3, in: &scene)
        let next = try #require(recoveries(scene).last)
        #expect(next.stepsRedone == 1 && next.samplesLost == 2 * 4)
    }

    @Test("the residuals of all who are lost together are gone, as one norm")
    func residuals() throws {
        var scene = started(workers: 3)
        report(1, of: [1, 2, 3], residual: 2, in: &scene)
        scene.say(.bye, from: 2)
        scene.say(.bye, from: 3)
        hold([1], generation: 2, begun: 2, in: &scene)
        scene.ready(1, [1], generation: 2)
        report(1, of: [1], generation: 2, in: &scene)
        let lost = try #require(recoveries(scene).first?.residual)
        #expect(lost.norm == 5 && lost.step == 1)
    }

    @Test("who comes in before a loss is got over takes nothing of it from the record")
    func joined() throws {
        var scene = started(workers: 2)
        scene.say(.bye, from: 2)
        hold([1], generation: 1, begun: 2, in: &scene)
        scene.ready(1, [1], generation: 1)
        scene.hello(3)
        hold([1], generation: 2, begun: 2, in: &scene)
        scene.ready(1, [1, 3], generation: 2)
        report(1, of: [1, 3], generation: 2, in: &scene)
        let change = try #require(recoveries(scene).first)
        #expect(recoveries(scene).count == 1 && change.cause == .workerLost)
        #expect(change.node == "worker-2" && change.stepsRedone == 2)
        #expect(change.samplesLost == (2 + 1) * 4 && change.worldAfter == 2)
    }

    @Test("a loss while another comes in is one, and its seconds are its own")
    func lostWhileJoining() throws {
        var scene = started(workers: 3)
        scene.say(.bye, from: 3)
        hold([1, 2], generation: 1, begun: 1, in: &scene)
        scene.ready(1, [1, 2], generation: 1)
        report(1, of: [1, 2], generation: 1, in: &scene)
        scene.hello(4)
        scene.now += 1
        scene.say(.bye, from: 2)
        hold([1], generation: 3, begun: 1, in: &scene)
        scene.ready(1, [1, 4], generation: 3)
        report(2, of: [1, 4], generation: 3, in: &scene)
        #expect(recoveries(scene).map(\.cause) == [.workerLost, .workerLost])
        let change = try #require(recoveries(scene).last)
        #expect(change.node == "worker-2" && change.detectedAt == scene.now)
        #expect(change.worldBefore == 2 && change.worldAfter == 2)
    }

    /// Everybody says that the next one is not heard, the second first of all.
    private func quarrel(_ ids: [UInt8], generation: UInt32, in scene: inout Scene) {
        for rank in ids.indices {
            scene.say(
                .done(
                    run: 1, generation: generation, rank: rank,
                    .peerTrouble(peer: (rank + 1) % ids.count, reason: "sent nothing")),
                from: ids[rank])
        }
        for _ in 0..<5 { scene.tick(seconds: 1, alive: ids) }
    }

    @Test("a step that all try again because they did not hear each other is on record")
    func unheard() throws {
        var scene = started(workers: 3)
        scene.say(.injected(run: 1, generation: 0, rank: 1, fault: "pause worker 1"), from: 2)
        scene.now += 0.5
        let noticed = scene.now
        quarrel([1, 2, 3], generation: 0, in: &scene)
        hold([1, 2, 3], generation: 1, begun: 2, in: &scene)
        scene.ready(1, [1, 2, 3], generation: 1)
        report(1, of: [1, 2, 3], generation: 1, in: &scene)
        let change = try #require(recoveries(scene).first)
        #expect(recoveries(scene).count == 1 && change.isUnheard)
        #expect(change.node == "worker-2" && change.detectSeconds == 0.5)
        #expect(change.recoverSeconds == scene.now - noticed)
        #expect(change.stepsRedone == 1 && change.samplesLost == 3 * 4)
        #expect(change.worldBefore == 3 && change.worldAfter == 3)
    }

    @Test("who is put out after that is lost by name, and all tries are counted")
    func putOut() throws {
        var scene = started(workers: 3)
        for generation: UInt32 in 0..<3 {
            quarrel([1, 2, 3], generation: generation, in: &scene)
            let rest: [UInt8] = generation < 2 ? [1, 2, 3] : [1, 3]
            hold(rest, generation: generation + 1, begun: 2, in: &scene)
            scene.ready(1, rest, generation: generation + 1)
        }
        report(1, of: [1, 3], generation: 3, in: &scene)
        let change = try #require(recoveries(scene).first)
        #expect(recoveries(scene).count == 1 && change.cause == .workerLost)
        #expect(!change.isUnheard && change.node == "worker-2" && change.slot == 1)
        #expect(change.stepsRedone == 3 && change.samplesLost == 3 * 3 * 4)
        #expect(change.worldBefore == 3 && change.worldAfter == 2)
        let event = RunBoard.Effect.event(
            run: 1, kind: "lost", node: "worker-2", detail: "peers do not hear it")
        #expect(scene.log.contains(event))
    }

    @Test("who comes back with the name of one that was lost has that one's place again")
    func place() throws {
        var scene = started(workers: 3)
        scene.say(.bye, from: 2)
        scene.say(.bye, from: 3)
        scene.hello(5, name: "worker-3")
        scene.hello(6)
        hold([1], generation: 2, begun: 1, in: &scene)
        #expect(scene.assignment(5)?.slot == 2)
        #expect(scene.assignment(6)?.slot == 1)
    }
}
