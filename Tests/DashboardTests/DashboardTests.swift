import Browsing
import Dashboard
import Dispatch
import Foundation
import Logging
import RunStore
import Synchronization
import Testing

/// A folder with a database and a server over it; both go with it.
private final class Scene {
    let folder: URL
    let store: RunStore
    let server: DashboardServer

    let path: String

    /// - Parameter isEmpty: whether the server begins without a database.
    init(isEmpty: Bool = false, clientMilliseconds: Int = 30_000, listeners: Int = 64) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerless-dashboard-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try RunStore(path: folder.appending(path: "runs.db").path(percentEncoded: false))
        path = isEmpty ? folder.appending(path: "none.db").path(percentEncoded: false) : store.path
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var options = DashboardOptions(database: path, logger: logger)
        options.port = 0
        options.pollMilliseconds = 20
        options.clientMilliseconds = clientMilliseconds
        options.listeners = listeners
        server = try DashboardServer(options)
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    @discardableResult
    func run(_ experiment: String, variant: String = "ring") throws -> Int64 {
        let run = try store.createRun(
            RunDescription(
                experiment: experiment, experimentText: "t", variant: variant, seed: 1,
                topology: "ring", method: "dense", methodName: "dense", optimizer: "lr 0.1",
                dataset: "digits", model: "softmax", workers: 2, batch: 8, link: nil, target: nil,
                config: "{}", caseHash: "c", contextHash: "x", gitRevision: nil, host: "{}",
                uuid: UUID().uuidString))
        try store.setStatus(run: run, .running, parameters: 10)
        for rank in 0..<2 { try step(run, rank: rank, 0) }
        return run
    }

    func step(_ run: Int64, rank: Int, _ number: Int) throws {
        try store.insert(steps: [
            StepRow(
                run: run, rank: rank, step: number, loss: 0.25, totalNanoseconds: 20_000_000,
                computeNanoseconds: 5_000_000, encodeNanoseconds: 0, exchangeNanoseconds: 0,
                waitNanoseconds: 15_000_000, decodeNanoseconds: 0, updateNanoseconds: 0,
                bytesSent: 1_500, bytesReceived: 1_500, messagesSent: 1)
        ])
    }

    func get(_ target: String, _ method: String = "GET", host: String = "localhost") throws
        -> Browser.Answer
    {
        try Browser.ask(target, method: method, port: server.port, host: host)
    }
}

/// Holds threads that tasks share.
private final class ThreadHolder: Sendable {
    private let count: Int
    private let held = Mutex(0)
    private let end = DispatchSemaphore(value: 0)

