import Foundation
import Testing

/// Keys and their absence, with real daemons.
@Suite("Keys of daemons", .serialized, .timeLimit(.minutes(10)))
struct KeysTests {
    /// Makes a folder of keys in the program's folder; its path.
    private func keys(_ program: Program, _ name: String = "keys") throws -> String {
        let result = try program.run(["keys", "init", program.path(name)])
        #expect(result.status == 0, "\(result.errors)")
        return program.path(name)
    }

    /// Every secret of a folder.
    private func secrets(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".key") }
            .map { name in
                let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                let line = text.split(separator: "\n").first { $0.hasPrefix("secret: ") }
                return String(try #require(line).dropFirst(8))
            }
    }

    private func end(_ running: Program.Running) throws -> Program.Result {
        kill(running.process.processIdentifier, SIGTERM)
        return try running.finish(withinSeconds: 15)
    }

    /// All bytes of the database, its log included, as text.
    private func database(_ program: Program) -> String {
        ["peerless.db", "peerless.db-wal"].map { name in
            let data = FileManager.default.contents(atPath: program.path(name)) ?? Data()
            return String(decoding: data, as: UTF8.self)
        }.joined()
    }

    private static let experiment = """
        experiment: secret
        dataset: digits
        model: softmax
        workers: 2
        batch: 8
        steps: 40
        variants:
          - {name: server, topology: server, method: dense}
          - {name: ring, topology: ring, method: {topk: {k: 10%}}}

        """

    @Test(
        "with keys a run ends with the same bits as without, and no secret is seen anywhere",
        arguments: ["tcp", "ipc"])
    func sameBits(transport: String) throws {
        let program = try Program()
        let folder = try keys(program)
        let file = try program.write("secret.yaml", Self.experiment)
        let over = ["run", file, "--set", "transport=\(transport)"]
        let plain = try program.run(over)
        #expect(plain.status == 0, "\(plain.errors)")
        let expected = try program.compare().map(\.checksum)
        let running = try program.start(over + ["--keys", folder, "--log-level", "trace"])
        #expect(waitUntil(20) { program.processes(naming: "worker").count == 2 })
        let lines = program.processes().map {
            String(
                decoding: FileManager.default.contents(atPath: "/proc/\($0)/cmdline") ?? Data(),
                as: UTF8.self)
        }
        let result = try running.finish()
        #expect(result.status == 0, "\(result.errors)")
        #expect(try program.compare().suffix(2).map(\.checksum) == expected.suffix(2))
        #expect(lines.contains { $0.contains(folder) })
        for secret in try secrets(folder) {
            #expect(!lines.joined().contains(secret) && !result.errors.contains(secret))
            #expect(!result.output.contains(secret) && !database(program).contains(secret))
        }
    }

    @Test("no key, a wrong key and a revoked key get nowhere, find out why, and are recorded")
    func strangers() throws {
        let program = try Program()
        let folder = try keys(program)
        let other = try keys(program, "other")
        let (coordinator, endpoint) = try program.startCoordinator(["--keys", folder])
        let daemon = ["worker", "--coordinator", endpoint, "--connect-timeout", "3"]
        let noKey = try program.run(daemon)
        #expect(noKey.status == 1 && noKey.errors.contains("--keys"), "\(noKey.errors)")
        // Its own key is a stranger's; then it believes in another coordinator, too.
        let wrongCoordinator = try program.run(daemon + ["--keys", other])
        #expect(wrongCoordinator.status == 1, "\(wrongCoordinator.errors)")
        #expect(wrongCoordinator.errors.contains("coordinator.pub"), "\(wrongCoordinator.errors)")
        try FileManager.default.removeItem(atPath: "\(other)/coordinator.pub")
        try FileManager.default.copyItem(
            atPath: "\(folder)/coordinator.pub", toPath: "\(other)/coordinator.pub")
        let wrongKey = try program.run(daemon + ["--keys", other])
        #expect(wrongKey.status == 1 && wrongKey.errors.contains("authorized"))
        let status = ["status", "--coordinator", endpoint]
        let board = try program.run(status + ["--keys", folder])
        #expect(board.status == 0 && !board.output.contains("worker"), "\(board.errors)")
        #expect(try program.run(status).status == 1)
        // A worker is let in until its key is revoked; then it is as good as gone.
        #expect(try program.run(["keys", "add", folder, "gpu7", "--role", "worker"]).status == 0)
        #expect(try program.run(["keys", "revoke", folder, "worker"]).status == 0)
        try FileManager.default.removeItem(atPath: "\(folder)/worker.key")
        let late = try program.start(
            ["worker", "--name", "late", "--coordinator", endpoint, "--keys", folder])
        func isThere() throws -> Bool {
            try program.run(status + ["--keys", folder]).output.contains("worker late")
        }
        #expect(waitUntil(60) { (try? isThere()) == true })
        #expect(try program.run(["keys", "revoke", folder, "gpu7"]).status == 0)
        #expect(waitUntil(60) { (try? isThere()) == false })
        // Before it connects again it is recorded that its words are not heard.
        #expect(waitUntil(60) { database(program).contains("what it says is not heard") })
        let again = try program.run(daemon + ["--keys", folder])
        #expect(again.status == 1 && again.errors.contains("authorized"), "\(again.errors)")
        kill(late.process.processIdentifier, SIGKILL)
        #expect(try end(coordinator).status == 0)
        let recorded = database(program)
        // Either side may be the first to see that only one has keys.
        let reasons = ["it has no key", "before it had shown a key"]
        #expect(reasons.contains { recorded.contains($0) })
        for words in ["another key", "not on the list", "'gpu7' is revoked"] {
            #expect(recorded.contains(words), "\(words)")
        }
        #expect(recorded.contains("refused"))
    }

    @Test(
        "listening on a network takes keys or a word that it is meant",
        arguments: [
            ["coordinator", "--bind", "tcp://*:*"],
            ["coordinator", "--bind", "tcp://0.0.0.0:*"],
            ["worker", "--coordinator", "tcp://10.255.0.1:5555"],
        ])
    func openDoors(arguments: [String]) throws {
        let program = try Program()
        let result = try program.run(arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains("keys init") && result.errors.contains("--insecure"))
        #expect(!FileManager.default.fileExists(atPath: program.path("peerless.db")))
    }

    @Test("--insecure listens on the network, no word on this machine only, which it says")
    func insecure() throws {
        let program = try Program()
        let open = try program.start(["coordinator", "--bind", "tcp://*:*", "--insecure"])
        #expect(waitUntil(60) { open.text.hasPrefix("listening on tcp://0.0.0.0:") })
        #expect(try end(open).status == 0)
        let quiet = try program.start(["coordinator"])
        // Its standard port may be taken on this machine.
        #expect(waitUntil(60) { !quiet.text.isEmpty || !quiet.process.isRunning })
        #expect(quiet.errorText.contains("this machine only"))
        _ = try end(quiet)
    }

    @Test("bad folders of keys end with 2 and say what to do")
    func badFolders() throws {
        let program = try Program()
        let missing = try program.run(["status", "--coordinator", "tcp://x:1", "--keys", "nowhere"])
        #expect(missing.status == 2 && missing.errors.contains("keys init nowhere"))
        let folder = try keys(program)
        let again = try program.run(["keys", "init", folder])
        #expect(again.status == 2 && again.errors.contains("never overwritten"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: "\(folder)/worker.key")
        let daemon = ["worker", "--coordinator", "tcp://127.0.0.1:1"]
        let open = try program.run(daemon + ["--keys", folder])
        #expect(open.status == 2 && open.errors.contains("chmod 600 \(folder)/worker.key"))
        let both = try program.run(daemon + ["--keys", folder, "--insecure"])
        #expect(both.status == 2 && both.errors.contains("one of them"))
        let list = try program.run(["keys", "list", folder])
        #expect(list.status == 2 && list.errors.contains("chmod 600"))
    }

    @Test("the doctor of a machine that has a worker's key only asks with that, while it is let in")
    func doctorOfWorker() throws {
        let program = try Program()
        let folder = try keys(program)
        let own = program.path("own")
        try FileManager.default.copyItem(atPath: folder, toPath: own)
        for name in ["coordinator.key", "server.key", "client.key"] {
            try FileManager.default.removeItem(atPath: "\(own)/\(name)")
        }
        let (coordinator, endpoint) = try program.startCoordinator(["--keys", folder])
        let ask = ["doctor", "--coordinator", endpoint, "--keys", own]
        let well = try program.run(ask)
        #expect(well.status == 0, "\(well.output)\(well.errors)")
        #expect(well.output.contains("lets this machine's worker key in"), "\(well.output)")
        #expect(well.output.contains("ok      packets"), "\(well.output)")
        #expect(try program.run(["keys", "revoke", folder, "worker"]).status == 0)
        // The coordinator looks at its list once a second.
        var ill = well
        #expect(
            waitUntil(60) {
                ill = (try? program.run(ask)) ?? well
                return ill.status == 4 && ill.output.contains("authorized/")
            }, "\(ill.output)")
        let none = try program.run(["doctor", "--coordinator", endpoint])
        #expect(none.status == 4 && none.output.contains("--keys DIR"), "\(none.output)")
        #expect(try end(coordinator).status == 0)
    }

    @Test("the benchmark measures the same with and without keys")
    func bench() throws {
        let program = try Program()
        let result = try program.run([
            "bench", "collective", "--keys", "--transport", "tcp", "--topology", "ring",
            "--workers", "2", "--bytes", "4,5000", "--repetitions", "2", "--json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        #expect(rows.count == 8 && rows.filter { $0["encrypted"] as? Bool == true }.count == 4)
    }
}
