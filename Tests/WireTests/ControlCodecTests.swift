import Testing
import Wire

@Suite("ControlCodec")
struct ControlCodecTests {
    private var messages: [ControlMessage] {
        var record = StepRecord(step: 41)
        record.loss = 0.5
        record.checksum = .max
        record.began = 1 << 61
        var observation = StepObservation(step: 49, workers: 4)
        observation.recall = 0.5
        observation.applied = 40
        observation.bytesSent = 1 << 40
        let hello = Hello(
            role: "worker", name: "a", version: "0.1.0", pid: 7, host: "h", bootID: "b",
            network: "n")
        let assignment = Assignment(
            run: 1, identity: .max, generation: 0, rank: 3, worldSize: 4, seed: 1, oneHost: true,
            config: "{}")
        return [
            .hello(hello), .heartbeat, .assign(assignment), .stands(nil),
            .stands(
                Hello.Place(
                    run: 1, identity: 99, generation: 2, rank: 0, slot: 3, isHalted: true,
                    isAssigned: false)),
            .metrics(run: 1, generation: 2, rank: 3, steps: [record]),
            .done(run: 1, generation: 2, rank: 0, .completed(checksum: 5)),
            .done(run: 1, generation: 2, rank: 0, .failed(reason: "loss is not finite at step 3")),
            .start(run: 1, generation: 2, endpoints: ["tcp://127.0.0.1:5"]),
            .cancel(run: 1, reason: "asked"),
            .evaluation(
                run: 1, generation: 2, rank: 0,
                EvaluationPart(step: 9, seconds: 1.5, count: 100, lossSum: 12, correct: 90)),
            .submit([
                RunRequest(experiment: "e", experimentText: "x: 1", config: "{}", seed: .max)
            ]),
            .gather(
                Assignment(
                    run: 1, identity: 4, generation: 2, rank: 0, slot: 3, worldSize: 1, seed: 1,
                    oneHost: false, config: "{}",
                    origin: .init(
                        state: HeldState(step: 4, checksum: 9, epoch: 1, offset: 64), seededBy: 0,
                        isNew: true, lacksEvaluation: true)), reason: "somebody is lost"),
            .held(
                Held(run: 1, generation: 2, states: [HeldState(step: 4, checksum: 9)], begun: 5)),
            .checkpointed(
                run: 1, generation: 2, rank: 0,
                CheckpointNote(
                    step: 10, worldSize: 4, path: "/c", bytes: 64, nanoseconds: 5, checksum: 3)),
            .injected(run: 1, generation: 2, rank: 0, fault: "kill worker 0 at step 3"),
            .done(run: 1, generation: 2, rank: 0, .peerTrouble(peer: 1, reason: "silent")),
            .notice(run: nil, kind: "dropped", detail: "3"), .recorded(through: .max),
            .release(run: 1), .resume(run: 1), .board(Board(runs: [], nodes: [], database: "p.db")),
            .observed(run: 1, generation: 2, rank: 0, observation),
            .stop, .clock(sent: 5, nil), .clock(sent: 5, ClockReading(offset: -7, error: 2)),
            .clocked(sent: 5, heard: 9, bootID: "b"),
        ]
    }

    @Test("every message survives encoding")
    func roundTrip() throws {
        for message in messages {
            #expect(try ControlCodec.decode(ControlCodec.encode(message)) == message)
        }
    }

    @Test("a message that is filled up is as long as asked, within what is read, and the same")
    func filledUp() throws {
        let board = ControlMessage.board(Board(runs: [], nodes: [], database: "p.db"))
        for message in [.status, board] {
            let bytes = try ControlCodec.encode(message, leastBytes: 4_096)
            #expect(bytes.count == 4_096)
            #expect(try ControlCodec.decode(bytes) == message)
            let most = try ControlCodec.encode(message, leastBytes: .max)
            #expect(most.count == ControlCodec.maximumBytes)
        }
        #expect(try ControlCodec.encode(.status, leastBytes: -1) == ControlCodec.encode(.status))
    }

    @Test("no key is sent with a hello, and what a sender claims is not read")
    func claimedKey() throws {
        var hello = Hello(role: "worker", name: "a", version: "1", pid: 7, host: "h", bootID: "b")
        let plain = try ControlCodec.encode(.hello(hello))
        hello.publicKey = "claimed"
        let sent = try ControlCodec.encode(.hello(hello))
        #expect(!String(decoding: sent, as: UTF8.self).contains("claimed"))
        let words = String(decoding: plain.dropFirst(), as: UTF8.self)
            .replacing("\"pid\":7", with: "\"pid\":7,\"publicKey\":\"claimed\"")
        #expect(words.contains("claimed"))
        guard case .hello(let heard) = try ControlCodec.decode([plain[0]] + Array(words.utf8))
        else {
            Issue.record("it is no hello")
            return
        }
        #expect(heard.pid == 7 && heard.publicKey == nil)
    }

    @Test("another version is refused by number")
    func otherVersion() throws {
        var bytes = try ControlCodec.encode(.heartbeat)
        bytes[0] = 9
        #expect(throws: ControlError.version(9)) { try ControlCodec.decode(bytes) }
    }

