import Membership
import Testing
import Wire

/// Whose a daemon's name is, where daemons have keys.
@Suite("Names and keys")
struct NameTests {
    private func place(_ rank: Int) -> Hello.Place {
        Hello.Place(run: 1, identity: 99, generation: 3, rank: rank, slot: rank, isHalted: false)
    }

    /// The next coordinator of a run of two workers, which came with keys of their own.
    private func successor(_ onLoss: MembershipPolicy.Reaction = .abort) -> Scene {
        var scene = Scene()
        scene.board.adopt(
            RunBoard.Orphan(
                request: Scene.request(1, workers: 2, onLoss: onLoss),
                generations: [
                    .init(
                        number: 3, firstStep: 0, ranks: ["worker-1": 0, "worker-2": 1],
                        keys: ["worker-1": "one", "worker-2": "two"])
                ], step: 5), now: 0)
        return scene
    }

    private func refusal(_ scene: Scene, _ id: UInt8) -> String? {
        guard case .refused(let why)? = scene.told(id).last else { return nil }
        return why
    }

    private func isWelcome(_ scene: Scene, _ id: UInt8) -> Bool {
        scene.told(id).contains { if case .welcome = $0 { true } else { false } }
    }

    private static let words = "the name worker-1 is another key's; choose another with --name"

    @Test(
        "a member's name in a run that was taken over is refused to another key that comes first",
        arguments: [.abort, .regroup, .wait] as [MembershipPolicy.Reaction])
    func takenOver(onLoss: MembershipPolicy.Reaction) {
        var scene = successor(onLoss)
        for key in ["two", "three"] {
            scene.hello(9, name: "worker-1", place: place(0), key: key)
            #expect(refusal(scene, 9) == Self.words && !isWelcome(scene, 9))
        }
        let events = scene.log.filter {
            $0 == .refused(node: "worker-1", reason: Self.words)
        }
        #expect(events.count == 2)
        #expect(scene.board.daemons.isEmpty)
        scene.hello(1, place: place(0), key: "one")
        scene.hello(2, place: place(1), key: "two")
        #expect(
            scene.log.contains(
                .event(
                    run: 1, kind: "taken over", node: nil, detail: "2 of 2 members came back")))
        #expect(scene.board.board(database: "").nodes.map(\.run) == [1, 1])
        // And as long as it is there, as before.
        scene.hello(9, name: "worker-1", key: "three")
        #expect(refusal(scene, 9) == Self.words)
    }

    @Test("a member whose process was started again has its name, and its place with `wait`")
    func restarted() {
        var scene = successor(.wait)
        scene.hello(2, place: place(1), key: "two")
        scene.hello(9, name: "worker-1", key: "three")
        scene.hello(11, name: "worker-1", key: "one")
        #expect(refusal(scene, 9) == Self.words && isWelcome(scene, 11))
        for _ in 0..<32 { scene.tick(seconds: 1, alive: [2, 11]) }
        #expect(scene.log.contains { $0.takesPlace(of: "worker-1") })
    }

    @Test("who has not come back within its time is gone, and its name free")
    func free() {
        var scene = successor(.regroup)
        scene.hello(2, place: place(1), key: "two")
        for _ in 0..<32 { scene.tick(seconds: 1, alive: [2]) }
        scene.hello(9, name: "worker-1", key: "three")
        #expect(isWelcome(scene, 9))
    }

    @Test("the name of a daemon that is there is its key's; of one that has left, anybody's")
    func there() {
        var scene = Scene()
        scene.hello(1, key: "one")
        scene.hello(9, name: "worker-1", key: "three")
        #expect(refusal(scene, 9) == Self.words)
        // A process that took its place is believed, if it has its key.
        scene.hello(11, name: "worker-1", key: "one")
        #expect(isWelcome(scene, 11) && scene.board.daemons == [[11]])
        scene.say(.bye, from: 11)
        scene.hello(9, name: "worker-1", key: "three")
        #expect(isWelcome(scene, 9))
    }

    @Test("rows that a member had not handed in are taken from its key alone, whoever has its name")
    func rows() {
        var scene = successor(.regroup)
        scene.hello(1, place: place(0), key: "one")
        for _ in 0..<32 { scene.tick(seconds: 1, alive: [1]) }
        let rows = ControlMessage.metrics(
            run: 1, generation: 3, rank: 1, steps: [StepRecord(step: 5)])
        func taken() -> Int {
            scene.log.count { if case .steps(1, 1, _) = $0 { true } else { false } }
        }
        scene.hello(9, name: "worker-2", key: "three")
        scene.say(rows, from: 9)
        #expect(isWelcome(scene, 9) && taken() == 0)
        scene.say(.bye, from: 9)
        scene.hello(2, key: "two")
        scene.say(rows, from: 2)
        #expect(isWelcome(scene, 2) && taken() == 1)
    }

    @Test("a key that is let in no more keeps no name")
    func revoked() {
        var scene = successor()
        scene.board.forgetKeys { $0 == "one" }
        scene.hello(9, name: "worker-1", place: place(0), key: "new")
        scene.hello(8, name: "worker-2", place: place(1), key: "new")
        #expect(isWelcome(scene, 9) && refusal(scene, 8)?.contains("worker-2") == true)
    }

    @Test("a coordinator without keys believes everybody, whatever is on record")
    func withoutKeys() {
        var scene = successor()
        scene.hello(1, place: place(0))
        scene.hello(2, place: place(1))
        #expect(isWelcome(scene, 1) && isWelcome(scene, 2))
    }

    @Test("what goes on record of a generation has the keys of its members")
    func recorded() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id, key: "key-\(id)") }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        let formed = scene.log.compactMap { effect -> [String?]? in
            guard case .formed(_, _, _, _, let members) = effect else { return nil }
            return members.map(\.hello.publicKey)
        }
        #expect(formed == [["key-1", "key-2"]])
    }

    /// A run of two workers that is to go on from their checkpoints.
    private var resumed: RunBoard.Request {
        var request = Scene.request(1, workers: 2)
        request.resumption = RunBoard.Resumption(
            generation: 3, worldSize: 2, names: ["worker-1", "worker-2"],
            keys: ["worker-1": "one", "worker-2": "two"])
        return request
    }

    @Test("a resumed run waits for the keys that its names came with, until it goes on")
    func waitsForOwners() {
        var scene = Scene()
        scene.board.submit(resumed)
        scene.hello(9, name: "worker-1", key: "three")
        #expect(refusal(scene, 9) == Self.words)
        scene.hello(1, key: "one")
        scene.hello(2, key: "two")
        scene.tick()
        scene.say(.bye, from: 1)
        scene.hello(9, name: "worker-1", key: "three")
        #expect(refusal(scene, 9) == Self.words)
    }

    @Test("a resumed run gives no rank by its name to a daemon of another key")
    func ranks() {
        var scene = Scene()
        scene.hello(9, name: "worker-2", key: "three")
        scene.hello(1, key: "one")
        scene.hello(5, name: "a-spare", key: "five")
        scene.board.submit(resumed)
        scene.tick()
        let called = [1, 5, 9].filter { id in
            scene.told(id).contains { if case .gather = $0 { true } else { false } }
        }
        #expect(called == [1, 5])
    }
}

extension RunBoard.Effect {
    /// Whether a daemon of this name comes into a run.
    fileprivate func takesPlace(of name: String) -> Bool {
        if case .event(_, "joins", name, _) = self { true } else { false }
    }
}
