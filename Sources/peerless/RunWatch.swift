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
    /// thrown error ends the watch, and `RecordingEnd` the runs.
    var check: (Board.Run?) throws -> Void = { _ in }

    private static let over: Set<String> = ["completed", "failed", "cancelled"]
    /// How long a coordinator may be away.
    private static let patienceSeconds = 60.0

    /// What is known of the runs.
    private struct Known {
        var last: [Int64: Board.Run] = [:]
        var reported: Set<Int64> = []
    }

    /// The runs as they ended.
    func wait() throws -> [Board.Run] {
        var known = Known()
        defer { progress.clear() }
        do {
            return try follow(&known)
        } catch let end as RecordingEnd {
            return fail(known, "\(end)")
        }
    }

    private func follow(_ known: inout Known) throws -> [Board.Run] {
        var lastHeard = Stopwatch()
        while true {
            guard let board = try look(since: &lastHeard) else { continue }
            for run in board.runs where runs.contains(run.id) { known.last[run.id] = run }
            let mine = runs.compactMap { known.last[$0] }
            settle(mine, &known.reported)
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

    /// A line about each run that has ended meanwhile.
    private func settle(_ mine: [Board.Run], _ reported: inout Set<Int64>) {
        for (position, run) in mine.enumerated()
        where Self.over.contains(run.status) && reported.insert(run.id).inserted {
            let why = run.note.map { ": \($0)" } ?? ""
            progress.settle(
                "[\(position + 1)/\(runs.count)] \(run.variant) seed \(run.seed) "
                    + "\(run.status)\(why)")
        }
    }

    /// What has not ended fails, known from the board or not.
    private func fail(_ known: Known, _ reason: String) -> [Board.Run] {
        let ended = runs.map { id in
            var run =
                known.last[id]
                ?? Board.Run(id: id, experiment: "", variant: "run \(id)", seed: 0)
            guard !Self.over.contains(run.status) else { return run }
            run.status = "failed"
            run.note = reason
            return run
        }
        var reported = known.reported
        settle(ended, &reported)
        return ended
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
