import Reporting
import Testing
import Wire

@Suite struct WatchViewTests {
    private func board(step: Int = 120, loss: Double = 0.43) -> Board {
        var running = Board.Run(id: 4, experiment: "quickstart", variant: "gs-sgd", seed: 1)
        running.status = "running"
        running.step = step
        running.steps = 300
        running.samplesPerSecond = 3072
        running.loss = loss
        running.workers = 2
        var queued = Board.Run(id: 5, experiment: "quickstart", variant: "topk", seed: 1)
        queued.note = "waits for 2 more workers"
        var failed = Board.Run(id: 3, experiment: "quickstart", variant: "dense", seed: 1)
        failed.status = "failed"
        failed.note = "rank 1 is lost"
        var worker = Board.Node(name: "worker-0", role: "worker", host: "h", pid: 42, run: 4)
        worker.rank = 0
        worker.step = step
        worker.silentSeconds = 0.24
        var phases = Board.Phases()
        phases.total = 4e6
        phases.compute = 3e6
        phases.wait = 1e6
        worker.phases = phases
        let idle = Board.Node(name: "worker-9", role: "worker", host: "h", pid: 43, run: nil)
        return Board(
            runs: [failed, running, queued], nodes: [idle, worker], database: "p.db",
            version: "0.1.0")
    }

    private func view(_ boards: [Board], silent: Double = 0) -> WatchView {
        var history = WatchHistory()
        for board in boards { history.take(board) }
        return WatchView(
            board: boards[boards.count - 1], history: history, endpoint: "tcp://h:5555",
            silentSeconds: silent)
    }

    @Test("runs, queue, daemons and where their time goes are all there")
    func content() throws {
        let boards = [board(step: 0, loss: 2), board(step: 60, loss: 1), board()]
        let lines = view(boards).lines(width: 160)
        let text = lines.joined(separator: "\n")
        for words in [
            "running 1, queued 1, completed 0, failed 1", "quickstart/gs-sgd", "step 120/300",
            "40 %", "3072 samples/s", "loss 0.4300", "waits for 2 more workers", "rank 1 is lost",
            "2.0000 to 0.4300", "█▄▁", "░ wait",
        ] {
            #expect(text.contains(words), "\(words) in\n\(text)")
        }
        let row = try #require(lines.first { $0.hasPrefix("worker-0") })
        #expect(row.contains("0.2") && row.contains("4.00") && row.contains("3.00"))
        let bar = row.filter { $0 == "█" || $0 == "░" }
        #expect(bar == String(repeating: "█", count: 30) + String(repeating: "░", count: 10))
        #expect(try #require(lines.first { $0.hasPrefix("worker-9") }).contains("idle"))
    }

    @Test(
        "no line is longer than the terminal is wide, nor are there more than it has",
        arguments: [
            20, 40, 60, 80, 100, 200,
        ])
    func size(width: Int) {
        let view = view([board(step: 0, loss: 2), board()], silent: 5)
        for height in [1, 2, 5, 10, 50] {
            let lines = view.lines(width: width, height: height)
            #expect(lines.count <= height)
            #expect(lines.allSatisfy { $0.count <= width }, "width \(width)")
        }
        let all = view.lines(width: width).count
        #expect(view.lines(width: width, height: 4).last?.contains("\(all - 3) more") == true)
    }

    @Test("a name cannot steer the terminal")
    func hostileName() {
        var board = board()
        board.runs[1].variant = "a\u{1B}[2J\nb\u{9B}1m"
        board.nodes[0].name = "x\r\u{7}y"
        let text =
            view([board]).lines(width: 120).joined() + view([board]).changes(since: nil).joined()
        #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test("a coordinator that is silent is said to be, and what it said last stays")
    func silence() {
        let text = view([board()], silent: 7).lines(width: 100).joined(separator: "\n")
        #expect(text.contains("silent for 7 s") && text.contains("step 120/300"))
    }

    @Test("plain lines tell what has changed, and nothing where nothing has")
    func changes() {
        let now = view([board()])
        let first = now.changes(since: nil)
        #expect(first.contains { $0.contains("step 120/300") && $0.contains("loss 0.4300") })
        #expect(first.contains { $0.contains("failed: rank 1 is lost") })
        #expect(first.contains("worker worker-0 on h is there"))
        #expect(now.changes(since: board()) == [])
        var earlier = board(step: 60)
        earlier.nodes.append(
            Board.Node(name: "gone-1", role: "worker", host: "h", pid: 1, run: nil))
        let changes = now.changes(since: earlier)
        #expect(changes.count == 2 && changes.last == "gone-1 is gone")
    }

    @Test(
        "however long a run is, its curve stays bounded and keeps its ends' order",
        arguments: [
            10, 600, 5_000,
        ])
    func history(looks: Int) throws {
        var history = WatchHistory()
        for step in 0..<looks { history.take(board(step: step, loss: Double(looks - step))) }
        let view = WatchView(board: board(), history: history, endpoint: "")
        let line = try #require(
            view.lines(width: 60).first { $0.contains("▁") || $0.contains("█") })
        #expect(line.contains("█") && line.contains("▁"))
        #expect(line.count <= 60)
    }
}
