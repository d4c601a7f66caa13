import Membership
import Testing
import Wire

/// Two daemons of one name: which of them has it.
@Suite("Namesakes")
struct NamesakeTests {
    private func refusal(_ scene: Scene, _ id: UInt8) -> String? {
        guard case .refused(let why)? = scene.told(id).last else { return nil }
        return why
    }

    /// Two workers that take part in a run, of which the second is started again.
    private func restarted(pid: Int = 77) -> Scene {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2, onLoss: .wait)
        scene.ready(1, [1, 2])
        scene.hello(22, name: "worker-2", pid: pid)
        return scene
    }

    @Test("one that was started later on the same machine is a restart, with the same number too")
    func restart() {
        for pid in [2, 77] {
            let scene = restarted(pid: pid)
            #expect(refusal(scene, 22) == nil)
            #expect(scene.board.daemons == [[1], [22]])
        }
    }

    @Test("one that wakes up after it was replaced is refused, and changes nothing")
    func wakesUp() {
        var scene = restarted()
        let generation = scene.board.active?.generation
        for _ in 0..<10 {
            scene.hello(
                2,
                place: Hello.Place(
                    run: 1, identity: 99, generation: 0, rank: 1, slot: 1, isHalted: false))
            scene.tick(seconds: 0.1, alive: [1, 22])
        }
        #expect(refusal(scene, 2)?.contains("started later, pid 77") == true)
        #expect(scene.board.active?.generation == generation)
        #expect(scene.board.daemons == [[1], [22]])
    }

    @Test("one on another machine is refused, whenever it was started")
    func elsewhere() {
        var scene = Scene()
        scene.hello(5, name: "worker-1")
        scene.hello(6, name: "worker-1", host: "there")
        scene.hello(7, name: "worker-1", boot: "another")
        #expect(refusal(scene, 6)?.contains("on here") == true && refusal(scene, 7) != nil)
        #expect(scene.board.daemons == [[5]])
    }

    @Test("a member whose name another process has is not waited for by the next coordinator")
    func taken() {
        var scene = Scene()
        scene.board.adopt(
            RunBoard.Orphan(
                request: Scene.request(1, workers: 2, onLoss: .wait),
                generations: [
                    .init(number: 3, firstStep: 0, ranks: ["worker-1": 0, "worker-2": 1])
                ], step: 5), now: 0)
        scene.hello(
            1,
            place: Hello.Place(
                run: 1, identity: 99, generation: 3, rank: 0, slot: 0, isHalted: false))
        #expect(!scene.told(1).contains { if case .gather = $0 { true } else { false } })
        scene.hello(22, name: "worker-2")
        #expect(scene.told(1).contains { if case .gather = $0 { true } else { false } })
        #expect(
            scene.log.contains(
                .event(
                    run: 1, kind: "taken over", node: nil,
                    detail: "1 of 2 members came back; lost: worker-2")))
    }
}
