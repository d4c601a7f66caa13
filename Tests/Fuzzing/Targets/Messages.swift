import Cluster
import Experiment
import Foundation
import Wire

/// What daemons, clients and the coordinator say to each other.
extension FuzzTarget {
    private static let words =
        [
            "\"", "{", "}", "[", "]", ",", ":", "null", "true", "\"hello\"", "\"metrics\"",
            "\"steps\"", "\"rank\"", "\"run\"", "\"_0\"", "\"_1\"", "\"submit\"", "\"config\"",
            "\"\\u0000\"", "\"\\ud800\"", "\\", "[[", "{}", "[]", "\"\"",
        ] + TextMutator.numbers

    /// `ControlCodec.decode`: what it takes is within the bounds that it promises.
    static let control = FuzzTarget("control", share: 40_000, .text(words)) {
        try messages.map { try ControlCodec.encode($0) }
    } open: {
        { bytes in
            guard let message = try? ControlCodec.decode(bytes) else { return false }
            guard let again = try? ControlCodec.encode(message),
                let same = try? ControlCodec.decode(again), same == message
            else { throw Broken("a message that cannot be said again") }
            return true
        }
    }

    /// The configuration of a run as a client or the coordinator sends it.
    static let variant = FuzzTarget("variant", share: 10_000, .text(words)) {
        try configurations.map { Array($0.utf8) }
    } open: {
        { bytes in
            guard let variant = try? Variant(json: String(decoding: bytes, as: UTF8.self))
            else { return false }
            let text =
                variant.methodSummary + variant.optimizer.summary
                + (variant.link?.summary ?? "")
            guard variant.workers >= 1, !text.isEmpty, !variant.canonicalJSON.isEmpty else {
                throw Broken("a variant that cannot be run")
            }
            return true
        }
    }

    /// `SharedMemoryAddress`, which a peer makes up.
    static let address = FuzzTarget(
        "address", share: 50_000,
        .text(["shm://", "/", "-", "4", "0"] + TextMutator.numbers)
    ) {
        [Array("shm://4711/12/18446744073709551615".utf8), Array("shm://1/0/0".utf8)]
    } open: {
        { bytes in
            guard let address = SharedMemoryAddress(String(decoding: bytes, as: UTF8.self))
            else { return false }
            guard address.process > 0, address.descriptor >= 0 else { throw Broken("an address") }
            return true
        }
    }

    /// A message of this version.
    static func controlMessage(_ json: String) -> [UInt8] {
        [ControlCodec.version] + Array(json.utf8)
    }

    /// A variant's JSON.
    static var configuration: String { (try? configurations.first) ?? "" }

    private static var configurations: [String] {
        get throws {
            try ExperimentLoader.parse(text: experimentText, source: "fuzz").variants.map(
                \.canonicalJSON)
        }
    }

    private static var messages: [ControlMessage] {
        get throws {
            var record = StepRecord(step: 41)
            record.loss = 0.5
            record.total = 1_000_000
            record.checksum = .max
            let hello = Hello(
                role: "worker", name: "a", version: "0.1.0", pid: 7, host: "h", bootID: "b")
            let config = try configurations[0]
            let assignment = Assignment(
                run: 1, identity: .max, generation: 0, rank: 3, worldSize: 4, seed: 1,
                oneHost: true, config: config)
            var run = Board.Run(id: 1, experiment: "e", variant: "v", seed: 1)
            run.loss = 0.1
            run.note = "waits"
            let node = Board.Node(name: "a", role: "worker", host: "h", pid: 7, run: 1)
            return [
                .hello(hello), .heartbeat, .assign(assignment), .welcome(heartbeatMilliseconds: 1),
                .stands(
                    Hello.Place(
                        run: 1, identity: 99, generation: 2, rank: 0, slot: 3, isHalted: true)),
                .ready(
                    Ready(
                        run: 1, identity: .max, rank: 0, endpoint: "tcp://127.0.0.1:5",
                        parameters: 650, steps: 9,
                        dataChecksum: .max)),
                .metrics(run: 1, generation: 0, rank: 3, steps: [record, record]),
                .evaluation(
                    run: 1, generation: 0, rank: 0,
                    EvaluationPart(step: 9, seconds: 1.5, count: 100, lossSum: 12, correct: 90)),
                .observed(run: 1, generation: 0, rank: 0, StepObservation(step: 9, workers: 4)),
                .done(run: 1, generation: 0, rank: 0, .completed(checksum: 5)),
                .done(
                    run: 1, generation: 0, rank: 0, .failed(reason: "loss is not finite at step 3")),
                .start(run: 1, generation: 0, endpoints: ["tcp://127.0.0.1:5", "shm://1/2/3"]),
                .cancel(run: 1, reason: "asked"), .accepted(runs: [1, 2]), .cancelRun(1), .status,
                .submit([
                    RunRequest(experiment: "e", experimentText: "x: 1", config: "{}", seed: .max)
                ]), .board(Board(runs: [run], nodes: [node], database: "p.db")),
            ]
        }
    }
}
