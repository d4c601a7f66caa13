import Membership
import Testing
import Wire

@Suite("Run board")
struct RunBoardTests {
    @Test(
        "a run waits for its workers, gets ranks by name, starts when all are ready, and completes")
    func life() {
        var scene = Scene()
        scene.submit(1, workers: 2, server: true)
        #expect(
            scene.board.board(database: "").runs[0].note == "waits for 2 more workers and 1 server")
        func waitsFor() -> String? { scene.board.board(database: "").runs[0].note }
        scene.hello(12)
        scene.tick()
        #expect(waitsFor() == "waits for 1 more worker and 1 server")
        scene.hello(2)
        scene.tick()
        #expect(waitsFor() == "waits for 1 server")
        scene.hello(3, role: "server")
        scene.tick()
        // Names are compared as people count: worker-2 before worker-12; a server is last.
        #expect(scene.assignment(2)?.rank == 0)
        #expect(scene.assignment(12)?.rank == 1)
        #expect(scene.assignment(3)?.rank == 2)
        #expect(scene.assignment(3)?.worldSize == 2)
        #expect(scene.assignment(3)?.oneHost == true)
        scene.ready(1, [2, 12])
        #expect(
            !scene.told(2).contains(
                .start(run: 1, generation: 0, endpoints: ["tcp://2", "tcp://12", "tcp://3"])))
        scene.ready(1, [2, 12, 3])
        for id: UInt8 in [2, 12, 3] {
            #expect(
                scene.told(id).contains(
                    .start(run: 1, generation: 0, endpoints: ["tcp://2", "tcp://12", "tcp://3"])))
        }
        scene.done(1, 0, .completed(checksum: 7), from: 2)
        scene.done(1, 2, .completed(checksum: 0), from: 3)
        #expect(scene.ending(1) == nil)
        scene.done(1, 1, .completed(checksum: 7), from: 12)
        #expect(scene.ending(1) == .completed(checksum: 7))
    }

    @Test("one run at a time, in the order of submission")
    func queue() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 1)
        scene.submit(2, workers: 1)
        #expect(scene.assignment(1)?.run == 1)
        #expect(scene.assignment(2) == nil)
        scene.ready(1, [1])
        scene.done(1, 0, .completed(checksum: 7), from: 1)
        #expect(scene.assignment(1)?.run == 2)
    }

    @Test("another version and a taken name are refused in words")
    func refusals() {
        var scene = Scene()
        scene.hello(1, version: "0")
        scene.hello(2, name: "same")
        scene.hello(3, name: "same", host: "there")
        for id: UInt8 in [1, 3] {
            guard case .refused(let reason)? = scene.told(id).last else {
                Issue.record("daemon \(id) was not refused")
                continue
            }
            #expect(reason.contains(id == 1 ? "version 0" : "same"))
        }
        #expect(scene.board.board(database: "").nodes.count == 1)
    }

    @Test("a stranger is asked to introduce itself")
    func stranger() {
        var scene = Scene()
        scene.say(.heartbeat, from: 9)
        #expect(scene.told(9) == [.introduce])
    }

    @Test("a silent worker fails its run by name, the others are told, and the next run waits")
    func lostWorker() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        scene.submit(2, workers: 2)
        for _ in 0..<4 { scene.tick(seconds: 1, alive: [1]) }
        #expect(scene.cancelled(1, 1))
        #expect(scene.ending(1) == nil)
        scene.done(1, 0, .cancelled, from: 1)
        #expect(scene.failure(1)?.contains("worker-2") == true)
        #expect(scene.assignment(1)?.run == 1)
        scene.hello(4)
        scene.tick()
        #expect(scene.assignment(1)?.run == 2 && scene.assignment(4)?.run == 2)
    }

    @Test("a member that never says how it ended holds nobody up for long")
    func mute() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        scene.done(1, 0, .failed(reason: "loss is not finite at step 4"), from: 1)
        #expect(scene.cancelled(2, 1) && !scene.cancelled(1, 1))
        for _ in 0..<11 { scene.tick(seconds: 1, alive: [1, 2]) }
        #expect(scene.failure(1) == "rank 0: loss is not finite at step 4")
    }

    @Test("a run that is not prepared in time fails and names the rank")
    func preparation() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1])
        for _ in 0..<140 { scene.tick(seconds: 1, alive: [1, 2]) }
        #expect(scene.failure(1)?.contains("rank 1") == true)
    }

    @Test("other data on one rank fails the run before its first step")
    func otherData() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2], checksums: [5, 6])
        for (rank, id) in [UInt8(1), 2].enumerated() { scene.done(1, rank, .cancelled, from: id) }
        #expect(scene.failure(1)?.contains("rank 1 has other data") == true)
    }

    @Test("an emulated link is for nodes of one machine; the next run goes on")
    func linkAcrossMachines() {
        var scene = Scene()
        scene.hello(1)
        scene.hello(2, boot: "another")
        scene.submit(1, workers: 2, link: true)
        #expect(scene.failure(1)?.contains("several machines") == true)
        #expect(scene.assignment(1) == nil)
        scene.submit(2, workers: 2)
        #expect(scene.assignment(1)?.run == 2)
        // A unix socket would not reach the other machine.
        #expect(scene.assignment(1)?.oneHost == false)
    }

    @Test("nodes in network namespaces of their own share a clock, but no unix socket")
    func networkNamespaces() {
        var scene = Scene()
        scene.hello(1)
        scene.hello(2, network: "net:[2]")
        scene.submit(1, workers: 2, link: true)
        #expect(scene.assignment(1)?.oneHost == false)
        #expect(scene.failure(1) == nil)
    }

    @Test("memory is shared on one host, by one user, where it can be")
    func memory() {
        func shares(_ change: (inout Scene) -> Void) -> Bool? {
            var scene = Scene()
            scene.hello(1)
            change(&scene)
            scene.submit(1, workers: 2)
            return scene.assignment(1)?.sharesMemory
        }
        #expect(shares { $0.hello(2) } == true)
        #expect(shares { $0.hello(2, memory: "another") } == false)
        #expect(shares { $0.hello(2, network: "net:[2]") } == false)
        #expect(shares { $0.hello(2, boot: "another") } == false)
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id, memory: "") }
        scene.submit(1, workers: 2)
        #expect(scene.assignment(1)?.sharesMemory == false)
    }

    @Test("replicas that differ fail the run with rank and step; equal ones do not")
    func replicas() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        func steps(_ step: Int, _ checksum: UInt64) -> [StepRecord] {
            var record = StepRecord(step: step)
            record.checksum = checksum
            record.loss = 1
            return [record]
        }
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(.metrics(run: 1, generation: 0, rank: rank, steps: steps(0, 5)), from: id)
        }
        #expect(!scene.cancelled(1, 1))
        #expect(scene.board.board(database: "").runs[0].step == 1)
        for (rank, id) in [UInt8(1), 2].enumerated() {
            scene.say(
                .metrics(run: 1, generation: 0, rank: rank, steps: steps(1, UInt64(rank))), from: id
            )
        }
        #expect(scene.cancelled(1, 1) && scene.cancelled(2, 1))
        for (rank, id) in [UInt8(1), 2].enumerated() { scene.done(1, rank, .cancelled, from: id) }
        #expect(scene.failure(1) == "rank 1 has other parameters than rank 0 after step 1")
    }

    @Test("the parts of an evaluation add up to one row")
    func evaluations() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        for (rank, id) in [UInt8(1), 2].enumerated() {
            let part = EvaluationPart(
                step: 3, seconds: Double(rank), count: 4, lossSum: 2, correct: 1 + 2 * rank)
            scene.say(.evaluation(run: 1, generation: 0, rank: rank, part), from: id)
        }
        #expect(
            scene.log.contains(.evaluated(run: 1, step: 3, seconds: 1, loss: 0.5, accuracy: 0.5)))
    }

    @Test("what the first rank saw is told once, and another's word for it counts nothing")
    func observations() {
        var scene = Scene()
        for id: UInt8 in 1...2 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        var seen = StepObservation(step: 2, workers: 2)
        seen.recall = 0.5
        scene.say(.observed(run: 1, generation: 0, rank: 1, seen), from: 2)
        scene.say(.observed(run: 1, generation: 0, rank: 0, seen), from: 2)
        scene.say(.observed(run: 1, generation: 1, rank: 0, seen), from: 1)
        #expect(!scene.log.contains(.observed(run: 1, seen)))
        scene.say(.observed(run: 1, generation: 0, rank: 0, seen), from: 1)
        #expect(scene.log.count { $0 == .observed(run: 1, seen) } == 1)
    }

    @Test("a queued run is cancelled at once, a running one when its members have stopped")
    func cancelling() {
        var scene = Scene()
        scene.hello(1)
        scene.submit(1, workers: 1)
        scene.submit(2, workers: 1)
        scene.ready(1, [1])
        func cancel(_ run: Int64) -> Bool {
            let (found, effects) = scene.board.cancel(run, reason: "why not", now: scene.now)
            scene.log += effects
            return found
        }
        #expect(cancel(2))
        #expect(scene.ending(2) == .cancelled("why not"))
        #expect(cancel(1))
        #expect(scene.ending(1) == nil && scene.cancelled(1, 1))
        scene.done(1, 0, .cancelled, from: 1)
        #expect(scene.ending(1) == .cancelled("why not"))
        #expect(!cancel(1) && !cancel(17))
    }

    @Test("words about another run, from another daemon or twice change nothing")
    func strayWords() {
        var scene = Scene()
        for id: UInt8 in 1...3 { scene.hello(id) }
        scene.submit(1, workers: 2)
        scene.ready(1, [1, 2])
        scene.done(9, 0, .failed(reason: "x"), from: 1)
        scene.done(1, 0, .failed(reason: "x"), from: 3)
        scene.ready(1, [1, 2])
        #expect(!scene.cancelled(1, 1) && !scene.cancelled(2, 1))
        #expect(
            scene.told(1).count {
                $0 == .start(run: 1, generation: 0, endpoints: ["tcp://1", "tcp://2"])
            } == 1)
    }
}
