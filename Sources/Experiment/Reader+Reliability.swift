import Yams

/// How losses are met, checkpoints and faults.
extension Reader {
    /// The options; `nil` for the defaults.
    func reliability(of variant: Variant) throws(ExperimentError) -> ReliabilityOptions? {
        let standard = ReliabilityOptions()
        var options = standard
        options.onLoss = try choice("onLoss", LossPolicy.self) ?? options.onLoss
        options.onServerLoss =
            try choice("onServerLoss", ServerLossPolicy.self)
            ?? (options.onLoss == .abort ? .abort : .restart)
        options.rejoinSeconds =
            try quantity("rejoin", "a time from 1s to 1h, as in 60s", 1...3600, Units.seconds)
            ?? options.rejoinSeconds
        try checkpoint(&options)
        options.faults = try faults(of: variant, options)
        return options == standard ? nil : options
    }

    /// A variant may say `none` where the file above it says `{every: N}`.
    private func checkpoint(_ options: inout ReliabilityOptions) throws(ExperimentError) {
        if let text = self["checkpoint"]?.scalar?.string, ["none", "null", "~", ""].contains(text) {
            return
        }
        guard let reader = try child("checkpoint", known: ["every", "keep"]) else { return }
        guard let every = try reader.int("every", 1 ... .max) else {
            throw reader.error("every", "a number of steps, a whole number from 1 up")
        }
        options.checkpointEvery = every
        options.checkpointKeep = try reader.int("keep", 1...1000) ?? options.checkpointKeep
    }

    private func faults(
        of variant: Variant, _ options: ReliabilityOptions
    ) throws(ExperimentError) -> [Fault] {
        let allowed = "a list of faults, as in [{at: step 200, kill: worker 2}]"
        let list = try value("faults", allowed) { $0.sequence.map(Array.init) } ?? []
        guard list.count <= 1000 else { throw error("faults", "at most 1000 faults") }
        var read: [(fault: Fault, reader: Reader)] = []
        for (index, node) in list.enumerated() {
            let reader = try Reader(
                node, path: join(path, "faults[\(index)]"), source: source,
                known: Self.faultKeys)
            read.append((try reader.fault(of: variant), reader))
        }
        try Self.checkOrder(read, options)
        return read.map(\.fault)
    }

    /// A fault that can never happen would be taken for one that did no harm.
    private static func checkOrder(
        _ faults: [(fault: Fault, reader: Reader)], _ options: ReliabilityOptions
    ) throws(ExperimentError) {
        var order = FaultOrder(options)
        let inTime = faults.enumerated().sorted {
            ($0.element.fault.step ?? 0, $0.offset) < ($1.element.fault.step ?? 0, $1.offset)
        }
        for (_, (fault, reader)) in inTime {
            guard let (key, allowed) = order.objection(to: fault) else { continue }
            throw reader.error(key, allowed)
        }
    }
}
