import ArgumentParser
import Cluster
import Experiment
import Foundation
import Logging
import Reporting
import RunStore
import Wire

/// `peerless run`: the whole cluster on this machine, for one experiment.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an experiment on this machine and print the comparison.",
        discussion: """
            Starts a coordinator, the workers and, where a variant needs one, a server as child \
            processes, shows progress, and ends them all. Ctrl-C cancels what runs.
            """)

    @OptionGroup var experiment: ExperimentArguments
    @OptionGroup var store: StoreOptions
    @OptionGroup var keys: KeyArguments

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    @Flag(help: "Keep every run's summary, but no row per step.")
    var summaryOnly = false

    @OptionGroup var cluster: LocalClusterArguments

    func run() throws {
        try reporting {
            let (plan, requests) = try experiment.load()
            let security = try keys.security(as: .client)
            let variants = experiment.chosen(plan)
            try requireData(of: variants)
            let interruption = StopFlag()
            let signals = SignalWatch { interruption.raise($0) }
            defer { signals.cancel() }
            let started = Stopwatch()
            let runs = try carryOut(variants, requests, security, interruption)
            let seconds = String(format: "%.0f", started.seconds)
            StandardError.print(
                "\(counted(runs.count, "run")) in \(seconds) s, recorded in \(store.path)")
            try printComparison(runs.map(\.id), baseline: plan.baseline)
            if let reason = interruption.reason {
                StandardError.print("peerless: stopped by \(reason)")
                throw ExitCode.runFailed
            }
            if runs.contains(where: { $0.status != "completed" }) { throw ExitCode.runFailed }
        }
    }

    private func requireData(of variants: [Variant]) throws {
        do {
            try DataCheck.require(variants)
        } catch {
            StandardError.print("peerless: \(error)")
            throw ExitCode.wrongEnvironment
        }
    }

    private func carryOut(
        _ variants: [Variant], _ requests: [RunRequest], _ security: Security,
        _ interruption: StopFlag
    ) throws -> [Board.Run] {
        let local = try LocalCluster(
            variants, security,
            cluster.settings(database: store.path, summaryOnly: summaryOnly, keys: keys.folder))
        defer { local.close() }
        return try local.watch(try local.ask { try $0.submit(requests) }, interruption)
    }

    /// The file's baseline may be a variant that was left out and never ran: then the usual one.
    private func printComparison(_ runs: [Int64], baseline: String?) throws {
        let results = try RunStore(path: store.path, readOnly: true)
        let rows: [ComparisonRow]
        do throws(StoreError) {
            rows = try results.comparison(ComparisonFilter(runs: runs, baseline: baseline))
        } catch {
            guard case .unknownBaseline = error else { throw error }
            rows = try results.comparison(ComparisonFilter(runs: runs))
        }
        let format: OutputFormat = json ? .json : .table
        print(
            ComparisonTable.render(rows, format: format, width: TerminalWidth.current()),
            terminator: "")
    }
}
