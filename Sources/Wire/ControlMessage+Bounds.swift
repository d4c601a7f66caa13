/// Bounds of what peers may say: whoever takes a message can add up its numbers and keep its texts.
extension ControlMessage {
    /// Bytes of a name, an endpoint or an identity.
    static let maximumNameBytes = 1_024
    /// Bytes of a reason or a note.
    static let maximumReasonBytes = 65_536
    /// Bytes of a path on a daemon's machine, with a few words.
    static let maximumPathBytes = 8_192
    /// Bytes of an experiment's text or a variant's JSON.
    static let maximumTextBytes = 4 << 20
    /// Steps in one message, nodes and runs in a list.
    static let maximumCount = 65_536
    /// Steps of a run.
    static let maximumSteps = 1 << 40
    /// Nanoseconds of a phase (19 hours) and bytes of a step (70 TB): 65,536 of them still add up.
    static let maximumMeasure: Int64 = 1 << 46

    /// Nanoseconds of a monotonic clock, and between two of them (73 years): two still add up.
    static let maximumMoment: Int64 = 1 << 61

    /// What is out of bounds, or `nil`.
    var excess: String? {
        switch self {
        case .hello(let hello): hello.excess
        case .stands(let place): place?.excess
        case .ready(let ready): ready.excess
        case .held(let held): held.excess
        case .checkpointed(_, _, let rank, let note): rankExcess(rank) ?? note.excess
        case .injected(_, _, let rank, let fault):
            rankExcess(rank) ?? textExcess("fault", fault, Self.maximumReasonBytes)
        case .notice(_, let kind, let detail), .note(_, let kind, let detail):
            namesExcess("kind", [kind]) ?? textExcess("detail", detail, Self.maximumReasonBytes)
        case .metrics(_, _, let rank, let steps):
            rankExcess(rank) ?? countExcess("steps", steps.count)
                ?? steps.lazy.compactMap(\.excess).first
        case .clock(let sent, let reading):
            within("a moment", sent, 0...Self.maximumMoment) ?? reading?.excess
        case .clocked(let sent, let heard, let bootID):
            within("a moment", sent, 0...Self.maximumMoment)
                ?? within("a moment", heard, 0...Self.maximumMoment)
                ?? namesExcess("boot", [bootID])
        case .evaluation(_, _, let rank, let part): rankExcess(rank) ?? part.excess
        case .observed(_, _, let rank, let observation): rankExcess(rank) ?? observation.excess
        case .done(_, _, let rank, .failed(let reason)),
            .done(_, _, let rank, .peerTrouble(_, let reason)):
            rankExcess(rank) ?? textExcess("reason", reason, Self.maximumReasonBytes)
        case .done(_, _, let rank, _): rankExcess(rank)
        case .welcome(let milliseconds):
            within("heartbeat", Int64(milliseconds), 1...3_600_000)
        case .refused(let reason), .cancel(_, let reason):
            textExcess("reason", reason, Self.maximumReasonBytes)
        case .assign(let assignment): assignment.excess
        case .gather(let assignment, let reason):
            assignment.excess ?? textExcess("reason", reason, Self.maximumReasonBytes)
        case .start(_, _, let endpoints):
            countExcess("endpoints", endpoints.count) ?? namesExcess("endpoint", endpoints)
        case .submit(let requests):
            countExcess("runs", requests.count) ?? requests.lazy.compactMap(\.excess).first
        case .accepted(let runs): countExcess("runs", runs.count)
        case .board(let board): board.excess
        case .heartbeat, .sent, .bye, .introduce, .recorded, .release, .stop, .resume, .status,
            .cancelRun, .acknowledged, .shutdown:
            nil
        }
    }
}

extension Hello {
    fileprivate var excess: String? {
        namesExcess("name", [role, name, version, host, bootID, network, memory])
            ?? within("pid", Int64(pid), 0...Int64(UInt32.max))
            ?? within("heartbeat", Int64(beatMilliseconds), 1...3_600_000)
            ?? place?.excess
    }
}

extension Hello.Place {
    fileprivate var excess: String? { rankExcess(rank) ?? rankExcess(slot) }
}

extension Held {
    fileprivate var excess: String? {
        countExcess("states", states.count) ?? states.lazy.compactMap(\.excess).first
            ?? within("begun", Int64(begun), 0...Int64(ControlMessage.maximumSteps))
            ?? searched.flatMap {
                textExcess("searched", $0, ControlMessage.maximumPathBytes)
            }
    }
}