    @Test("empty, oversized and damaged messages are errors, never traps")
    func damaged() throws {
        #expect(throws: ControlError.empty) { try ControlCodec.decode([]) }
        let long = [UInt8](repeating: 1, count: ControlCodec.maximumBytes + 1)
        #expect(throws: ControlError.tooLong(long.count)) { try ControlCodec.decode(long) }
        var state: UInt64 = 11
        for message in messages {
            let bytes = try ControlCodec.encode(message)
            for cut in stride(from: 1, to: bytes.count, by: 7) {
                #expect(throws: ControlError.self) {
                    try ControlCodec.decode(Array(bytes.prefix(cut)))
                }
            }
            for _ in 0..<200 {
                state = state &* 6_364_136_223_846_793_005 &+ 1
                var noise = bytes
                noise[Int(state >> 33) % noise.count] = UInt8(truncatingIfNeeded: state >> 17)
                _ = try? ControlCodec.decode(noise)
            }
        }
    }

    @Test("numbers and texts that no peer sends are refused by name")
    func bounds() throws {
        var record = StepRecord(step: 0)
        record.total = .max
        var late = StepRecord(step: 0)
        late.step = -1
        var many = StepObservation(step: 1, workers: 4)
        many.applied = -1
        var far = Board.Run(id: 1, experiment: "e", variant: "v", seed: 1)
        far.step = .max
        let long = String(repeating: "x", count: 2_000)
        for message: ControlMessage in [
            .metrics(run: 1, generation: 0, rank: 0, steps: [record]),
            .metrics(run: 1, generation: 0, rank: 0, steps: [late]),
            .board(Board(runs: [far], nodes: [], database: "p.db")),
            .observed(run: 1, generation: 0, rank: 0, many),
            .observed(run: 1, generation: 0, rank: 0, StepObservation(step: -1, workers: 4)),
            .observed(run: 1, generation: 0, rank: 0, StepObservation(step: 1, workers: 65_536)),
            .metrics(run: 1, generation: 0, rank: -1, steps: []),
            .done(run: 1, generation: 0, rank: 65_536, .cancelled),
            .held(Held(run: 1, generation: 1, states: [], begun: -1)),
            .held(
                Held(
                    run: 1, generation: 1, states: [HeldState(step: -1, checksum: 0)], begun: 0)),
            .hello(Hello(role: long, name: "", version: "", pid: 1, host: "", bootID: "")),
            .start(run: 1, generation: 0, endpoints: [long]), .welcome(heartbeatMilliseconds: 0),
            .evaluation(
                run: 1, generation: 0, rank: 0,
                EvaluationPart(step: 1, seconds: 1, count: 5, lossSum: 1, correct: 6)),
            .assign(
                Assignment(
                    run: 1, identity: 1, generation: 0, rank: 5, worldSize: 4, seed: 1,
                    oneHost: true, config: "")),
        ] {
            let error = #expect(throws: ControlError.self) {
                try ControlCodec.decode(ControlCodec.encode(message))
            }
            guard case .outOfBounds? = error else {
                Issue.record("\(message) gave \(String(describing: error))")
                continue
            }
        }
    }

    @Test(
        "a peer's words begin no line of a log and move no terminal's cursor",
        arguments: ["\n", "\r", "\u{1B}", "\0", "\u{7F}", "\u{9B}", "\u{2028}"])
    func controls(character: String) throws {
        let text = "a\(character)[31mb"
        for message: ControlMessage in [
            .hello(Hello(role: "worker", name: text, version: "1", pid: 1, host: "h", bootID: "b")),
            .hello(Hello(role: "worker", name: "n", version: "1", pid: 1, host: text, bootID: "b")),
            .notice(run: nil, kind: text, detail: ""),
            .start(run: 1, generation: 0, endpoints: [text]),
        ] {
            #expect(throws: ControlError.self) {
                try ControlCodec.decode(ControlCodec.encode(message))
            }
        }
        func words(_ text: String) -> [ControlMessage] {
            [
                .injected(run: 1, generation: 2, rank: 0, fault: text),
                .done(run: 1, generation: 2, rank: 0, .failed(reason: text)),
                .done(run: 1, generation: 2, rank: 0, .peerTrouble(peer: 1, reason: text)),
                .notice(run: 1, kind: "k", detail: text), .note(run: 1, kind: "k", detail: text),
                .refused(reason: text), .cancel(run: 1, reason: text),
            ]
        }
        for (message, plain) in zip(words(text), words("a [31mb")) {
            #expect(try ControlCodec.decode(ControlCodec.encode(message)) == plain)
        }
        #expect(!Hello.isName(text) && !Hello.isName("") && Hello.isName("Größe 7"))
    }

    @Test("a loss that is not finite cannot hide in a message")
    func notFinite() {
        var record = StepRecord(step: 0)
        record.loss = .nan
        #expect(throws: ControlError.self) {
            try ControlCodec.encode(.metrics(run: 1, generation: 2, rank: 0, steps: [record]))
        }
    }
}
