import RunStore

/// What an explanation says to people.
enum ExplanationWords {
    /// The verdict, what it was concluded from, and what would help.
    static func sentences(_ found: Explanation, _ row: ComparisonRow) -> [String] {
        let share = Figures.fixed(100 * found.parts[0].share, decimals: 0)
        let took = "\(time(found.parts[0].milliseconds)) of a step, \(share) %"
        return ["\(verdict(found)): \(took)."] + evidence(found, row) + [advice(found, row)]
    }

    /// The name of a part in a table.
    static func name(_ bound: Explanation.Bound, _ found: Explanation) -> String {
        switch bound {
        case .compute: "compute"
        case .encode: "encode, decode, update"
        case .link: "bytes on the link"
        case .waiting: "waiting for rank \(found.slowestRank ?? 0)"
        case .exchange: "rest of the exchange"
        }
    }

    private static func verdict(_ found: Explanation) -> String {
        switch found.bound {
        case .compute: "Computing bounds the step"
        case .encode: "Encoding and decoding bound the step"
        case .link: "The link bounds the step"
        case .waiting: "Waiting for rank \(found.slowestRank ?? 0) bounds the step"
        case .exchange:
            "The exchange itself bounds the step, by rounds of latency or by moving and adding "
                + "bytes on this machine"
        }
    }

    private static func evidence(_ found: Explanation, _ row: ComparisonRow) -> [String] {
        var lines: [String] = []
        if let bytes = BreakEven.criticalBytes(row), let link = row.link,
            let wire = BreakEven.wireMilliseconds(row)
        {
            lines.append(
                "\(Figures.bytes(bytes)) pass the busiest link one after another in a step; at "
                    + "\(link) that takes \(time(wire)).")
        }
        if let rank = found.slowestRank, let lead = found.slowestLeadMilliseconds, lead >= 0.005 {
            lines.append(
                "Rank \(rank) takes longest before it sends, by \(time(lead)); that is "
                    + "\(time(found.milliseconds(.waiting))) of the others' waiting.")
        }
        if let hidden = row.stepMilliseconds.hidden, hidden > 0 {
            lines.append("Another \(time(hidden)) of exchange are hidden behind backward.")
        }
        return lines
    }

    private static func advice(_ found: Explanation, _ row: ComparisonRow) -> String {
        let exchange =
            found.milliseconds(.link) + found.milliseconds(.waiting)
            + found.milliseconds(.exchange)
        let overlaps = (row.stepMilliseconds.hidden ?? 0) > 0
        let overlap = overlaps ? "" : " `overlap: true` hides exchange behind backward."
        switch found.bound {
        case .compute:
            return "What would help: more `threads`, or a smaller batch or model. No method or "
                + "topology can save more than the \(time(exchange)) of exchange."
        case .encode:
            return "What would help: fewer rows, columns or candidates of a sketch, more "
                + "`threads`, or sending dense where the link is fast enough."
        case .link:
            return
                "What would help: sending less, by compressing or `dtype` of 16 bits; a topology "
                + "that spreads the bytes, such as ring; a greater batch, for fewer steps."
                + overlap
        case .waiting:
            return "What would help: a look at what slows rank \(found.slowestRank ?? 0) down "
                + "(`peerless show \(row.run)` names its host): other programs, fewer cores, "
                + "more workers than cores."
        case .exchange:
            return "What would help: fewer rounds, with halvingDoubling or tree; fewer workers "
                + "for each core." + overlap
        }
    }

    private static func time(_ milliseconds: Double) -> String {
        "\(Figures.short(milliseconds)) ms"
    }
}
