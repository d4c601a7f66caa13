import ArgumentParser
import Cluster
import Experiment
import Foundation
import Judging
import Reporting
import RunStore
import Wire

/// `peerless calibrate`: how far apart equal runs are on this machine.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Run pairs of equal runs, and store how far apart they are by chance.",
        discussion: """
            Every pair runs each variant twice with one seed, one right after the other. What 19 of \
            20 pairs stay within is the noise floor of that variant on this machine, which `peerless \
            gate` takes no slow-down below. The runs themselves are not kept.
            """)

    @Argument(help: "The experiment file, or the name of a recorded experiment.")
    var experiment: String

    @Option(help: "Pairs of every variant.")
    var pairs = 8

    @Option(help: "This variant only; may be repeated.")
    var only: [String] = []

    @Option(help: "How to print.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions
    @OptionGroup var cluster: LocalClusterArguments
    @OptionGroup var keys: KeyArguments

    func validate() throws {
        guard (2...100).contains(pairs) else {
            throw ValidationError("--pairs: found \(pairs); allowed: 2 to 100")
        }
    }

    func run() throws {
        try reporting {
            let cases = try store.reporting {
                try CalibratedCase.find(experiment, database: store.path, only: only)
            }
            let variants = try cases.map { try Variant(json: $0.config) }
            do {
                try DataCheck.require(variants)
            } catch {
                StandardError.print("peerless: \(error)")
                throw ExitCode.wrongEnvironment
            }
            // Claimed first: a database that cannot be written is told before minutes of runs.
            try store.change(creating: true) { database in
                let rows = try measure(cases, variants)
                try database.record(noise: rows.map(\.row))
                print(
                    NoiseTable.render(rows, format: format, width: TerminalWidth.current()),
                    terminator: "")
                StandardError.print("\(rows.count) noise floors stored in \(store.path)")
            }
        }
    }

    private func measure(
        _ cases: [CalibratedCase], _ variants: [Variant]
    ) throws -> [NoiseTable.Entry] {
        let folder = try ScratchFolder()
        let database = folder.path("calibration.db")
        let interruption = StopFlag()
        let signals = SignalWatch { interruption.raise($0) }
        defer { signals.cancel() }
        let local = try LocalCluster(
            variants, try keys.security(as: .client),
            cluster.settings(database: database, summaryOnly: false, keys: keys.folder))
        defer { local.close() }
        let requests = (1...UInt64(pairs)).flatMap { seed in
            cases.flatMap { one in [one.request(seed: seed), one.request(seed: seed)] }
        }
        let ended = try local.watch(try local.ask { try $0.submit(requests) }, interruption)
        if let reason = interruption.reason {
            StandardError.print("peerless: stopped by \(reason); nothing was stored")
            throw ExitCode.runFailed
        }
        if let failed = ended.first(where: { $0.status != "completed" }) {
            StandardError.print(
                "peerless: \(failed.variant) seed \(failed.seed): \(failed.status)"
                    + "\(failed.note.map { ": \($0)" } ?? ""); nothing was stored")
            throw ExitCode.runFailed
        }
        let results = try RunStore(path: database, readOnly: true)
        let runs = try results.samples(runs: ended.map(\.id)).map {
            MeasuredRun($0, source: nil)
        }
        return Self.floors(runs)
    }

    private static func floors(_ runs: [MeasuredRun]) -> [NoiseTable.Entry] {
        var variants: [String] = []
        for run in runs where !variants.contains(run.variant) { variants.append(run.variant) }
        let now = Timestamp.text(Date())
        return variants.flatMap { variant -> [NoiseTable.Entry] in
            let mine = runs.filter { $0.variant == variant }
            return Metric.allCases.filter { $0.stage == .clock }.compactMap { metric in
                let values = mine.map { $0.values[metric] ?? 0 }
                let pairs = stride(from: 0, to: values.count - 1, by: 2).map {
                    (first: values[$0], second: values[$0 + 1])
                }
                guard let floor = NoiseFloors.floor(pairs: pairs), let run = mine.first else {
                    return nil
                }
                return NoiseTable.Entry(
                    experiment: run.experiment, variant: variant,
                    row: NoiseRow(
                        caseHash: run.caseHash, contextHash: run.contextHash,
                        metric: metric.rawValue, floor: floor, pairs: pairs.count,
                        measuredAt: now))
            }
        }
    }
}
