import Foundation
import RunStore

/// The steps of a run on one clock: nanoseconds since 1970 by the coordinator's wall clock.
///
/// A step's beginning is a reading of its node's monotonic clock. How that stands to the coordinator's
/// is known for every generation of the membership, and which generation a step belongs to from the
/// first steps of the generations: what came later was taken back when a new one began.
struct RunTimeline {
    /// A step and when it began.
    struct Placed {
        var row: StepRow
        var generation: Int
        var begin: Int64
        var end: Int64 { begin.addingClamped(row.totalNanoseconds) }
    }

    /// Everything one rank did.
    struct Track {
        var rank: Int
        var title: String
        var isWorker: Bool
        /// In the order of time; none begins before the one before it ended.
        var steps: [Placed]
    }

    /// By rank.
    private(set) var tracks: [Track] = []
    /// The greatest error of the nodes' clocks when they were read.
    private(set) var clockErrorNanoseconds: Int64 = 0

    /// Places every step.
    ///
    /// - Parameter steps: every row of the run, by rank, then step.
    init(_ run: RunDetail, steps: [StepRow]) throws(ExportError) {
        guard !steps.isEmpty else { throw .noSteps(run: run.summary.run) }
        let generations = Generations(run)
        var rows: [Int: [StepRow]] = [:]
        for step in steps { rows[step.rank, default: []].append(step) }
        for (rank, rows) in rows.sorted(by: { $0.key < $1.key }) {
            var placed: [Placed] = []
            for row in rows.sorted(by: { $0.step < $1.step }) {
                guard let began = row.beganNanoseconds,
                    let node = generations.node(rank: rank, step: row.step),
                    let offset = node.clockOffsetNanoseconds
                else { throw .noClocks(run: run.summary.run) }
                clockErrorNanoseconds = max(
                    clockErrorNanoseconds, node.clockErrorNanoseconds ?? 0)
                // Two readings of one node's clock may differ by their errors.
                let begin = max(began.addingClamped(offset), placed.last?.end ?? .min)
                placed.append(Placed(row: row, generation: node.generation, begin: begin))
            }
            let isWorker = rank < run.description.workers
            tracks.append(
                Track(
                    rank: rank, title: generations.title(rank: rank, isWorker: isWorker),
                    isWorker: isWorker, steps: placed))
        }
    }

    /// When the first step of anybody began.
    var begin: Int64 { tracks.compactMap { $0.steps.first?.begin }.min() ?? 0 }
    /// When the last step of anybody ended.
    var end: Int64 { tracks.compactMap { $0.steps.last?.end }.max() ?? 0 }

    /// When every worker had ended a step, by number of the step.
    var stepEnds: [Int: Int64] {
        var ends: [Int: Int64] = [:]
        for track in tracks where track.isWorker {
            for step in track.steps {
                ends[step.row.step] = max(ends[step.row.step] ?? 0, step.end)
            }
        }
        return ends
    }

    /// When the first worker began a step, by number of the step.
    var stepBegins: [Int: Int64] {
        var begins: [Int: Int64] = [:]
        for track in tracks where track.isWorker {
            for step in track.steps {
                begins[step.row.step] = min(begins[step.row.step] ?? .max, step.begin)
            }
        }
        return begins
    }
}

/// Who had which rank when.
private struct Generations {
    private let nodes: [[Int]: NodeRow]
    private let all: [NodeRow]
    /// Numbers of the generations, newest first, each with its first step.
    private let begins: [(generation: Int, step: Int)]

    init(_ run: RunDetail) {
        all = run.nodes
        nodes = Dictionary(
            run.nodes.map { ([$0.generation, $0.rank], $0) }, uniquingKeysWith: { $1 })
        let first = Dictionary(
            run.recoveries.map { ($0.generation, $0.step) }, uniquingKeysWith: { $1 })
        begins = Set(run.nodes.map(\.generation)).sorted(by: >).map { ($0, first[$0] ?? 0) }
    }

    /// The node that took a step: of the newest generation that had begun by then.
    func node(rank: Int, step: Int) -> NodeRow? {
        for begin in begins where begin.step <= step {
            if let node = nodes[[begin.generation, rank]] { return node }
        }
        return nil
    }

    func title(rank: Int, isWorker: Bool) -> String {
        var names: [String] = []
        for node in all where node.rank == rank {
            let name = "\(node.name) on \(node.host)"
            if !names.contains(name) { names.append(name) }
        }
        return (isWorker ? "rank \(rank)" : "server")
            + (names.isEmpty ? "" : ": \(names.joined(separator: ", then "))")
    }
}

extension Date {
    /// Nanoseconds since 1970.
    var wallNanoseconds: Int64 {
        Int64(clamping: timeIntervalSince1970 * 1e3).multipliedClamped(by: 1_000_000)
    }
}
