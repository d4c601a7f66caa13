import Foundation
import Testing
import Wire
import ZeroMQ

/// The daemons started by hand, as on several terminals or machines.
@Suite("Daemons by hand", .serialized, .timeLimit(.minutes(10)))
struct DaemonTests {
    private func end(_ running: Program.Running) throws -> Program.Result {
        kill(running.process.processIdentifier, SIGTERM)
        return try running.finish(withinSeconds: 10)
    }

    @Test("submit, status and cancel do what run does; workers take one run after another")
    func byHand() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let there = ["--coordinator", endpoint]
        let file = try program.write("all.yaml", Experiments.everything(workers: 2, steps: 3))
        let queued = try program.run(["submit", file] + there)
        #expect(queued.status == 0 && queued.output.contains("1, 2, 3"))
        let waiting = try program.run(["status"] + there)
        #expect(waiting.output.contains("waits for 2 more workers and 1 server"))
        var daemons: [Program.Running] = []
        for name in ["a", "b"] {
            daemons.append(try program.start(["worker", "--name", name] + there))
        }
        daemons.append(try program.start(["server"] + there))
        let endless = try program.write("endless.yaml", Experiments.endless)
        #expect(try program.run(["submit", endless] + there).status == 0)
        // Runs 1 to 13 are the experiment's, 14 and 15 the endless ones.
        #expect(
            waitUntil(60) {
                let text = (try? program.run(["status"] + there).output) ?? ""
                return text.contains("run 14 endless/one seed 1 running step")
                    && !text.contains("run 14 endless/one seed 1 running step 0/0")
            })
        for run in ["15", "14"] {
            let cancelled = try program.run(["cancel", run] + there)
            #expect(cancelled.status == 0, "\(cancelled.errors)")
        }
        #expect(try program.run(["cancel", "99"] + there).status == 1)
        let small = try program.write("two.yaml", Experiments.everything(workers: 1, steps: 2))
        let waited = try program.run(["submit", small, "--only", "dense-tree", "--wait"] + there)
        #expect(waited.status == 0, "\(waited.errors)")
        let status = try program.run(["status", "--json"] + there).output
        let board = try JSONDecoder().decode(Board.self, from: Data(status.utf8))
        #expect(board.nodes.map(\.role) == ["worker", "worker", "server"])
        #expect(
            board.runs.map(\.status)
                == Array(repeating: "completed", count: 13) + [
                    "cancelled", "cancelled", "completed",
                ])
        // The coordinator tells its daemons to end with it.
        #expect(try end(coordinator).status == 0)
        for daemon in daemons { #expect(try daemon.finish(withinSeconds: 10).status == 0) }
        #expect(program.processes().isEmpty)
    }

    @Test("a busy port is named, and nothing is written")
    func busyPort() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let second = try program.run([
            "coordinator", "--bind", endpoint, "--db", program.path("other.db"),
        ])
        #expect(second.status == 1 && second.errors.contains(endpoint))
        #expect(second.errors.contains("name another port with --bind"), "\(second.errors)")
        #expect(try end(coordinator).status == 0)
    }

    @Test("a worker of another version is refused with both versions and the remedy")
    func otherVersion() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let context = try Context()
        let socket = try Socket(.dealer, in: context)
        try socket.connect(endpoint)
        let hello = Hello(
            role: "worker", name: "old", version: "0.0.1", pid: 1, host: "x", bootID: "y")
        _ = try socket.send([ControlCodec.encode(.hello(hello))])
        var answer: ControlMessage?
        _ = waitUntil(5) {
            answer = (try? socket.receiveParts(wait: false))?.flatMap(\.last).flatMap {
                try? ControlCodec.decode($0)
            }
            return answer != nil
        }
        guard case .refused(let reason)? = answer else {
            Issue.record("found \(String(describing: answer))")
            return
        }
        #expect(reason.contains("0.0.1") && reason.contains("use the same peerless"))
        #expect(try end(coordinator).status == 0)
    }

    @Test("noise at the coordinator's door harms nobody")
    func noise() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let context = try Context()
        let socket = try Socket(.dealer, in: context)
        try socket.connect(endpoint)
        for length in [0, 1, 7, 100, 10_000] {
            _ = try socket.send([[UInt8](repeating: 0xA5, count: length)])
        }
        _ = try socket.send([[1], [2], [3]])
        #expect(try program.run(["status", "--coordinator", endpoint]).status == 0)
        #expect(try end(coordinator).status == 0)
    }

    @Test("a worker that is told to end by a signal ends well")
    func workerSignal() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let worker = try program.start(["worker", "--name", "w", "--coordinator", endpoint])
        #expect(
            waitUntil(10) {
                (try? program.run(["status", "--coordinator", endpoint]).output.contains("worker w"))
                    ?? false
            })
        #expect(try end(worker).status == 0)
        #expect(
            waitUntil(10) {
                (try? program.run(["status", "--coordinator", endpoint]).output.contains("worker w"))
                    == false
            })
        #expect(try end(coordinator).status == 0)
        // Its own end is on record, too, and the log was written back into the file.
        let database = FileManager.default.contents(atPath: program.path("peerless.db")) ?? Data()
        let text = String(decoding: database, as: UTF8.self)
        #expect(text.contains("stopped") && text.contains("signal SIGTERM"))
        #expect(!FileManager.default.fileExists(atPath: program.path("peerless.db-wal")))
    }
}
