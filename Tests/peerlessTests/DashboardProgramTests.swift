import Browsing
import Foundation
import Testing

/// The built program's `dashboard`, as a user, a browser and a supervisor meet it.
@Suite("peerless dashboard", .serialized, .timeLimit(.minutes(10)))
struct DashboardProgramTests {
    private let program: Program

    init() throws {
        program = try Program()
    }

    /// Starts it on a port of the system's choice, which it tells.
    private func start(_ more: [String] = []) throws -> (running: Program.Running, port: Int) {
        let running = try program.start(["dashboard", "--port", "0"] + more)
        let told = /http:\/\/127\.0\.0\.1:([0-9]+)\//
        #expect(waitUntil(30) { running.errorText.contains(told) || !running.process.isRunning })
        let found = try #require(running.errorText.firstMatch(of: told), "\(running.errorText)")
        return (running, try #require(Int(found.1)))
    }

    @Test("it serves pages, figures and events until it is told to end, and leaves nothing")
    func whole() throws {
        try AskedStore.make(at: program.path("peerless.db"))
        let (running, port) = try start()
        for (target, words) in [
            ("/", "asked"), ("/experiments/asked", "Comparison"),
            ("/runs/5", "worker 1 | was lost"),
            ("/metrics", "peerless_runs{status=\"completed\"} 5.0\n"), ("/healthz", "ok\n"),
            ("/live.js", "EventSource"),
        ] {
            let answer = try Browser.ask(target, port: port)
            #expect(answer.status == 200 && answer.body.contains(words), "\(target)")
        }
        #expect(try Browser.ask("/nothing", port: port).status == 404)
        #expect(try Browser.ask("/", port: port, host: "evil.example").status == 421)
        #expect(try Browser.ask("http://evil.example/", port: port).status == 421)
        let listener = try Browser(port: port)
        try listener.send("GET", "/events")
        _ = try listener.read(until: "event: change\ndata: []")
        kill(running.process.processIdentifier, SIGTERM)
        let result = try running.finish(withinSeconds: 30)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
        #expect(try listener.read().hasSuffix("\r\n0\r\n\r\n"))
        #expect(program.processes().isEmpty)
    }

    @Test("a database that comes later is served, and Ctrl-C ends it with 0")
    func later() throws {
        let (running, port) = try start()
        #expect(running.errorText.contains("waited for"))
        #expect(try Browser.ask("/", port: port).status == 503)
        #expect(try Browser.ask("/healthz", port: port).status == 200)
        try AskedStore.make(at: program.path("peerless.db"))
        #expect(try Browser.ask("/", port: port).status == 200)
        kill(running.process.processIdentifier, SIGINT)
        #expect(try running.finish(withinSeconds: 30).status == 0)
    }

    @Test("a port that is taken, and a file that is no database, end it with 2 and their name")
    func refused() throws {
        try AskedStore.make(at: program.path("peerless.db"))
        let port = try start().port
        let taken = try program.run(["dashboard", "--port", "\(port)"])
        #expect(taken.status == 2 && taken.errors.contains("\(port)"), "\(taken.errors)")
        let file = try program.write("text.db", String(repeating: "no database. ", count: 100))
        let damaged = try program.run(["dashboard", "--port", "0", "--db", file])
        #expect(damaged.status == 2 && damaged.errors.contains("text.db"), "\(damaged.errors)")
    }
}
