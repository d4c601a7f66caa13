import Membership
import Testing
import Wire

@Suite struct ClockTests {
    @Test("the reading with the shortest round trip is believed, and is right within its error")
    func shortestRoundTrip() throws {
        var filter = ClockFilter()
        #expect(filter.best == nil)
        // The coordinator's clock is 1,000,000 ahead; the way there and back takes 700 + 100.
        filter.took(sent: 5_000, heard: 1_005_700, received: 5_800)
        filter.took(sent: 9_000, heard: 1_018_000, received: 19_000)
        let best = try #require(filter.best)
        #expect(best.error == 401)
        #expect(abs(best.offset - 1_000_000) <= best.error)
    }

    @Test("an old reading goes, however good it was", arguments: [ClockFilter.window])
    func forgetting(window: Int) {
        var filter = ClockFilter()
        filter.took(sent: 0, heard: 10, received: 2)
        for turn in 1...Int64(window) {
            filter.took(sent: turn * 1_000, heard: turn * 1_000, received: turn * 1_000 + 200)
        }
        #expect(filter.best?.error == 101)
    }

    @Test("an answer that came before its question is passed over")
    func foreignAnswer() {
        var filter = ClockFilter()
        filter.took(sent: 50, heard: 10, received: 2)
        #expect(filter.best == nil && filter.count == 0)
    }

    @Test("what a daemon tells of its clock is recorded for every generation, and not again")
    func recording() {
        var board = RunBoard(version: "1")
        board.bootID = "here"
        let id: [UInt8] = [1]
        func say(_ message: ControlMessage, at now: Double) -> [RunBoard.Effect] {
            board.received(message, from: id, now: now)
        }
        _ = say(
            .hello(
                Hello(role: "worker", name: "w", version: "1", pid: 1, host: "h", bootID: "there")),
            at: 0)
        let reading = ClockReading(offset: 70, error: 20)
        let answer = say(.clock(sent: 5, reading), at: 2)
        #expect(answer == [.send(id, .clocked(sent: 5, heard: 2_000_000_000, bootID: "here"))])
        board.submit(
            RunBoard.Request(
                id: 3, experiment: "e", variant: "v", seed: 1, workers: 1, batch: 4,
                needsServer: false, emulatesLink: false, config: "{}", identity: 9))
        _ = board.tick(now: 2)
        let formed = say(
            .ready(
                Ready(
                    run: 3, identity: 9, rank: 0, endpoint: "tcp://a", parameters: 1, steps: 3,
                    dataChecksum: 5)),
            at: 3)
        let told = RunBoard.Effect.clocked(run: 3, generation: 0, node: "w", reading)
        #expect(formed.contains(told))
        #expect(say(.clock(sent: 6, reading), at: 4).count == 1)
        let near = ClockReading(offset: 75, error: 30)
        #expect(say(.clock(sent: 7, near), at: 5).count == 1)
        let better = ClockReading(offset: 72, error: 10)
        #expect(
            say(.clock(sent: 8, better), at: 6).last
                == .clocked(run: 3, generation: 0, node: "w", better))
    }

    @Test("the board tells how long a daemon is silent, its rank and where its time goes")
    func entry() throws {
        var board = RunBoard(version: "1")
        let id: [UInt8] = [1]
        for message: ControlMessage in [
            .hello(Hello(role: "worker", name: "w", version: "1", pid: 1, host: "h", bootID: "b"))
        ] { _ = board.received(message, from: id, now: 0) }
        board.submit(
            RunBoard.Request(
                id: 3, experiment: "e", variant: "v", seed: 1, workers: 1, batch: 4,
                needsServer: false, emulatesLink: false, config: "{}", identity: 9))
        _ = board.tick(now: 1)
        _ = board.received(
            .ready(
                Ready(
                    run: 3, identity: 9, rank: 0, endpoint: "tcp://a", parameters: 1, steps: 3,
                    dataChecksum: 5)),
            from: id, now: 1)
        var records = [StepRecord(step: 0), StepRecord(step: 1)]
        records[0].compute = 100
        records[1].compute = 300
        _ = board.received(
            .metrics(run: 3, generation: 0, rank: 0, steps: records), from: id, now: 2)
        let node = try #require(board.board(database: "", moment: 4.5).nodes.first)
        #expect(node.silentSeconds == 2.5 && node.rank == 0 && node.step == 2)
        #expect(node.phases?.compute == 200)
    }
}
