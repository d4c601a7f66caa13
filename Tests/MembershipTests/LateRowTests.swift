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
        // Nothing is given up before the others go on.
        #expect(!scene.log.contains(.rewound(run: 1, step: 1)))
        scene.ready(1, [1], generation: 1)
        #expect(scene.log.contains(.rewound(run: 1, step: 1)))
        scene.say(metrics([3]), from: 1)
        #expect(rows(scene) == [0, 1])
        scene.say(metrics([1], generation: 1), from: 1)
        #expect(rows(scene) == [0, 1, 1])
    }

    private func evaluation(_ step: Int, rank: Int, generation: UInt32 = 0) -> ControlMessage {
        .evaluation(
            run: 1, generation: generation, rank: rank,
            EvaluationPart(step: step, seconds: 1, count: 4, lossSum: 2, correct: 1))
    }

    private func evaluated(_ scene: Scene) -> [Int] {
        scene.log.compactMap { effect in
            if case .evaluated(_, let step, _, _, _) = effect { step } else { nil }
        }
    }

    /// The second of two members is silent until it is put out; the other one goes on behind the
    /// second step, which both have taken.
    private func afterSilence(
        before words: [ControlMessage] = []
    ) -> Scene {
        var scene = started(onLoss: .regroup)
        for word in words { scene.say(word, from: 1) }
        for _ in 0..<5 { scene.tick(seconds: 1, alive: [1]) }
        let state = HeldState(step: 2, checksum: 7)
        scene.say(.held(Held(run: 1, generation: 1, states: [state], begun: 3)), from: 1)
        return scene
    }

    private func returns(_ scene: inout Scene) {
        scene.hello(
            2,
            place: Hello.Place(
                run: 1, identity: 99, generation: 0, rank: 1, slot: 1, isHalted: false))
    }

    @Test("a member that was put out hands in its rows of the steps that stand, and no others")
    func putOut() {
        var scene = afterSilence()
        scene.hello(3)
        returns(&scene)
        scene.say(metrics([0, 1], rank: 1), from: 3)
        scene.say(metrics([0], rank: 0), from: 2)
        scene.say(metrics([0], generation: 1, rank: 1), from: 2)
        #expect(rows(scene).isEmpty && rows(scene, rank: 1).isEmpty)
        scene.ready(1, [1], generation: 1)
        scene.say(metrics([0, 1, 2], rank: 1), from: 2)
        scene.say(metrics([2, 3], rank: 1), from: 2)
        #expect(rows(scene, rank: 1) == [0, 1])
    }

    @Test("an evaluation that lacks the part of who was put out is completed by it")
    func openEvaluation() {
        var scene = afterSilence(before: [evaluation(1, rank: 0), evaluation(2, rank: 0)])
        scene.ready(1, [1], generation: 1)
        returns(&scene)
        scene.say(evaluation(1, rank: 1), from: 2)
        scene.say(evaluation(2, rank: 1), from: 2)
        #expect(evaluated(scene) == [1])
    }

    @Test("a generation is told whether the state that it begins with lacks its evaluation")
    func lackingEvaluation() throws {
        var scene = afterSilence(before: [evaluation(2, rank: 0)])
        #expect(try #require(scene.assignment(1)?.origin).lacksEvaluation)
        scene.ready(1, [1], generation: 1)
        scene.say(evaluation(2, rank: 0, generation: 1), from: 1)
        #expect(evaluated(scene) == [2])

        scene = started(onLoss: .regroup)
        scene.say(evaluation(2, rank: 0), from: 1)
        scene.say(evaluation(2, rank: 1), from: 2)
        scene.say(.bye, from: 2)
        let state = HeldState(step: 2, checksum: 7)
        scene.say(.held(Held(run: 1, generation: 1, states: [state], begun: 3)), from: 1)
        #expect(try #require(scene.assignment(1)?.origin).lacksEvaluation == false)
    }

    @Test("the next coordinator takes rows by the ranks on record, whatever place came after")
    func takenOver() {
        var scene = Scene()
        let request = Scene.request(1, workers: 3, onLoss: .regroup)
        scene.board.adopt(
            RunBoard.Orphan(
                request: request,
                generations: [
                    .init(number: 3, firstStep: 0, ranks: ["worker-3": 0, "worker-1": 1]),
                    .init(
                        number: 4, firstStep: 3,
                        ranks: ["worker-1": 0, "worker-2": 1, "worker-3": 2]),
                ], step: 6), now: 0)
        // Two of three had been given places in the next generation already.
        for (id, rank) in [(UInt8(1), 0), (3, 1)] {
            scene.hello(
                id,
                place: Hello.Place(
                    run: 1, identity: 99, generation: 5, rank: rank, slot: 0, isHalted: true))
        }
        scene.say(metrics([6], generation: 4, rank: 1), from: 3)
        scene.say(metrics([6], generation: 4, rank: 2), from: 3)
        #expect(rows(scene, rank: 1).isEmpty && rows(scene, rank: 2) == [6])
        // Of the generation before, what the newer one has not redone.
        scene.say(metrics([2, 3], generation: 3, rank: 0), from: 3)
        #expect(rows(scene) == [2])
    }
}
