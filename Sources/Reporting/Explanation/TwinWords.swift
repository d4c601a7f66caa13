import RunStore

/// What is said of a compressing run beside its dense twin: first what was measured here, then what
/// the figures let expect on other links, and where the two do not agree.
enum TwinWords {
    /// Nothing for a dense run.
    static func sentences(_ row: ComparisonRow) -> [String] {
        guard let twin = row.denseTwin, let ratio = row.denseTwinSpeedup else {
            guard row.isUnproven else { return [] }
            return [
                "Whether compressing pays is unproven: there is no dense run on the same topology, "
                    + "link and machine to hold it against."
            ]
        }
        let link = row.link.map { "at \($0)" } ?? "on the bare machine"
        let measured =
            "Run \(twin) is its dense twin; \(link) this run was \(Figures.times(ratio)) as fast."
        return [measured] + expectation(row) + disagreement(row, ratio)
    }

    private static func expectation(_ row: ComparisonRow) -> [String] {
        switch row.breakEven {
        case .below:
            [
                "By what both take to encode, decode and send, it is the faster one on links below "
                    + "\(Figures.bitsPerSecond(row.breakEvenBitsPerSecond))."
            ]
        case .always:
            [
                "It sends less and takes no longer to encode and decode: by that it is the faster "
                    + "one on any link."
            ]
        case .never:
            [
                "It sends no less and takes longer to encode and decode: by that it is the slower "
                    + "one on any link."
            ]
        case nil: []
        }
    }

    private static func disagreement(_ row: ComparisonRow, _ ratio: Double) -> [String] {
        guard let expected = isExpectedFaster(row), expected != (ratio >= 1) else { return [] }
        let measured = ratio >= 1 ? "faster" : "slower"
        return [
            "That it was \(measured) here comes from computing or waiting, or is noise: neither is "
                + "in that figure."
        ]
    }

    /// Whether the figures let expect that it is faster on its own link; `nil` where they do not say.
    private static func isExpectedFaster(_ row: ComparisonRow) -> Bool? {
        switch row.breakEven {
        case .always: return true
        case .never: return false
        case nil: return nil
        case .below:
            guard let limit = row.breakEvenBitsPerSecond,
                let speed = LinkSpeed(row.link)?.bitsPerSecond
            else { return nil }
            return speed < limit
        }
    }
}
