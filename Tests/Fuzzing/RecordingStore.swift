import Cluster
import Foundation
import GRDB
import Membership
import RunStore
import Wire

/// A coordinator's database with one run, which every input tells anew.
final class RecordingStore {
    private let folder: ScratchFolder
    private let store: RunStore
    private let broom: DatabaseQueue
    private let run: Int64

    init() throws {
        folder = try ScratchFolder()
        let path = folder.path + "/recorded.db"
        store = try RunStore(path: path)
        run = try store.createRun(ForeignArchive.description())
        broom = try DatabaseQueue(path: path)
    }

    /// Records what follows from the words of two daemons; whether that is anything measured or told.
    func takes(_ bytes: [UInt8]) throws -> Bool {
        let recorder = Recorder(store: store, keepsSteps: true)
        var board = RunBoard(version: "1")
        board.submit(FuzzTarget.request(run))
        var now = 0.0
        var taken = false
        func record(_ effects: [RunBoard.Effect]) throws {
            for effect in effects {
                switch effect {
                case .steps, .evaluated, .observed, .checkpointed, .recovered: taken = true
                case .event(_, "dropped", _, _): taken = true
                default: break
                }
                try recorder.take(effect)
            }
        }
        for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(60) {
            let message = [ControlCodec.version] + line.dropFirst()
            guard let decoded = try? ControlCodec.decode(Array(message)) else { continue }
            try record(board.received(decoded, from: [line[line.startIndex]], now: now))
            now += 0.1
            try record(board.tick(now: now))
        }
        try record(board.shutdown(reason: "over", now: now))
        try record(board.tick(now: now + 60))
        try recorder.flush(always: true)
        try store.summarise(run: run, checksum: 7)
        try store.look(at: run)
        try forget()
        return taken
    }

    private func forget() throws {
        try broom.write { database in
            for table in [
                "step", "evaluation", "observation", "event", "recovery", "checkpoint", "node",
                "run_summary",
            ] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
        }
        try store.setStatus(run: run, .queued)
    }
}
