import ArgumentParser
import Cluster
import Foundation

/// The root command.
@main
struct Peerless: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerless",
        abstract:
            "Measures how to train together: server, ring or tree; dense, sparse or sketched.",
        discussion: """
            Start with `peerless run configs/quickstart.yaml`.
            Results go to standard output, everything else to standard error.
            Exit codes: 0 done; 1 a run failed or a gate found a regression; 2 bad usage or \
            experiment file; 3 not enough data; 4 environment mismatch.
            """,
        version: PeerlessVersion.current,
        subcommands: [
            RunCommand.self, ResumeCommand.self, ReproduceCommand.self, CoordinatorCommand.self,
            WorkerCommand.self,
            ServerCommand.self,
            SubmitCommand.self, StatusCommand.self, WatchCommand.self, DashboardCommand.self,
            CancelCommand.self,
            RunsCommand.self,
            ShowCommand.self, CompareCommand.self, ExplainCommand.self, ObserveCommand.self,
            TrendCommand.self, AdviseCommand.self, PredictCommand.self, ReportCommand.self,
            PlotCommand.self, ExportCommand.self, BaselineCommand.self, CalibrateCommand.self,
            GateCommand.self,
            MergeCommand.self, ImportCommand.self, PruneCommand.self,
            UpgradeCommand.self, BenchCommand.self, KeysCommand.self,
            DoctorCommand.self, SimulateCommand.self,
        ])

    /// Bad usage ends with 2, as everything else that is bad about what was asked.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            StandardError.print(fullMessage(for: error))
            if let line = Suggestion.line(for: Array(CommandLine.arguments.dropFirst())) {
                StandardError.print(line)
            }
            Foundation.exit(ExitCode.badUsage.rawValue)
        }
    }
}
