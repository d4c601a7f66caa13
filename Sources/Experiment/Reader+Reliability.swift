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
        options.faults = try faults(of: variant)
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

    private func faults(of variant: Variant) throws(ExperimentError) -> [Fault] {
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
        try Self.checkRestarts(read)
        return read.map(\.fault)
    }

    /// Faults in the order in which they happen: only who was killed can be restarted.
    private static func checkRestarts(
        _ faults: [(fault: Fault, reader: Reader)]
    ) throws(ExperimentError) {
        var dead: Set<Fault.Target> = []
        let inTime = faults.enumerated().sorted {
            ($0.element.fault.step ?? 0, $0.offset) < ($1.element.fault.step ?? 0, $1.offset)
        }
        for (_, (fault, reader)) in inTime {
            if fault.action == .kill { dead.insert(fault.target) }
            guard fault.action == .restart, dead.remove(fault.target) == nil else { continue }
            throw reader.error(
                "restart", "who was killed at that step or an earlier one, and not restarted since")
        }
    }
}
