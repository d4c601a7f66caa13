import Foundation
import Synchronization
import Testing
import Wire

/// Words of the coordinator that get lost on their way to real daemons.
@Suite("Lost words", .serialized, .timeLimit(.minutes(10)))
struct LostWordsTests {
    private static let experiment = """
        experiment: lost-words
        dataset: digits
        model: softmax
        workers: 2
        batch: 8
        steps: 100
        deadline: 20s
        onLoss: abort
        evaluate: {every: 25}
        variants:
          - {name: one, topology: ring, method: dense}
          - {name: two, topology: tree, method: dense}

        """

    private func worker(
        _ name: String, at endpoint: String, _ program: Program
    ) throws -> Program.Running {
        try program.start(["worker", "--name", name, "--coordinator", endpoint])
    }

    private static func kind(of message: ControlMessage) -> String {
        switch message {
        case .welcome: "welcome"
        case .assign: "assign"
        case .start: "start"
        case .recorded: "recorded"
        case .release: "release"
        default: ""
        }
    }

    @Test("every kind of word is said again when the first one is lost, and no run notices")
    func firstOfEach() throws {
        let program = try Program()
        // The usual heartbeat, which a busy machine keeps.
        let (coordinator, endpoint) = try program.startCoordinator()
        let lost = Mutex<Set<String>>([])
        let relay = Relay(to: endpoint) { message in
            let kind = Self.kind(of: message)
            return !kind.isEmpty && lost.withLock { $0.insert(kind).inserted }
        }
        defer { relay.close() }
        let daemons = [
            try worker("a", at: endpoint, program), try worker("b", at: relay.endpoint(), program),
        ]
        let file = try program.write("lost.yaml", Self.experiment)
        let result = try program.run(["submit", file, "--wait", "--coordinator", endpoint])
        #expect(result.status == 0, "\(result.errors)")
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["completed", "completed"])
        #expect(try program.steps().count == 400)
        #expect(
            lost.withLock { $0 } == ["welcome", "assign", "start", "recorded", "release"])
        kill(coordinator.process.processIdentifier, SIGTERM)
        #expect(try coordinator.finish(withinSeconds: 15).status == 0)
        for daemon in daemons { #expect(try daemon.finish(withinSeconds: 15).status == 0) }
    }

    @Test(
        "a coordinator that dies between the words that start a run: the next one sees to its end")
    func halfStarted() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let first = coordinator.process.processIdentifier
        let isDead = Mutex(false)
        // The other worker is told to start, and waits for this one; the coordinator is no more.
        let relay = Relay(to: endpoint) { message in
            guard case .start = message else { return false }
            return isDead.withLock { isDead in
                defer { isDead = true }
                if !isDead { kill(first, SIGKILL) }
                return !isDead
            }
        }
        defer { relay.close() }
        let daemons = [
            try worker("a", at: endpoint, program), try worker("b", at: relay.endpoint(), program),
        ]
        let file = try program.write("lost.yaml", Self.experiment)
        let submitted = try program.run(["submit", file, "--coordinator", endpoint])
        #expect(submitted.status == 0, "\(submitted.errors)")
        #expect(waitUntil(30) { isDead.withLock { $0 } })
        let next = try program.start(["coordinator", "--bind", endpoint])
        func areDone() -> Bool {
            let statuses = (try? program.compare().map(\.status)) ?? []
            return statuses == ["completed", "completed"]
        }
        #expect(waitUntil(60, areDone))
        #expect(try program.steps().count == 400)
        kill(next.process.processIdentifier, SIGTERM)
        #expect(try next.finish(withinSeconds: 15).status == 0)
        for daemon in daemons { #expect(try daemon.finish(withinSeconds: 15).status == 0) }
    }
}
