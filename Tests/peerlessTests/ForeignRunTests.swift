import Foundation
import Testing
import Wire
import ZeroMQ

/// What a coordinator does with words about runs that its database does not have.
@Suite("Foreign runs", .serialized, .timeLimit(.minutes(10)))
struct ForeignRunTests {
    private func ask(
        _ message: ControlMessage, sequence: UInt64? = nil, through socket: borrowing Socket,
        until isAnswer: (ControlMessage) -> Bool
    ) throws -> ControlMessage? {
        let number = sequence.map { withUnsafeBytes(of: $0.littleEndian) { [[UInt8]($0)] } } ?? []
        _ = try socket.send(number + [ControlCodec.encode(message)])
        let end = Date().addingTimeInterval(20)
        while Date() < end {
            let parts = try socket.receiveParts(wait: true)
            let answer = try parts?.last.map { try ControlCodec.decode($0) }
            if let answer, isAnswer(answer) { return answer }
        }
        return nil
    }

    @Test("no word about a run that it does not have ends a coordinator")
    func survives() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let status = try program.run(["status", "--json", "--coordinator", endpoint]).output
        let board = try JSONDecoder().decode(Board.self, from: Data(status.utf8))
        let context = try Context()
        let socket = try Socket(
            .dealer, in: context, options: SocketOptions(receiveTimeoutMilliseconds: 100))
        try socket.connect(endpoint)
        let noted = try ask(.note(run: 99, kind: "x", detail: "y"), through: socket) { _ in true }
        guard case .refused(let reason)? = noted else {
            Issue.record("\(String(describing: noted))")
            return
        }
        #expect(reason.hasPrefix("run 99: no such run"))
        let hello = Hello(
            role: "worker", name: "w", version: board.version, pid: 1, host: "h", bootID: "b")
        _ = try ask(.hello(hello), through: socket) {
            if case .welcome = $0 { true } else { false }
        }
        let kept = try ask(
            .notice(run: 99, kind: "no checkpoint", detail: "disk"), sequence: 1, through: socket
        ) { $0 == .recorded(through: 1) }
        #expect(kept != nil)
        kill(coordinator.process.processIdentifier, SIGTERM)
        #expect(try coordinator.finish(withinSeconds: 15).status == 0)
        let row = try program.tamper(
            "SELECT run IS NULL, node, detail FROM event WHERE kind = 'no checkpoint'")
        #expect(row.hasPrefix("1|w|disk (of run 99, in which it has no place"), "\(row)")
    }
}