extension HeldState {
    fileprivate var excess: String? {
        let range = 0...Int64(ControlMessage.maximumSteps)
        return within("step", Int64(step), range) ?? within("epoch", Int64(epoch), range)
            ?? within("offset", Int64(offset), range)
    }
}

extension CheckpointNote {
    fileprivate var excess: String? {
        rankExcess(worldSize) ?? textExcess("path", path, ControlMessage.maximumReasonBytes)
            ?? within("step", Int64(step), 0...Int64(ControlMessage.maximumSteps))
            ?? within("bytes", Int64(bytes), 0...ControlMessage.maximumMeasure)
            ?? within("nanoseconds", nanoseconds, 0...ControlMessage.maximumMeasure)
    }
}

extension Ready {
    fileprivate var excess: String? {
        rankExcess(rank) ?? namesExcess("endpoint", [endpoint])
            ?? within("parameters", Int64(parameters), 0...(1 << 40))
            ?? within("steps", Int64(steps), 0...Int64(ControlMessage.maximumSteps))
    }
}

extension StepRecord {
    fileprivate var excess: String? {
        let range = -ControlMessage.maximumMeasure...ControlMessage.maximumMeasure
        return within("step", Int64(step), 0...Int64(ControlMessage.maximumSteps))
            ?? within("began", began, 0...ControlMessage.maximumMoment)
            ?? [
                total, compute, encode, exchange, wait, decode, update, hidden, bytesSent,
                bytesReceived, messagesSent,
            ].lazy.compactMap { within("a measure", $0, range) }.first
    }
}

extension ClockReading {
    fileprivate var excess: String? {
        let limit = ControlMessage.maximumMoment
        return within("offset", offset, -limit...limit) ?? within("error", error, 0...limit)
    }
}

extension EvaluationPart {
    fileprivate var excess: String? {
        within("step", Int64(step), 0...Int64(ControlMessage.maximumSteps))
            ?? within("count", Int64(count), 0...(1 << 40))
            ?? within("correct", Int64(correct), 0...Int64(count))
    }
}

extension StepObservation {
    fileprivate var excess: String? {
        rankExcess(workers) ?? within("step", Int64(step), 0...Int64(ControlMessage.maximumSteps))
            ?? within("applied", Int64(applied), 0...(1 << 40))
            ?? within("kept", Int64(kept ?? 0), 0...(1 << 40))
            ?? within("bytes", bytesSent, 0...ControlMessage.maximumMeasure)
            ?? within("nanoseconds", nanoseconds, 0...ControlMessage.maximumMeasure)
    }
}

extension Board {
    fileprivate var excess: String? {
        let steps = runs.lazy.flatMap { [$0.step, $0.steps] }
        let range = 0...Int64(ControlMessage.maximumSteps)
        return steps.compactMap { within("step", Int64($0), range) }.first
    }
}

extension Assignment {
    fileprivate var excess: String? {
        within("workers", Int64(worldSize), 1...Int64(ControlMessage.maximumCount - 1))
            ?? within("rank", Int64(rank), 0...Int64(worldSize)) ?? rankExcess(slot)
            ?? origin?.state.excess
            ?? textExcess("configuration", config, ControlMessage.maximumTextBytes)
    }
}

extension RunRequest {
    fileprivate var excess: String? {
        namesExcess("experiment", [experiment])
            ?? textExcess("text", experimentText, ControlMessage.maximumTextBytes)
            ?? textExcess("configuration", config, ControlMessage.maximumTextBytes)
    }
}

private func within(_ name: String, _ value: Int64, _ range: ClosedRange<Int64>) -> String? {
    range.contains(value)
        ? nil : "\(name): found \(value); allowed: \(range.lowerBound) to \(range.upperBound)"
}

/// Ranks are 16 bits in a frame; a server's is the number of workers.
private func rankExcess(_ rank: Int) -> String? {
    within("rank", Int64(rank), 0...Int64(ControlMessage.maximumCount - 1))
}

private func countExcess(_ name: String, _ count: Int) -> String? {
    within("number of \(name)", Int64(count), 0...Int64(ControlMessage.maximumCount))
}

private func textExcess(_ name: String, _ text: String, _ maximum: Int) -> String? {
    text.utf8.count <= maximum
        ? nil : "\(name): found \(text.utf8.count) bytes; allowed: at most \(maximum)"
}

/// Names are printed as they are, in logs and on terminals.
private func namesExcess(_ name: String, _ texts: [String]) -> String? {
    texts.lazy.compactMap { text in
        textExcess(name, text, ControlMessage.maximumNameBytes)
            ?? (text.hasControls ? "\(name): found control characters; allowed: none" : nil)
    }.first
}
