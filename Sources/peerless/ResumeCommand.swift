import ArgumentParser
import Cluster
import Experiment
import Foundation
import Reporting
import RunStore
import Wire

/// `peerless resume`: a run goes on from its checkpoints.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Continue a run that ended early, from its newest sound checkpoint.",
        discussion: """
            The run must have been made with checkpoint: {every: N}. It goes on with the same bits as \
            if it had not been interrupted: parameters, optimiser, residuals and data order are those \
            of the checkpoint. Without --coordinator the cluster is started on this machine, and \
            checkpoints are looked for beside the database; with it, every daemon looks in its own \
            --checkpoints folder, and one that has the name of a node that wrote some gets its rank.
            """)

    @Argument(
        help: ArgumentHelp("Number of the run, as `peerless runs` lists it.", valueName: "run"))
    var number: Int64

    @Option(help: "A running coordinator, in place of a cluster on this machine.")
    var coordinator: String?

    @OptionGroup var store: StoreOptions
    @OptionGroup var cluster: LocalClusterArguments
    @OptionGroup var keys: KeyArguments

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    func run() throws {
        try reporting {
            if let coordinator {
                let client = try CoordinatorClient(
                    endpoint: coordinator, security: try keys.security(as: .client))
                try client.resume(number)
                let ended = try RunWatch(
                    runs: [number], client: client, progress: ProgressLine()
                ).wait()
                if ended.contains(where: { $0.status != "completed" }) { throw ExitCode.runFailed }
                return
            }
            try resumeHere()
        }
    }

    private func resumeHere() throws {
        let detail = try store.answer { store throws(StoreError) in try store.detail(run: number) }
        let variant = try Variant(json: detail.description.config)
        let interruption = StopFlag()
        let signals = SignalWatch { interruption.raise($0) }
        defer { signals.cancel() }
        let local = try LocalCluster(
            [variant], try keys.security(as: .client),
            cluster.settings(database: store.path, summaryOnly: false, keys: keys.folder),
            hasFaults: false)
        defer { local.close() }
        try local.ask { try $0.resume(number) }
        let ended = try local.watch([number], interruption)
        let rows = try RunStore(path: store.path, readOnly: true).comparison(
            ComparisonFilter(runs: [number]))
        print(
            ComparisonTable.render(
                rows, format: json ? .json : .table, width: TerminalWidth.current()),
            terminator: "")
        if ended.contains(where: { $0.status != "completed" }) { throw ExitCode.runFailed }
    }
}
