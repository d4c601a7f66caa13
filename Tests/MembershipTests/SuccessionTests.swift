import Membership
import Testing
import Wire

/// What the next coordinator makes of a run whose coordinator died before its first step.
@Suite("Succession before the first step")
struct SuccessionTests {
    private func successor(_ onLoss: MembershipPolicy.Reaction = .abort) -> Scene {
        var scene = Scene()
        scene.board.adopt(
            RunBoard.Orphan(
                request: Scene.request(1, workers: 2, onLoss: onLoss),
                generations: [
                    .init(number: 0, firstStep: 0, ranks: ["worker-1": 0, "worker-2": 1])
                ], step: 0), now: 0)
        return scene
    }

    private func place(_ rank: Int) -> Hello.Place {
        Hello.Place(run: 1, identity: 99, generation: 0, rank: rank, slot: rank, isHalted: true)
    }

    @Test(
        "where nobody comes back, the run fails by name within its bound",
        arguments: [.abort, .regroup, .wait] as [MembershipPolicy.Reaction])
    func nobody(onLoss: MembershipPolicy.Reaction) {
        var scene = successor(onLoss)
        for _ in 0..<32 { scene.tick(seconds: 1) }
        #expect(scene.failure(1)?.contains("no worker came back") == true)
    }

    @Test("where somebody is missing and nobody may be, the run fails by name within its bound")
    func oneMissing() {
        var scene = successor()
        scene.hello(1, place: place(0))
        for _ in 0..<45 { scene.tick(seconds: 1, alive: [1]) }
        #expect(scene.failure(1) == "members were lost while the coordinator was away")
        #expect(scene.cancelled(1, 1))
    }

    @Test("where somebody is missing and may be, the others begin again")
    func oneMissingOfMany() {
        var scene = successor(.regroup)
        scene.hello(1, place: place(0))
        for _ in 0..<32 { scene.tick(seconds: 1, alive: [1]) }
        scene.say(.held(Held(run: 1, generation: 1, states: [], begun: 0)), from: 1)
        #expect(scene.assignment(1)?.worldSize == 1 && scene.assignment(1)?.origin == nil)
        #expect(scene.failure(1) == nil)
    }

    @Test(
        "a server that has taken the last step is asked to take it again where nobody heard of it")
    func lastStep() {
        var scene = Scene()
        scene.hello(1)
        scene.hello(2, role: "server")
        scene.submit(1, workers: 1, server: true, onLoss: .regroup)
        scene.ready(1, [1, 2])
        scene.done(1, 1, .completed(checksum: 0), from: 2)
        scene.done(1, 0, .peerTrouble(peer: 1, reason: "rank 1 sent nothing"), from: 1)
        for _ in 0..<6 { scene.tick(seconds: 1, alive: [1, 2]) }
        for id: UInt8 in 1...2 {
            #expect(!scene.cancelled(id, 1))
            #expect(scene.told(id).contains { if case .gather = $0 { true } else { false } })
        }
        #expect(scene.failure(1) == nil)
    }
}
