import Cluster
import Foundation
import Reporting
import Wire

/// Looks at a coordinator again and again, and shows what it sees.
final class LiveWatch {
    private let endpoint: String
    private let client: CoordinatorClient
    private let past: LossPast?
    private let stop = StopFlag()
    private var history = WatchHistory()
    private var latest: Board?
    private var lastHeard = Stopwatch()

    /// Seconds that a coordinator may be away.
    private static let patienceSeconds = 60.0

    init(endpoint: String, client: CoordinatorClient, past: LossPast?) {
        self.endpoint = endpoint
        self.client = client
        self.past = past
    }

    /// One look.
    ///
    /// - Throws: when nobody answers, in words.
    func look() throws -> WatchView {
        let board = try client.board()
        take(board)
        return view(of: board)
    }

    /// Looks until Ctrl-C or another signal, or until whoever reads has gone.
    ///
    /// - Throws: when the coordinator is not there, or has been away for too long.
    func follow(every pause: Double) throws {
        let signals = SignalWatch { [stop] name in stop.raise(name) }
        defer { signals.cancel() }
        take(try client.board())
        if TerminalScreen.isThere {
            try draw(every: pause)
        } else {
            try list(every: pause)
        }
    }

    private func draw(every pause: Double) throws {
        let screen = TerminalScreen()
        screen.open()
        defer { screen.close() }
        while stop.reason == nil {
            var size = TerminalScreen.size
            guard show(on: screen, size) else { return }
            let drawn = Stopwatch()
            while stop.reason == nil, drawn.seconds < pause {
                Thread.sleep(forTimeInterval: min(0.1, pause))
                let now = TerminalScreen.size
                guard now != size else { continue }
                size = now
                guard show(on: screen, size) else { return }
            }
            if stop.reason == nil { try lookAgain() }
        }
    }

    private func show(on screen: TerminalScreen, _ size: (lines: Int, columns: Int)) -> Bool {
        guard let latest else { return true }
        return screen.draw(view(of: latest).lines(width: size.columns, height: size.lines))
    }

    private func list(every pause: Double) throws {
        var earlier: Board?
        while stop.reason == nil {
            if let latest {
                for line in view(of: latest).changes(since: earlier) {
                    guard StandardOutput.write(line + "\n") else { return }
                }
                earlier = latest
            }
            let drawn = Stopwatch()
            while stop.reason == nil, drawn.seconds < pause {
                Thread.sleep(forTimeInterval: min(0.1, pause))
            }
            if stop.reason == nil { try lookAgain() }
        }
    }

    /// A coordinator that does not answer may be back soon.
    private func lookAgain() throws {
        do {
            take(try client.board(withinMilliseconds: 1_000))
        } catch {
            guard lastHeard.seconds < Self.patienceSeconds else { throw error }
        }
    }

    private func take(_ board: Board) {
        lastHeard = Stopwatch()
        latest = board
        past?.add(to: &history, board)
        history.take(board)
    }

    private func view(of board: Board) -> WatchView {
        WatchView(
            board: board, history: history, endpoint: endpoint,
            silentSeconds: lastHeard.seconds)
    }
}