    /// Returns when it holds them, or after 5 s.
    init(count: Int) {
        self.count = count
        for _ in 0..<count { Task.detached { self.hold() } }
        let deadline = ContinuousClock.now + .seconds(5)
        while held.withLock({ $0 < count }), ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    func release() {
        for _ in 0..<count { end.signal() }
    }

    private func hold() {
        held.withLock { $0 += 1 }
        _ = end.wait(timeout: .now() + 60)
    }
}

@Suite(.serialized, .timeLimit(.minutes(10))) struct DashboardTests {
    static let names = [
        "quickstart", ".", "..", "a/b", "<script>alert(1)</script>", "a&b=c?d#e%41", "\"'+ ü",
        "../../etc/passwd",
    ]

    @Test("it begins and answers while every thread that tasks share is held")
    func heldThreads() throws {
        // One of the threads is this test's own.
        let others = ThreadHolder(count: ProcessInfo.processInfo.activeProcessorCount - 1)
        defer { others.release() }
        let scene = try Scene()
        _ = try scene.run("held")
        #expect(try scene.get("/").status == 200)
    }

    @Test(
        "an experiment of any name has a page, linked from the index, and runs no script of its own",
        arguments: names)
    func experiments(name: String) throws {
        let scene = try Scene()
        let run = try scene.run(name, variant: name)
        let index = try scene.get("/")
        #expect(index.status == 200)
        #expect(!index.body.contains("<script>alert"))
        let mark = "href=\"/experiments"
        let start = try #require(index.body.range(of: mark)).lowerBound
        let link = index.body[start...].dropFirst("href=\"".count).prefix { $0 != "\"" }
        let page = try scene.get(String(link))
        #expect(page.status == 200 && page.body.contains("Comparison"))
        #expect(page.body.contains("<figure id=\"loss-step\">"))
        #expect(page.body.contains("href=\"/runs/\(run)\"") && page.body.contains("/live.js"))
        #expect(!page.body.contains("<script>alert"))
        let detail = try scene.get("/runs/\(run)")
        #expect(detail.status == 200 && detail.body.contains("softmax"))
        #expect(detail.body.contains("<figure id=\"waiting\">"))
        #expect(!detail.body.contains("<script>alert"))
    }

    @Test(
        "what is not there is said not to be",
        arguments: [
            "/nothing", "/runs/99", "/runs/x", "/runs/1/", "/runs/", "/experiments/none",
            "/experiments", "/experiments/", "/experiments/%FF", "/experiments?name=none", "//",
            "/../etc/passwd", "/metrics/",
        ])
    func notFound(target: String) throws {
        let scene = try Scene()
        try scene.run("e")
        #expect(try scene.get(target).status == 404)
    }

    @Test(
        "every answer forbids framing, sniffing and content from elsewhere",
        arguments: [
            "/", "/metrics", "/healthz", "/live.js", "/nothing",
        ])
    func headers(target: String) throws {
        let answer = try Scene().get(target)
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        #expect(answer.headers["cache-control"] == "no-store")
    }

    @Test("it only reads", arguments: ["POST", "PUT", "DELETE", "PATCH"])
    func readOnly(method: String) throws {
        let answer = try Scene().get("/", method)
        #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD")
    }

    @Test("HEAD is answered as GET, without a body")
    func head() throws {
        let scene = try Scene()
        let (get, head) = (try scene.get("/healthz"), try scene.get("/healthz", "HEAD"))
        #expect(head.status == 200 && head.body.isEmpty && get.body == "ok\n")
        #expect(head.headers["content-length"] == get.headers["content-length"])
    }

    @Test("on loopback it answers to this machine's names only")
    func foreignName() throws {
        let scene = try Scene()
        for host in ["evil.example:\(scene.server.port)", "127.evil.example", "10.0.0.1", ""] {
            #expect(try scene.get("/", host: host).status == 421, "\(host)")
        }
        for host in ["localhost", "127.0.0.1:8080", "[::1]:8080"] {
            #expect(try scene.get("/", host: host).status == 200, "\(host)")
        }
    }

    @Test(
        "a target that names a host is refused as a foreign Host is, whatever Host says",
        arguments: [
            ("http://evil.example/", 421), ("HTTP://evil.example:80/metrics", 421),
            ("https://evil.example?x", 421), ("http://localhost@evil.example/", 421),
            ("http:///", 421), ("http://10.0.0.1/healthz", 421), ("http://localhost/healthz", 200),
            ("http://127.0.0.1:8080/healthz", 200), ("http://[::1]/", 200),
            ("http://localhost", 200), ("http://localhost/nothing", 404),
            ("//evil.example/", 404),
        ])
    func absoluteForm(target: String, status: Int) throws {
        let scene = try Scene()
        try scene.run("e")
        let isNamed = target.lowercased().hasPrefix("http")
        #expect(try scene.get(target).status == status)
        #expect(try scene.get(target, host: "evil.example").status == (isNamed ? status : 421))
    }

    @Test("an event comes at once, and another one when a row is added")
    func events() throws {
        let scene = try Scene()
        let browser = try Browser(port: scene.server.port)
        try browser.send("GET", "/events")
        let first = try browser.read(until: "\n\n\r\n")
        #expect(first.contains("text/event-stream") && first.contains("event: change\ndata: []"))
        try scene.run("e")
        let second = try browser.read(until: "\"loss\":0.25")
        #expect(second.contains("\"experiment\":\"e\""))
    }

    @Test("the server ends though somebody listens for events, whose stream ends as it should")
    func ending() throws {
        let scene = try Scene()
        let browser = try Browser(port: scene.server.port)
        try browser.send("GET", "/events")
        _ = try browser.read(until: "event: change")
        #expect(scene.server.stop(withinSeconds: 20))
        #expect(!scene.server.isRunning)
        // The last chunk: the stream has ended, it was not cut off.
        #expect(try browser.read().hasSuffix("\r\n0\r\n\r\n"))
    }

    @Test("a port that is taken is named")
    func portInUse() throws {
        let scene = try Scene()
        var options = DashboardOptions(
            database: scene.store.path, logger: Logger(label: "test"))
        options.port = scene.server.port
        #expect(throws: DashboardError.portInUse(scene.server.port)) {
            try DashboardServer(options)
        }
    }

