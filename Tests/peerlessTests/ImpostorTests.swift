import Foundation
import GRDB
import Testing
import Wire
import ZeroMQ

/// Peers that hold a key, or know an address, and say what is not theirs to say.
@Suite("Impostors", .serialized, .timeLimit(.minutes(10)))
struct ImpostorTests {
    /// One connection to the coordinator with a key of a folder.
    private final class Peer {
        private let context: Context
        private let socket: Socket

        init(_ folder: String, key: String, identity: String, endpoint: String) throws {
            let server = try #require(
                CurvePublicKey(try Self.field("public", folder, "coordinator.pub")))
            let secret = try #require(
                CurveSecretKey(try Self.field("secret", folder, "\(key).key")))
            context = try Context()
            socket = try Socket(
                .dealer, in: context,
                options: SocketOptions(
                    routingID: identity,
                    curve: .client(server: server, try CurveKeyPair(secret))))
            try socket.connect(endpoint)
        }

        private static func field(_ name: String, _ folder: String, _ file: String) throws -> String
        {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
            return String(try #require(line).dropFirst(name.count + 2))
        }

        /// The first answer to a message.
        func ask(_ message: ControlMessage) throws -> ControlMessage? {
            _ = try socket.send([ControlCodec.encode(message)])
            var answer: ControlMessage?
            _ = waitUntil(60) {
                answer = (try? socket.receiveParts(wait: false))?.flatMap(\.last).flatMap {
                    try? ControlCodec.decode($0)
                }
                return answer != nil
            }
            return answer
        }

        func refusal(of message: ControlMessage) throws -> String {
            guard case .refused(let reason)? = try ask(message) else { return "" }
            return reason
        }
    }

    private func hello(_ name: String, role: String = "worker", like board: Board) -> ControlMessage
    {
        .hello(
            Hello(
                role: role, name: name, version: board.version, pid: 1,
                host: board.nodes.first?.host ?? "", bootID: "b"))
    }

    @Test(
        "a worker's key speaks as nobody else, and takes no name of another key, however it connects"
    )
    func workerKey() throws {
        let program = try Program()
        let folder = program.path("keys")
        #expect(try program.run(["keys", "init", folder]).status == 0)
        #expect(try program.run(["keys", "add", folder, "gpu7", "--role", "worker"]).status == 0)
        let (coordinator, endpoint) = try program.startCoordinator(["--keys", folder])
        let there = ["--coordinator", endpoint, "--keys", folder]
        let victim = try program.start(["worker", "--name", "victim"] + there)
        func board() throws -> Board {
            let text = try program.run(["status", "--json"] + there).output
            return try JSONDecoder().decode(Board.self, from: Data(text.utf8))
        }
        #expect(waitUntil(20) { (try? board().nodes.count) == 1 })
        let known = try board()
        for identity in ["one", "another"] {
            let peer = try Peer(folder, key: "gpu7", identity: identity, endpoint: endpoint)
            for role in ["server", "coordinator", "client"] {
                let why = try peer.refusal(of: hello("x", role: role, like: known))
                #expect(why.contains("not a \(role)'s"), "\(why)")
            }
            #expect(
                try peer.refusal(of: hello("x", role: "data", like: known)).contains(
                    "role: found data"))
            let taken = try peer.refusal(of: hello("victim", like: known))
            #expect(taken.contains("another key's"), "\(taken)")
            for words: ControlMessage in [.shutdown, .status, .cancelRun(1), .submit([])] {
                #expect(try peer.refusal(of: words).contains("not a client's"), "\(words)")
            }
        }
        // Who is it is known by the key, and stays so when somebody else uses its identity.
        let own = try Peer(folder, key: "gpu7", identity: "mine", endpoint: endpoint)
        guard case .welcome? = try own.ask(hello("gpu7", like: known)) else {
            Issue.record("a worker's key is not a worker's")
            return
        }
        let thief = try Peer(folder, key: "worker", identity: "mine", endpoint: endpoint)
        let why = try thief.refusal(of: hello("thief", like: known))
        #expect(why.contains("this identity is another key's"), "\(why)")
        let now = try board()
        #expect(now.nodes.contains { $0.name == "victim" && $0.pid == known.nodes[0].pid })
        #expect(now.nodes.allSatisfy { $0.name == "victim" || $0.name == "gpu7" })
        for running in [victim, coordinator] {
            kill(running.process.processIdentifier, SIGTERM)
            #expect(try running.finish(withinSeconds: 15).status == 0)
        }
    }

    @Test(
        "the next coordinator gives a member's name to no other key, and the member its place")
    func afterRestart() throws {
        let program = try Program()
        let folder = program.path("keys")
        #expect(try program.run(["keys", "init", folder]).status == 0)
        #expect(try program.run(["keys", "add", folder, "gpu7", "--role", "worker"]).status == 0)
        let (coordinator, endpoint) = try program.startCoordinator(["--keys", folder])
        let there = ["--coordinator", endpoint, "--keys", folder]
        let members = try ["a", "b"].map { try program.start(["worker", "--name", $0] + there) }
        let file = try program.write(
            "long.yaml",
            """
            experiment: long
            dataset: digits
            model: softmax
            workers: 2
            batch: 8
            steps: 100000000
            deadline: 60s
            onLoss: wait
            variants:
              - {name: only, topology: ring, method: dense}

            """)
        let submitted = try program.run(["submit", file] + there)
        #expect(submitted.status == 0, "\(submitted.errors)")
        #expect(program.waitForSteps(of: 1))
        // The member cannot come back before the stranger knocks.
        kill(members[1].process.processIdentifier, SIGSTOP)
        kill(coordinator.process.processIdentifier, SIGKILL)
        coordinator.process.waitUntilExit()
        let next = try program.start(["coordinator", "--bind", endpoint, "--keys", folder])
        #expect(waitUntil(20) { next.text.contains("listening") }, "\(next.errorText)")
        let peer = try Peer(folder, key: "gpu7", identity: "stranger", endpoint: endpoint)
        let text = try program.run(["status", "--json"] + there).output
        let board = try JSONDecoder().decode(Board.self, from: Data(text.utf8))
        let why = try peer.refusal(of: hello("b", like: board))
        #expect(why == "the name b is another key's; choose another with --name")
        kill(members[1].process.processIdentifier, SIGCONT)
        var shown = ""
        #expect(
            waitUntil(60) {
                shown = (try? program.run(["show", "1", "--format", "json"]).output) ?? ""
                return shown.contains("2 of 2 members came back")
            }, "\(shown)")
        #expect(try program.run(["cancel", "1"] + there).status == 0)
        #expect(waitUntil(60) { (try? program.compare().map(\.status)) == ["cancelled"] })
        for running in members + [next] {
            kill(running.process.processIdentifier, SIGTERM)
            #expect(try running.finish(withinSeconds: 15).status == 0)
        }
        let database = try DatabaseQueue(path: program.path("peerless.db"))
        let (details, keys) = try database.read {
            (
                try String.fetchAll($0, sql: "SELECT detail FROM event WHERE kind = 'refused'"),
                try String.fetchAll($0, sql: "SELECT DISTINCT public_key FROM node")
            )
        }
        #expect(details.count == 1 && details[0].contains(why) && keys.count == 1)
        #expect(
            try String(contentsOfFile: "\(folder)/worker.key", encoding: .utf8)
                .contains("public: \(keys.first ?? "-")"))
    }

    @Test("what a peer that is let in may not say is recorded once, however often it is said")
    func repeatedWords() throws {
        let program = try Program()
        let folder = program.path("keys")
        #expect(try program.run(["keys", "init", folder]).status == 0)
        #expect(try program.run(["keys", "add", folder, "gpu7", "--role", "worker"]).status == 0)
        let (coordinator, endpoint) = try program.startCoordinator(
            ["--keys", folder, "--heartbeat", "60s"])
        let text = try program.run(
            ["status", "--json", "--coordinator", endpoint, "--keys", folder]
        ).output
        let board = try JSONDecoder().decode(Board.self, from: Data(text.utf8))
        let owner = try Peer(folder, key: "worker", identity: "one", endpoint: endpoint)
        guard case .welcome? = try owner.ask(hello("one", like: board)) else {
            Issue.record("a worker's key is not a worker's")
            return
        }
        let (client, worker) = (
            try Peer(folder, key: "client", identity: "a", endpoint: endpoint),
            try Peer(folder, key: "gpu7", identity: "b", endpoint: endpoint)
        )
        var other = Board(runs: [], nodes: [], database: "")
        other.version = "9"
        let tries: [(Peer, ControlMessage)] = [
            (client, hello("x", like: board)), (worker, hello("y", like: other)),
            (worker, hello("one", like: board)), (worker, hello("z", role: "data", like: board)),
            (worker, .shutdown),
        ]
        for (peer, words) in tries {
            for _ in 0..<50 { #expect(try !peer.refusal(of: words).isEmpty, "\(words)") }
        }
        kill(coordinator.process.processIdentifier, SIGTERM)
        #expect(try coordinator.finish(withinSeconds: 15).status == 0)
        let events = try program.tamper(
            "SELECT ifnull(node, '-'), detail FROM event WHERE kind = 'refused' ORDER BY rowid"
        ).split(separator: "\n")
        #expect(events.map { $0.prefix { $0 != "|" } } == ["x", "y", "one", "z", "-"], "\(events)")
        #expect(
            events.allSatisfy { $0.contains("a peer at 127.0.0.1 was not let in: ") },
            "\(events)")
        #expect(events.allSatisfy { $0.contains("; key ") }, "\(events)")
    }

    @Test("forged frames change no bit of a run, are counted, and stand in what is shown of it")
    func forgedFrames() throws {
        let program = try Program()
        let file = try program.write(
            "forged.yaml",
            """
            experiment: forged
            dataset: digits
            model: mlp
            workers: 2
            batch: 8
            steps: 2000
            transport: tcp
            variants:
              - {name: calm, topology: ring, method: dense}
              - {name: disturbed, topology: ring, method: dense}

            """)
        let running = try program.start(["run", file])
        #expect(program.waitForSteps(of: 2))
        // The run's steps wait for the strangers.
        let workers = program.processes(naming: "worker")
        for pid in workers { kill(pid, SIGSTOP) }
        let ports = workers.flatMap(listeningPorts)
        #expect(ports.count == 2)
        var header = [UInt8](repeating: 0, count: FrameHeader.byteCount)
        let foreign = FrameHeader(
            from: 0, run: 42, generation: 0, operation: 1, index: 0, length: 4)
        header.withUnsafeMutableBytes { foreign.encode(into: $0) }
        let context = try Context()
        for port in ports {
            let stranger = try Socket(
                .push, in: context, options: SocketOptions(lingerMilliseconds: 2_000))
            try stranger.connect("tcp://127.0.0.1:\(port)")
            for _ in 0..<7 { _ = try stranger.send([header, [1, 2, 3, 4]]) }
            for _ in 0..<5 { _ = try stranger.send([[1, 2, 3], [4]]) }
        }
        for pid in workers { kill(pid, SIGCONT) }
        let result = try running.finish(withinSeconds: 90)
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.count == 2 && rows[0].checksum != nil && rows[0].checksum == rows[1].checksum)
        let shown = try program.run(["show", "2", "--format", "json"]).output
        #expect(shown.contains("strange frames"))
        let counts = shown.matches(of: /(\d+) that were no frames, (\d+) of another run/)
        #expect(counts.reduce(0) { $0 + (Int($1.output.1) ?? 0) } == 10, "\(shown)")
        #expect(counts.reduce(0) { $0 + (Int($1.output.2) ?? 0) } == 14, "\(shown)")
        #expect(try !program.run(["show", "1"]).output.contains("strange frames"))
    }
}
