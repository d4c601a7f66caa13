import Cluster
import Foundation
import Wire

/// Follows runs at a coordinator until every one has ended.
struct RunWatch {
    let runs: [Int64]
    let client: CoordinatorClient
    let progress: ProgressLine
    /// Seconds between two looks.
    var pause = 0.2
    /// Told after every look which run is going on, or `nil` when the coordinator did not answer; a
    /// thrown error ends the watch.
    var check: (Board.Run?) throws -> Void = { _ in }

    private static let over: Set<String> = ["completed", "failed", "cancelled"]
    /// How long a coordinator may be away.
    private static let patienceSeconds = 60.0

    /// The runs as they ended.
    func wait() throws -> [Board.Run] {
        var reported: Set<Int64> = []
        var last: [Int64: Board.Run] = [:]
        var lastHeard = Stopwatch()
        defer { progress.clear() }
        while true {
            guard let board = try look(since: &lastHeard) else { continue }
            for run in board.runs where runs.contains(run.id) { last[run.id] = run }
            let mine = runs.compactMap { last[$0] }
            for (position, run) in mine.enumerated()
            where Self.over.contains(run.status) && reported.insert(run.id).inserted {
                let why = run.note.map { ": \($0)" } ?? ""
                progress.settle(
                    "[\(position + 1)/\(runs.count)] \(run.variant) seed \(run.seed) "
                        + "\(run.status)\(why)")
            }
            let current = mine.firstIndex { !Self.over.contains($0.status) }
            try check(current.map { mine[$0] })
            guard let current else {
                if mine.count == runs.count { return mine }
                continue
            }
            progress.show(mine[current], position: current + 1, count: runs.count)
            Thread.sleep(forTimeInterval: pause)
        }
    }

    /// The board, or `nil` while the coordinator is away.
    private func look(since lastHeard: inout Stopwatch) throws -> Board? {
        do {
            let board = try client.board(withinMilliseconds: 2_000)
            lastHeard = Stopwatch()
            return board
        } catch {
            guard lastHeard.seconds < Self.patienceSeconds else { throw error }
            try check(nil)
            return nil
        }
    }
}