    @Test("a database that comes later, and one that takes its place, are served")
    func replaced() throws {
        let (scene, other) = (try Scene(isEmpty: true), try Scene())
        #expect(!FileManager.default.fileExists(atPath: scene.path))
        #expect(try scene.get("/").status == 503)
        #expect(try scene.get("/metrics").body.contains("peerless_database_readable 0.0\n"))
        #expect(!FileManager.default.fileExists(atPath: scene.path))
        for name in ["later", "latest"] {
            try other.store.setStatus(run: other.run(name), .completed)
            let copy = scene.path + ".copy"
            try other.store.archive(runs: other.store.runs(RunFilter()).map(\.run), to: copy)
            #expect(rename(copy, scene.path) == 0)
            let page = try scene.get("/")
            #expect(page.status == 200 && page.body.contains(name))
        }
    }

    @Test("a client that never ends its request, or takes no answer, is let go")
    func slowClients() throws {
        let scene = try Scene(clientMilliseconds: 200)
        let loris = try Browser(port: scene.server.port)
        try loris.send(text: "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        #expect(try loris.read().isEmpty)
        let talker = try Browser(port: scene.server.port)
        try talker.send(
            text: "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\nx")
        #expect(try talker.read().hasSuffix("ok\n"))
        let deaf = try Browser(port: scene.server.port)
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        #expect(throws: Browser.Trouble.self) {
            while true { try deaf.send(text: String(repeating: request, count: 200)) }
        }
        #expect(try scene.get("/healthz").status == 200)
    }

    @Test(
        "what is no request is refused, and the next one answered",
        arguments: [
            "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nTransfer-Encoding: x\r\nContent-Length: 5\r\n\r\n",
            "GET /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 1 << 20))\r\n\r\n",
            "GET / HTTP/1.1\r\n\(String(repeating: "a: b\r\n", count: 5_000))\r\n",
        ])
    func garbage(request: String) throws {
        let scene = try Scene(clientMilliseconds: 200)
        let browser = try Browser(port: scene.server.port)
        // The server may hang up before it has read all of it.
        try? browser.send(text: request)
        let answer = (try? browser.read()) ?? ""
        #expect(!answer.contains(" 200 "))
        #expect(try scene.get("/healthz").status == 200)
    }

    @Test("so many may listen for events, and what else is asked is answered meanwhile")
    func listeners() throws {
        let scene = try Scene(listeners: 2)
        let browsers = try (0..<2).map { _ in try Browser(port: scene.server.port) }
        for browser in browsers {
            try browser.send("GET", "/events")
            _ = try browser.read(until: "event: change")
        }
        #expect(try scene.get("/events").status == 503)
        #expect(try scene.get("/").status == 200)
    }

    @Test("the page about it names every metric there is, and no other")
    func documentedMetrics() throws {
        let scene = try Scene()
        let run = try scene.run("e")
        try scene.store.insert(evaluations: [
            EvaluationRow(run: run, step: 1, seconds: 1, split: "test", loss: 0.5, accuracy: 0.9)
        ])
        let there = Set(try Exposition.samples(try scene.get("/metrics").body).map(\.name))
            .union(["peerless_run_last_step_timestamp_seconds"])
        let page = try String(
            contentsOfFile: "\(#filePath)/../../../docs/live.md".standardized, encoding: .utf8)
        let named = page.matches(of: /`(peerless_[a-z_]+)/).map { String($0.1) }
        #expect(Set(named).subtracting(["peerless_run_"]) == there)
    }

    @Test(
        "the metrics follow the grammar, and tell of runs that go on",
        arguments: [
            "e", "a\"b\\c\nd",
        ])
    func metrics(name: String) throws {
        let scene = try Scene()
        try scene.run(name)
        let answer = try scene.get("/metrics")
        #expect(answer.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        let samples = try Exposition.samples(answer.body)
        func value(_ metric: String, _ label: String = "", _ wanted: String = "") -> Double? {
            samples.first { $0.name == metric && (label.isEmpty || $0.labels[label] == wanted) }?
                .value
        }
        #expect(value("peerless_runs", "status", "running") == 1)
        #expect(value("peerless_runs", "status", "failed") == 0)
        #expect(value("peerless_run_loss", "experiment", name) == 0.25)
        #expect(value("peerless_run_samples_per_second") == 800)
        #expect(value("peerless_run_step") == 1)
        #expect(value("peerless_run_step_sent_bytes") == 1_500)
        #expect(value("peerless_run_phase_seconds", "phase", "wait") == 0.015)
    }
}

extension String {
    fileprivate var standardized: String { (self as NSString).standardizingPath }
}
