/// Draws the faults of a schedule.
struct FaultPlan {
    let options: ClusterOptions
    /// Daemons there are.
    let nodes: Int
    /// How long the run would take without faults, about.
    let seconds: Double

    func draw(using chance: inout SeededGenerator) -> [Fault] {
        let count = Int.random(in: options.faults, using: &chance)
        var time = Double.random(in: 0...seconds, using: &chance)
        var faults: [Fault] = []
        for _ in 0..<count {
            guard let kind = kind(using: &chance) else { break }
            faults.append(fault(kind, at: time, using: &chance))
            time += .random(in: options.gapSeconds, using: &chance)
        }
        return faults
    }

    private func kind(using chance: inout SeededGenerator) -> Fault.Kind? {
        let total = Fault.Kind.allCases.reduce(0) { $0 + (options.weights[$1] ?? 0) }
        guard total > 0 else { return nil }
        var left = Double.random(in: 0..<total, using: &chance)
        for kind in Fault.Kind.allCases {
            left -= options.weights[kind] ?? 0
            if left < 0 { return kind }
        }
        return nil
    }

    private func fault(
        _ kind: Fault.Kind, at time: Double, using chance: inout SeededGenerator
    ) -> Fault {
        var fault = Fault(kind: kind, time: time)
        fault.seconds = seconds(of: kind, using: &chance)
        fault.nodes = befallen(kind, using: &chance)
        fault.forgets = Double.random(in: 0..<1, using: &chance) < options.forgetProbability
        fault.effects = Int.random(in: 0...4, using: &chance)
        return fault
    }

    private func seconds(of kind: Fault.Kind, using chance: inout SeededGenerator) -> Double? {
        switch kind {
        case .crash:
            guard Double.random(in: 0..<1, using: &chance) < options.restartShare else {
                return nil
            }
            return .random(in: options.restartSeconds, using: &chance)
        case .pause: return .random(in: options.pauseSeconds, using: &chance)
        case .partition, .dataCut, .controlCut:
            return .random(in: options.cutSeconds, using: &chance)
        case .frameLoss: return .random(in: options.lossSeconds, using: &chance)
        case .wordLoss, .reportLoss: return .random(in: options.wordLossSeconds, using: &chance)
        case .lineReset: return 0
        case .coordinatorCrash: return .random(in: options.awaySeconds, using: &chance)
        case .coordinatorPause: return .random(in: options.stallSeconds, using: &chance)
        }
    }

    private func befallen(_ kind: Fault.Kind, using chance: inout SeededGenerator) -> [Int] {
        let everybody = Array(0..<nodes).shuffled(using: &chance)
        switch kind {
        case .crash, .pause, .lineReset, .wordLoss, .reportLoss: return Array(everybody.prefix(1))
        case .frameLoss: return Array(everybody.prefix(2))
        case .partition, .dataCut, .controlCut:
            let count = Int.random(in: 1...max(1, nodes / 2), using: &chance)
            return everybody.prefix(count).sorted()
        case .coordinatorCrash, .coordinatorPause: return []
        }
    }
}
