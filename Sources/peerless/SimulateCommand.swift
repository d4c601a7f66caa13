public import ArgumentParser
public import Collectives
import Foundation
import Membership
import Simulation

/// `peerless simulate`: the cluster's minds under schedules of faults, in virtual time.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Try the membership and the collectives under seeded schedules of faults.",
        discussion: """
            Coordinator, daemons and network in virtual time: crashes, restarts, stops, cut links, lost, \
            late and doubled frames. A schedule is a pure function of its seed. The first one that \
            breaks an invariant is shown with its last events and the command that repeats it.
            """)

    @Option(help: "Seeds, as in 1..1000, or one.")
    var seeds: SeedRange = .init(1...1_000)

    @Option(help: "Only this shape: server, ring, tree or halvingDoubling.")
    var topology: CollectiveTopology?

    @Option(help: "Only this reaction to a lost worker: abort, regroup or wait.")
    var onLoss: MembershipPolicy.Reaction?

    @Flag(help: "Print the counts as JSON.")
    var json = false

    func run() throws {
        var options = ClusterOptions()
        if let topology { options.topologies = [topology] }
        if let onLoss { options.reactions = [onLoss] }
        let began = Stopwatch()
        var table = SimulationTable()
        for seed in seeds.values {
            let outcome = ClusterSimulation<RunBoard, MemberMachine>(options, seed: seed).run()
            table.add(outcome)
            guard let violation = outcome.violation else { continue }
            report(violation, options, seed: seed)
            throw ExitCode.runFailed
        }
        let seconds = began.seconds
        print(json ? try table.json(seconds: seconds) : table.text(seconds: seconds))
    }

    private func report(_ violation: ClusterViolation, _ options: ClusterOptions, seed: UInt64) {
        let again = ClusterSimulation<RunBoard, MemberMachine>(options, seed: seed, traced: 2_000)
        let events = again.run().trace.filter { !$0.contains("heartbeat") }
        for line in events.suffix(1_000) { StandardError.print(line) }
        StandardError.print("seed \(seed) broke: \(violation)")
        let filters =
            (topology.map { " --topology \($0.name)" } ?? "")
            + (onLoss.map { " --on-loss \($0.rawValue)" } ?? "")
        StandardError.print("repeat it with: peerless simulate --seeds \(seed)\(filters)")
    }
}

/// Seeds as an argument: A..B with both ends, or one.
struct SeedRange: ExpressibleByArgument {
    let values: ClosedRange<UInt64>

    init(_ values: ClosedRange<UInt64>) {
        self.values = values
    }

    init?(argument: String) {
        let ends = argument.components(separatedBy: "..").map { UInt64($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            first <= last
        else { return nil }
        values = first...last
    }

    var defaultValueDescription: String { "\(values.lowerBound)..\(values.upperBound)" }
}

extension CollectiveTopology: ExpressibleByArgument {
    public init?(argument: String) {
        guard let shape = Self.allCases.first(where: { $0.name == argument }) else { return nil }
        self = shape
    }

    /// As experiment files call it.
    var name: String { self == .star ? "server" : "\(self)" }

    public static var allValueStrings: [String] { allCases.map(\.name) }
}

extension MembershipPolicy.Reaction: ExpressibleByArgument {}

/// What many schedules came to.
private struct SimulationTable {
    private var schedules = 0
    private var completed = 0
    private var ends: [String: Int] = [:]
    private var faults: [String: Int] = [:]
    private var generations = 0
    private var rewinds = 0
    private var steps = 0
    private var frames = 0
    private var wordsLost = 0
    private var virtualSeconds = 0.0

    mutating func add(_ outcome: ClusterOutcome) {
        schedules += 1
        switch outcome.ending {
        case .completed: completed += 1
        case .failed(let why), .cancelled(let why): ends[Self.kind(of: why), default: 0] += 1
        case nil: break
        }
        for (kind, count) in outcome.census.faults { faults["\(kind)", default: 0] += count }
        generations += outcome.census.generations
        rewinds += outcome.census.rewinds
        steps += outcome.census.steps
        frames += outcome.census.frames
        wordsLost += outcome.census.wordsLost
        virtualSeconds += outcome.seconds
    }

    /// Words without the numbers and names that differ from run to run.
    private static func kind(of reason: String) -> String {
        let plain = reason.prefix { $0 != ":" && $0 != ";" }
        return plain.split(separator: " ").filter { word in
            !word.contains(where: \.isNumber) && !word.hasPrefix("(")
        }.joined(separator: " ")
    }

    func text(seconds: Double) -> String {
        var lines = [
            "schedules   \(schedules), no invariant broken",
            "completed   \(completed)",
        ]
        for (words, count) in ends.sorted(by: { $0.value > $1.value }) {
            lines.append("ended       \(count): \(words)")
        }
        let kinds = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        lines += [
            "faults      \(kinds.joined(separator: ", "))",
            "generations \(generations), rewinds \(rewinds), worker steps \(steps), frames \(frames)",
            "lost        \(wordsLost) words between the coordinator and daemons",
            String(format: "time        %.0f virtual s in %.1f s", virtualSeconds, seconds),
        ]
        return lines.joined(separator: "\n")
    }

    func json(seconds: Double) throws -> String {
        let object: [String: Any] = [
            "schedules": schedules, "completed": completed, "ended": ends, "faults": faults,
            "generations": generations, "rewinds": rewinds, "steps": steps, "frames": frames,
            "wordsLost": wordsLost, "virtualSeconds": virtualSeconds, "seconds": seconds,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }
}
