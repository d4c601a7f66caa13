import Cluster
import Foundation
import Wire

/// Follows runs at a coordinator until every one has ended.
struct RunWatch {
    let runs: [Int64]
    let client: CoordinatorClient
    let progress: ProgressLine
    /// Why to stop early, asked several times a second; a thrown error ends the watch.
    var check: () throws -> Void = {}

    private static let over: Set<String> = ["completed", "failed", "cancelled"]

    /// The runs as they ended.
    func wait() throws -> [Board.Run] {
        var reported: Set<Int64> = []
        defer { progress.clear() }
        while true {
            try check()
            let board = try client.board()
            let mine = board.runs.filter { runs.contains($0.id) }
            for (position, run) in mine.enumerated()
            where Self.over.contains(run.status) && reported.insert(run.id).inserted {
                let why = run.note.map { ": \($0)" } ?? ""
                progress.settle(
                    "[\(position + 1)/\(runs.count)] \(run.variant) seed \(run.seed) "
                        + "\(run.status)\(why)")
            }
            if mine.allSatisfy({ Self.over.contains($0.status) }), mine.count == runs.count {
                return mine
            }
            if let position = mine.firstIndex(where: { !Self.over.contains($0.status) }) {
                progress.show(mine[position], position: position + 1, count: runs.count)
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
    }
}
