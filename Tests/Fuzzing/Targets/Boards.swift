import Foundation
import Membership
import Wire

/// The coordinator's mind, told by two daemons whatever they like.
extension FuzzTarget {
    /// `RunBoard`: an input is lines, each the number of a daemon and a message's JSON.
    static let board = FuzzTarget("board", share: 10_000, .text(boardWords)) {
        [Array(conversation.joined(separator: "\n").utf8)]
    } open: {
        { bytes in
            var board = RunBoard(version: "1")
            board.submit(request(1))
            var taken = false
            var now = 0.0
            for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(200) {
                let message = [ControlCodec.version] + line.dropFirst()
                guard let decoded = try? ControlCodec.decode(Array(message)) else { continue }
                let effects = board.received(decoded, from: [line[line.startIndex]], now: now)
                taken = taken || !effects.isEmpty
                now += 0.1
                _ = board.tick(now: now)
            }
            guard board.board(database: "d").runs.count == 1 else { throw Broken("runs") }
            _ = board.shutdown(reason: "over", now: now)
            return taken
        }
    }

    /// A run of two workers.
    static func request(_ run: Int64) -> RunBoard.Request {
        RunBoard.Request(
            id: run, experiment: "e", variant: "v", seed: 1, workers: 2, batch: 32,
            needsServer: false, emulatesLink: false, config: "{}", identity: 1,
            policy: MembershipPolicy(onLoss: .regroup, restartsServer: true))
    }

    /// A worker's first words.
    static func greeting(_ rank: Int) -> String { conversation[rank] }

    static let boardWords =
        [
            "\"metrics\"", "\"done\"", "\"ready\"", "\"held\"", "\"states\"", "\"evaluation\"",
            "\"observed\"",
            "\"bye\"", "0", "1", "null",
            "[]",
        ]
        + TextMutator.numbers

    /// What two workers say in a run of two steps.
    static var conversation: [String] {
        var record = StepRecord(step: 0)
        record.loss = 0.5
        record.total = 1_000_000
        record.checksum = 7
        var next = record
        next.step = 1
        let steps: [(Int) -> ControlMessage] = [
            { rank in
                .hello(
                    Hello(
                        role: "worker", name: "w\(rank)", version: "1", pid: 7, host: "h",
                        bootID: "b"))
            },
            { rank in
                .ready(
                    Ready(
                        run: 1, identity: 1, rank: rank, endpoint: "tcp://127.0.0.1:5",
                        parameters: 650,
                        steps: 2, dataChecksum: 9))
            },
            { .metrics(run: 1, generation: 0, rank: $0, steps: [record, next]) },
            { rank in
                .evaluation(
                    run: 1, generation: 0, rank: rank,
                    EvaluationPart(step: 2, seconds: 1, count: 100, lossSum: 12, correct: 90))
            },
            { rank in
                .observed(
                    run: 1, generation: 0, rank: rank, StepObservation(step: 1, workers: 2))
            },
            { rank in
                rank == 0
                    ? .bye
                    : .held(
                        Held(
                            run: 1, generation: 1,
                            states: [HeldState(step: 1, checksum: 7, epoch: 0, offset: 64)],
                            begun: 2))
            },
            { rank in
                .ready(
                    Ready(
                        run: 1, identity: 1, generation: 1, rank: 0, endpoint: "tcp://127.0.0.1:5",
                        parameters: 650, steps: 2, dataChecksum: 9))
            },
            { _ in .done(run: 1, generation: 1, rank: 0, .completed(checksum: 7)) },
        ]
        return steps.flatMap { say in
            (0..<2).map { rank in
                let json = (try? JSONEncoder().encode(say(rank))) ?? Data()
                return "\(rank)" + String(decoding: json, as: UTF8.self)
            }
        }
    }
}
