import Experiment
import Foundation
import GRDB
import RunStore

/// An archive with one completed run.
final class ForeignArchive {
    let path: String
    private let folder: ScratchFolder
    private var copies = 0

    init() throws {
        folder = try ScratchFolder()
        path = folder.path + "/archive.db"
        let store = try RunStore(path: folder.path + "/source.db")
        let run = try store.createRun(Self.description())
        try store.setStatus(run: run, .running, parameters: 100)
        for rank in 0..<2 { try store.insert(steps: (0..<5).map { Self.step(run, rank, $0) }) }
        try store.insert(nodes: [
            NodeRow(run: run, rank: 0, role: "worker", name: "w", host: "h", pid: 7),
            NodeRow(run: run, rank: 1, role: "worker", name: "v", host: "h", pid: 8),
        ])
        for node in ["w", "v"] {
            try store.setClock(
                run: run, generation: 0, node: node, offsetNanoseconds: 1 << 60,
                errorNanoseconds: 1)
        }
        try store.record(
            steps: [],
            evaluations: [
                EvaluationRow(
                    run: run, step: 5, seconds: 1, split: "test", loss: 1, accuracy: 0.5)
            ],
            events: [EventRow(run: run, time: Date(), kind: "k", node: "w", detail: "d")])
        try store.setStatus(run: run, .completed)
        try store.summarise(run: run, checksum: 7)
        try store.archive(runs: [run], to: path)
    }

    /// A copy to be changed.
    func copy() throws -> String {
        copies += 1
        let copy = folder.path + "/copy-\(copies).db"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        return copy
    }

    /// Changes values; false when SQLite takes one of them for no value of the column.
    static func change(_ path: String, _ lines: [Substring]) throws -> Bool {
        let database = try DatabaseQueue(path: path)
        return try database.write { database in
            for line in lines.prefix(8) {
                let parts = line.split(separator: "=", maxSplits: 1)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
                let names = (parts.first ?? "").split(separator: ".")
                guard parts.count == 2, names.count == 2,
                    try isColumn(String(names[1]), of: String(names[0]), in: database)
                else { return false }
                let number =
                    Int64(parts[1]).map(\.databaseValue)
                    ?? Double(parts[1]).map(\.databaseValue)
                do {
                    try database.execute(
                        sql: "UPDATE \(names[0]) SET \(names[1]) = ?",
                        arguments: [number ?? parts[1].databaseValue])
                } catch is DatabaseError {
                    return false
                }
            }
            return true
        }
    }

    private static func isColumn(
        _ name: String, of table: String, in database: Database
    ) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?",
            arguments: [table, name]) == 1
    }

    static func config() throws -> String {
        try ExperimentLoader.parse(text: FuzzTarget.experimentText, source: "fuzz")
            .variants.last?.canonicalJSON ?? "{}"
    }

    static func description() throws -> RunDescription {
        RunDescription(
            experiment: "e", experimentText: "experiment: e\n", variant: "v", seed: 1,
            topology: "ring", method: "dense", methodName: "dense", optimizer: "sgd",
            dataset: "digits", model: "softmax", workers: 2, batch: 8, link: "1gbit 200us",
            target: 0.5, config: try config(), caseHash: "case", contextHash: "context",
            gitRevision: nil, host: #"{"host":"h"}"#, uuid: UUID().uuidString,
            context: #"{"cores":2}"#)
    }

    private static func step(_ run: Int64, _ rank: Int, _ number: Int) -> StepRow {
        StepRow(
            run: run, rank: rank, step: number, loss: 1, totalNanoseconds: 6_000,
            computeNanoseconds: 1_000, encodeNanoseconds: 1_000, exchangeNanoseconds: 1_000,
            waitNanoseconds: 1_000, decodeNanoseconds: 1_000, updateNanoseconds: 1_000,
            bytesSent: 100, bytesReceived: 100, messagesSent: 1,
            beganNanoseconds: Int64(number) * 7_000)
    }
}
