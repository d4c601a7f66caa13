import Membership
import Testing
import Wire

/// What members measured, and when it comes: neither doubled nor lost.
@Suite("Late rows")
struct LateRowTests {
    private func metrics(_ steps: [Int], generation: UInt32 = 0, rank: Int = 0) -> ControlMessage {
        .metrics(
            run: 1, generation: generation, rank: rank, steps: steps.map { StepRecord(step: $0) })
    }

    /// Steps that became rows, by rank.
    private func rows(_ scene: Scene, rank: Int = 0) -> [Int] {
        scene.log.flatMap { effect -> [Int] in
            guard case .steps(1, rank, let records) = effect else { return [] }
            return records.map(\.step)
        }
    }

    private func started(onLoss: MembershipPolicy.Reaction = .abort) -> Scene {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2, onLoss: onLoss)
        scene.ready(1, [1, 2])
        return scene
    }

    @Test("what comes twice is taken once, and what comes too early is asked for again")
    func twice() {
        var scene = started()
        func say(_ sequence: UInt64, _ steps: [Int]) {
            scene.log += scene.board.received(
                metrics(steps), sequence: sequence, from: [1], now: scene.now)
        }
        say(1, [0])
        say(1, [0])
        say(3, [2])
        #expect(scene.told(1).last == .introduce && rows(scene) == [0])
        say(2, [1])
        say(3, [2])
        #expect(rows(scene) == [0, 1, 2])
    }

    @Test("rows that come before a member's last word are kept, whatever the run ends with")
    func stopping() {
        var scene = started()
        scene.log += scene.board.cancel(1, reason: "why not", now: scene.now).1
        scene.say(metrics([0]), from: 1)
        scene.done(1, 0, .cancelled, from: 1)
        scene.say(metrics([0, 1], rank: 1), from: 2)
        scene.done(1, 1, .cancelled, from: 2)
        #expect(scene.ending(1) == .cancelled("why not"))
        #expect(rows(scene) == [0] && rows(scene, rank: 1) == [0, 1])
        // The run is over: its summary stands.
        scene.say(metrics([1]), from: 1)
        #expect(rows(scene) == [0])
    }

    @Test("rows of an older generation are not taken for the new one's")
    func older() {
        var scene = started(onLoss: .regroup)
        scene.say(metrics([0]), from: 1)
        scene.say(metrics([0], rank: 1), from: 2)
        scene.say(.bye, from: 2)
        // Finished before the word to stop was heard: the state is told after it.
        scene.say(metrics([1]), from: 1)
        let state = HeldState(step: 1, checksum: 7)
        scene.say(.held(Held(run: 1, generation: 1, states: [state], begun: 2)), from: 1)
        #expect(scene.log.contains(.rewound(run: 1, step: 1)))
        scene.say(metrics([2]), from: 1)
        scene.ready(1, [1], generation: 1)
        scene.say(metrics([3]), from: 1)
        #expect(rows(scene) == [0, 1])
        scene.say(metrics([1], generation: 1), from: 1)
        #expect(rows(scene) == [0, 1, 1])
    }
}
