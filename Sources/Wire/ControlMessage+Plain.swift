extension ControlMessage {
    /// With words for people that neither begin a line of a log nor move a terminal's cursor,
    /// whatever a peer has put there.
    var plain: ControlMessage {
        switch self {
        case .injected(let run, let generation, let rank, let fault):
            .injected(run: run, generation: generation, rank: rank, fault: fault.withoutControls)
        case .done(let run, let generation, let rank, .failed(let reason)):
            .done(
                run: run, generation: generation, rank: rank,
                .failed(reason: reason.withoutControls))
        case .done(let run, let generation, let rank, .peerTrouble(let peer, let reason)):
            .done(
                run: run, generation: generation, rank: rank,
                .peerTrouble(peer: peer, reason: reason.withoutControls))
        case .notice(let run, let kind, let detail):
            .notice(run: run, kind: kind, detail: detail.withoutControls)
        case .note(let run, let kind, let detail):
            .note(run: run, kind: kind, detail: detail.withoutControls)
        case .refused(let reason): .refused(reason: reason.withoutControls)
        case .gather(let assignment, let reason):
            .gather(assignment, reason: reason.withoutControls)
        case .cancel(let run, let reason): .cancel(run: run, reason: reason.withoutControls)
        default: self
        }
    }
}

extension String {
    /// Whether it has characters that are no text: line ends, escapes and the like.
    var hasControls: Bool { unicodeScalars.contains(where: Self.isControl) }

    /// With a space for every such character.
    var withoutControls: String {
        guard hasControls else { return self }
        return String(
            String.UnicodeScalarView(unicodeScalars.map { Self.isControl($0) ? " " : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 32 || (127..<160).contains(scalar.value)
            || (0x2028...0x2029).contains(scalar.value)
    }
}
