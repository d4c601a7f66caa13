import Foundation
import GRDB
import RunStore

/// A database of made-up runs that differ in everything that filters ask for.
enum AskedStore {
    /// What a run is told apart by.
    struct Asked {
        var variant: String
        var topology = "ring"
        var method = "dense"
        var workers = 2
        var status = RunStatus.completed
        var day = "2026-01-10"
        var revision = "abc1234"
        var host = "alpha"
        var context = #"{"cores":2,"processor":"p"}"#
    }

    /// Seven runs, numbered from 1.
    static let runs = [
        Asked(variant: "a", topology: "server"),
        Asked(variant: "b", method: "topk", day: "2026-01-11", context: #"{"cores":64}"#),
        Asked(variant: "c", topology: "tree", method: "gtopk", workers: 4, day: "2026-01-12"),
        Asked(variant: "d", method: "sketch", workers: 4, revision: "def5678-dirty"),
        Asked(variant: "e", status: .failed, revision: "abd", host: "beta"),
        Asked(variant: "f", status: .cancelled, day: "2026-02-01", host: "gamma"),
        Asked(variant: "g|h", topology: "halvingDoubling", method: "sketch", workers: 4),
    ]

    /// Writes it.
    static func make(at path: String) throws {
        let store = try RunStore(path: path)
        for asked in runs {
            let run = try store.createRun(description(of: asked))
            try store.setStatus(run: run, .running, parameters: 100)
            for rank in 0..<asked.workers {
                try store.insert(steps: (0..<5).map { step(run, rank: rank, $0) })
            }
            try store.insert(nodes: [
                NodeRow(run: run, rank: 0, role: "worker", name: "w", host: "node-\(run)", pid: 7)
            ])
            if asked.status == .completed { try store.summarise(run: run, checksum: 0xABC) }
            let words = asked.status == .failed ? "worker 1 | was lost" : nil
            try store.setStatus(run: run, asked.status, failure: words)
        }
        try DatabaseQueue(path: path).write { database in
            for (index, asked) in runs.enumerated() {
                try database.execute(
                    sql: "UPDATE run SET created_at = ? WHERE id = ?",
                    arguments: ["\(asked.day)T09:30:00.000Z", index + 1])
            }
        }
    }

    private static func description(of asked: Asked) -> RunDescription {
        RunDescription(
            experiment: "asked", experimentText: "experiment: asked\n", variant: asked.variant,
            seed: 1, topology: asked.topology, method: "\(asked.method) k=1%",
            methodName: asked.method, optimizer: "sgd", dataset: "digits", model: "softmax",
            workers: asked.workers, batch: 8, link: nil, target: nil, config: "{}",
            caseHash: "case", contextHash: asked.context, gitRevision: asked.revision,
            host: #"{"host":"\#(asked.host)"}"#, uuid: UUID().uuidString, context: asked.context)
    }

    private static func step(_ run: Int64, rank: Int, _ number: Int) -> StepRow {
        StepRow(
            run: run, rank: rank, step: number, loss: 0.5, totalNanoseconds: 21_000_000,
            computeNanoseconds: 1_000_000, encodeNanoseconds: 2_000_000,
            exchangeNanoseconds: 3_000_000, waitNanoseconds: 4_000_000,
            decodeNanoseconds: 5_000_000, updateNanoseconds: 6_000_000, bytesSent: 100,
            bytesReceived: 200, messagesSent: 1)
    }
}
