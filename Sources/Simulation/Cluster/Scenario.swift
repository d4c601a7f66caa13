package import Collectives
package import Membership

/// One schedule's cluster and what befalls it: a pure function of options and seed.
package struct Scenario: Sendable {
    package let seed: UInt64
    package let topology: CollectiveTopology
    package let policy: MembershipPolicy
    package let workers: Int
    package let spares: Int
    package let steps: Int
    package let words: Int
    package let chunkWords: Int
    package let evaluationSteps: Int
    package let checksumSteps: Int
    /// Samples of a worker's step.
    package let batch = 2
    package let computeSeconds: Double
    package let exchangeDeadline: Double
    package let jitterSeconds: Double
    package let duplicateProbability: Double
    package let faults: [Fault]

    /// Draws everything.
    package init(_ options: ClusterOptions, seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        self.seed = seed
        topology = options.topologies.randomElement(using: &chance) ?? .ring
        let reaction = options.reactions.randomElement(using: &chance) ?? .abort
        let restartsServer = Bool.random(using: &chance)
        policy = MembershipPolicy(
            onLoss: reaction, restartsServer: restartsServer, rejoinSeconds: options.rejoinSeconds)
        workers = .random(in: options.workers, using: &chance)
        spares = .random(in: options.spares, using: &chance)
        steps = .random(in: options.steps, using: &chance)
        words = .random(in: options.words, using: &chance)
        chunkWords = .random(in: options.chunkWords, using: &chance)
        evaluationSteps = .random(in: options.evaluationSteps, using: &chance)
        checksumSteps = .random(in: 1...3, using: &chance)
        computeSeconds = .random(in: options.computeSeconds, using: &chance)
        exchangeDeadline = .random(in: options.exchangeDeadline, using: &chance)
        let jitters = Double.random(in: 0..<1, using: &chance) < options.jitterShare
        jitterSeconds = jitters ? options.jitterSeconds : 0
        let doubles = Double.random(in: 0..<1, using: &chance) < options.duplicateShare
        duplicateProbability = doubles ? options.duplicateProbability : 0
        let servers = topology == .star ? 1 : 0
        let plan = FaultPlan(
            options: options, nodes: workers + spares + servers,
            seconds: 2 + Double(steps) * (computeSeconds + 0.01))
        faults = plan.draw(using: &chance)
    }

    /// Daemons: workers, spare workers, a server.
    package var nodes: Int { workers + spares + (topology == .star ? 1 : 0) }

    /// Whether daemons keep states to go back to.
    package var goesBack: Bool { policy.onLoss != .abort || policy.restartsServer }

    /// "server" or "worker".
    package func role(of node: Int) -> String { node < workers + spares ? "worker" : "server" }

    /// The name that people would give it.
    package func name(of node: Int) -> String {
        role(of: node) == "server" ? "server" : "worker-\(node)"
    }

    /// When the last fault is over, in virtual seconds.
    package var lastFault: Double { faults.map(\.end).max() ?? 0 }
}
