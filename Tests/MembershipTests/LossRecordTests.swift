import Membership
import Testing
import Wire

/// What is recorded of losses that end a run.
@Suite("Losses that end a run")
struct LossRecordTests {
    private func started(onLoss: MembershipPolicy.Reaction = .abort, server: Bool = false) -> Scene
    {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        if server { scene.hello(9, role: "server") }
        scene.submit(1, workers: 2, server: server, onLoss: onLoss)
        scene.ready(1, [1, 2] + (server ? [9] : []))
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(
                .metrics(run: 1, generation: 0, rank: rank, steps: [StepRecord(step: 0)]), from: id)
        }
        return scene
    }

    private func recoveries(_ scene: Scene) -> [Recovery] {
        scene.log.compactMap { if case .recovered(1, let recovery) = $0 { recovery } else { nil } }
    }

    @Test("a silent worker's seconds to detect are on record, and that nobody ever recovered")
    func worker() throws {
        var scene = started()
        for _ in 0..<4 { scene.tick(seconds: 1, alive: [1]) }
        scene.done(1, 0, .cancelled, from: 1)
        #expect(scene.failure(1) != nil && recoveries(scene).count == 1)
        let loss = try #require(recoveries(scene).first)
        #expect(loss.cause == .workerLost && loss.node == "worker-2" && loss.slot == 1)
        #expect(loss.detectSeconds == 4 && loss.recoverSeconds == nil)
        #expect(loss.step == 1 && loss.worldBefore == 2 && loss.worldAfter == 0)
        // A number of its own: the run's only generation is the first.
        #expect(loss.generation == 1)
    }

    @Test("the seconds of a server that nobody may replace count from the experiment's fault")
    func server() throws {
        var scene = started(server: true)
        scene.say(.injected(run: 1, generation: 0, rank: 2, fault: "kill server"), from: 9)
        scene.now += 0.5
        scene.say(.bye, from: 9)
        for (rank, id) in [UInt8(1), 2].enumerated() { scene.done(1, rank, .cancelled, from: id) }
        let loss = try #require(recoveries(scene).first)
        #expect(loss.cause == .serverLost && loss.detectSeconds == 0.5)
        #expect(loss.recoverSeconds == nil && loss.worldAfter == 0)
    }

    @Test("a fault that a worker got over has nothing to do with its loss")
    func overcome() throws {
        var scene = started()
        scene.say(.injected(run: 1, generation: 0, rank: 1, fault: "slow worker 1"), from: 2)
        scene.now += 5
        scene.say(.metrics(run: 1, generation: 0, rank: 1, steps: [StepRecord(step: 1)]), from: 2)
        scene.now += 0.5
        scene.say(.bye, from: 2)
        scene.done(1, 0, .cancelled, from: 1)
        // It says itself that it leaves.
        #expect(try #require(recoveries(scene).first).detectSeconds == 0)
    }

    @Test("a peer that the others do not hear is on record where that ends the run")
    func unheard() throws {
        var scene = started()
        scene.say(.injected(run: 1, generation: 0, rank: 1, fault: "kill worker 1"), from: 2)
        scene.now += 0.25
        scene.done(1, 0, .peerTrouble(peer: 1, reason: "rank 1 sent nothing"), from: 1)
        scene.say(.bye, from: 2)
        #expect(scene.failure(1) == "rank 0: rank 1 sent nothing")
        let loss = try #require(recoveries(scene).first)
        #expect(recoveries(scene).count == 1 && loss.node == "worker-2")
        #expect(loss.detectSeconds == 0.25 && loss.recoverSeconds == nil)
    }

    @Test("where every worker is lost, nobody waits for one that was never given anything")
    func everyWorker() throws {
        var scene = started(onLoss: .regroup)
        scene.say(.bye, from: 2)
        scene.hello(3)
        scene.say(.bye, from: 1)
        #expect(scene.failure(1)?.contains("every worker is lost") == true)
        #expect(scene.told(3).last == .release(run: 1))
        let loss = try #require(recoveries(scene).first)
        #expect(loss.node == "worker-2, worker-1" && loss.worldBefore == 2 && loss.worldAfter == 0)
        // Free for the next run.
        scene.submit(2, workers: 1)
        #expect(scene.assignment(3)?.run == 2)
    }

    @Test("trouble among members that were told to stop is nobody's loss")
    func stopping() {
        var scene = started()
        scene.log += scene.board.cancel(1, reason: "why not", now: scene.now).1
        scene.done(1, 0, .peerTrouble(peer: 1, reason: "rank 1 sent nothing"), from: 1)
        scene.done(1, 1, .cancelled, from: 2)
        #expect(scene.ending(1) == .cancelled("why not") && recoveries(scene).isEmpty)
    }
}
