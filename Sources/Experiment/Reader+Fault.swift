import Yams

/// One entry of `faults`, as in `{at: step 200, kill: worker 2}`.
extension Reader {
    private static let actions = ["kill", "pause", "restart", "slow"]
    static let faultKeys = ["at"] + actions + ["for", "factor"]

    func fault(of variant: Variant) throws(ExperimentError) -> Fault {
        let present = Self.actions.filter(has)
        guard let name = present.first, present.count == 1 else {
            throw ExperimentError(
                source: source, line: line, key: path,
                found: present.isEmpty ? "no action" : present.joined(separator: " and "),
                allowed: "exactly one of \(Self.actions.joined(separator: ", "))")
        }
        let target = try faultTarget(name, of: variant)
        let action = try faultAction(name)
        return Fault(step: try faultStep(action, of: variant), action: action, target: target)
    }

    private func faultAction(_ name: String) throws(ExperimentError) -> Fault.Action {
        let seconds = try quantity(
            "for", "a time from 1ms to 1h, as in 5s", 0.001...3600, Units.seconds)
        let factor = try double("factor", "a number above 1 up to 1000, as in 4") {
            $0 > 1 && $0 <= 1000
        }
        if has("for"), name != "pause" { throw error("for", "no such key with \(name)") }
        if has("factor"), name != "slow" { throw error("factor", "no such key with \(name)") }
        switch name {
        case "kill": return .kill
        case "restart": return .restart
        case "pause":
            guard let seconds else { throw error("for", "a time with pause, as in 5s") }
            return .pause(seconds: seconds)
        default:
            guard let factor else { throw error("factor", "a number above 1 with slow, as in 4") }
            return .slow(factor: factor)
        }
    }

    private func faultTarget(
        _ name: String, of variant: Variant
    ) throws(ExperimentError) -> Fault.Target {
        let last = variant.workers - 1
        let allowed = "worker 0\(last > 0 ? " to worker \(last)" : ""), server or coordinator"
        let target = try value(name, allowed) { node -> Fault.Target? in
            switch node.scalar?.string {
            case "server": .server
            case "coordinator": .coordinator
            case let text?:
                Self.number(after: "worker ", in: text).flatMap { $0 <= last ? .worker($0) : nil }
            case nil: nil
            }
        }
        guard let target else { throw error(name, allowed) }
        if target == .server, variant.topology != .server {
            let topology = variant.topology.rawValue
            throw error(name, "a worker or the coordinator on topology \(topology)")
        }
        if target == .coordinator, name != "kill", name != "restart" {
            throw error(name, "a worker or the server; a coordinator can be killed and restarted")
        }
        return target
    }

    private func faultStep(
        _ action: Fault.Action, of variant: Variant
    ) throws(ExperimentError) -> Int? {
        let last = variant.steps.map { $0 - 1 }
        let allowed = last.map { "step 0 to step \($0)" } ?? "a step, as in step 200"
        let step = try value("at", allowed) { node -> Int? in
            guard let step = node.scalar.flatMap({ Self.number(after: "step ", in: $0.string) })
            else { return nil }
            return step <= last ?? .max ? step : nil
        }
        if case .slow = action { return step }
        guard let step else { throw error("at", allowed) }
        return step
    }

    /// The number of `worker 2` or `step 200`, from 0 up.
    private static func number(after word: String, in text: String) -> Int? {
        guard text.hasPrefix(word) else { return nil }
        let digits = text.dropFirst(word.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
