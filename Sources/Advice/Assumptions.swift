import Experiment

extension AdviceQuestion {
    /// One line of what was asked.
    public func facts(parameters: Int) -> String {
        let machines = isOneMachine ? "all on this machine" : "each on a machine like this one"
        return "\(model.rawValue) (\(parameters) parameters) on \(dataset.rawValue), \(workers) "
            + "workers of batch \(batch), link \(link.summary), \(machines)"
    }

    /// What the ranking takes for granted, and what it says nothing of.
    public func assumptions(parameters: Int, weights: Int) -> [String] {
        let columns = columns ?? Self.columns(parameters: parameters)
        let k = Count.percent(kPercent).resolved(of: parameters, atMost: weights)
        return [
            "Step and phases: milliseconds. Compute, encode, decode and update were measured on one "
                + "idle worker; exchange is the programs of the workers in virtual time (with ~: by "
                + "formula). Speed-up is against the quickest dense row.",
            "Assumed: nothing overlaps; workers are equally quick and wait for nobody; sends, receives "
                + "and sums in memory cost nothing; k = \(k) (\(kPercent) %), and for the sketch r = "
                + "\(rows), c = \(columns), 4 candidates for each of k, two rounds, no momentum.",
            "Not judged: what compressing does to loss and accuracy. Try the first rows with "
                + "`peerless run` before you believe them.",
        ]
    }

    /// What stands behind the last column.
    public func notes(on past: PastForecasts) -> [String] {
        let runs = "stored runs of \(model.rawValue) on \(dataset.rawValue) with batch \(batch)"
        var lines =
            past.cases.isEmpty
            ? ["No \(runs) to hold forecasts against."]
            : [
                "Past runs: median of |forecast - measured| / measured, and of forecast / measured, over "
                    + "the newest \(runs), whatever their link and workers: \(past.cases.count)."
            ]
        if !past.leftOut.isEmpty {
            let parts = past.leftOut.sorted { $0.key < $1.key }.map { "\($0.value) that \($0.key)" }
            lines.append("Left out: \(parts.joined(separator: "; ")).")
        }
        return lines
    }
}
