import ArgumentParser
import Cluster
import Experiment
import Foundation
import Reporting
import RunStore
import Wire

/// `peerless reproduce`: a recorded run once more, and whether it came out the same.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Run a recorded run again and say whether it came out the same, bit by bit.",
        discussion: """
            Takes variant and seed as the database has them, starts the cluster on this machine as \
            run does, records a new run, and compares every worker's loss at every step, every \
            evaluation and the checksum of the final parameters.
            Exit codes: 0 bit-equal; 1 something differs, or the repetition failed; 2 bad usage; \
            3 the run has too little on record; 4 something differs and the run was made on \
            something else than this machine, or a data set is missing here.
            """)

    @Argument(
        help: ArgumentHelp("Number of the run, as `peerless runs` lists it.", valueName: "run"))
    var number: Int64

    @Option(help: "Database that the repetition is recorded in. Default: the run's own.")
    var into: String?

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    @OptionGroup var store: StoreOptions
    @OptionGroup var cluster: LocalClusterArguments
    @OptionGroup var keys: KeyArguments

    func run() throws {
        try reporting {
            let (stored, steps) = try read(number, from: store.path)
            try requireRecords(stored, steps)
            let variant = try variant(of: stored)
            try requireData(of: variant)
            let target = into ?? store.path
            let repetition = try repeatRun(stored.description, variant, target)
            let (repeated, repeatedSteps) = try read(repetition, from: target)
            let found = Reproduction(
                stored, steps: steps, with: repeated, steps: repeatedSteps)
            print(
                json ? ReproductionReport.json(found) : ReproductionReport.text(found),
                terminator: "")
            if let code = Self.code(found) { throw code }
        }
    }

    /// What differs elsewhere than where it was made is no verdict on the program.
    private static func code(_ found: Reproduction) -> ExitCode? {
        switch found.verdict {
        case .equal: nil
        case .failed: .runFailed
        case .different: found.surroundings.isEmpty ? .runFailed : .wrongEnvironment
        case .incomparable: .notEnoughData
        }
    }

    private func read(_ run: Int64, from path: String) throws -> (RunDetail, [StepRow]) {
        try store.reporting {
            let database = try RunStore(path: path, readOnly: true)
            return (try database.detail(run: run), try database.steps(run: run))
        }
    }

    private func requireRecords(_ stored: RunDetail, _ steps: [StepRow]) throws {
        let status = stored.summary.status
        guard status.isFinal else {
            StandardError.print(
                "peerless: run \(number): \(status.rawValue); only a run that has ended can be "
                    + "repeated and compared")
            throw ExitCode.notEnoughData
        }
        guard !steps.isEmpty || stored.summary.checksum != nil else {
            StandardError.print(
                "peerless: run \(number): no step and no final checksum of it is recorded, so there "
                    + "is nothing to hold a repetition against; `peerless runs` lists others")
            throw ExitCode.notEnoughData
        }
        if steps.isEmpty {
            StandardError.print(
                "run \(number): no step of it is recorded, so a difference can be found but not its "
                    + "first step")
        }
    }

    private func variant(of stored: RunDetail) throws -> Variant {
        do {
            let variant = try Variant(json: stored.description.config)
            for fault in variant.faults {
                StandardError.print("run \(number): the experiment's fault again: \(fault.summary)")
            }
            return variant
        } catch {
            StandardError.print(
                "peerless: run \(number): its stored configuration cannot be used: \(error)")
            throw ExitCode.notEnoughData
        }
    }

    private func requireData(of variant: Variant) throws {
        do {
            try DataCheck.require([variant])
        } catch {
            StandardError.print("peerless: \(error)")
            throw ExitCode.wrongEnvironment
        }
    }

    /// The number of the new run in the database.
    private func repeatRun(
        _ stored: RunDescription, _ variant: Variant, _ database: String
    ) throws -> Int64 {
        let interruption = StopFlag()
        let signals = SignalWatch { interruption.raise($0) }
        defer { signals.cancel() }
        let local = try LocalCluster(
            [variant], try keys.security(as: .client),
            cluster.settings(database: database, summaryOnly: false, keys: keys.folder))
        defer { local.close() }
        let request = RunRequest(
            experiment: stored.experiment, experimentText: stored.experimentText,
            config: stored.config, seed: stored.seed)
        let runs = try local.ask { try $0.submit([request]) }
        guard let run = runs.first else { throw ClusterError("the coordinator queued no run") }
        let note = "run \(number) of \(store.path), UUID \(stored.uuid)"
        try local.ask { try $0.note(run, kind: "repeats", detail: note) }
        _ = try local.watch(runs, interruption)
        if let reason = interruption.reason {
            StandardError.print("peerless: stopped by \(reason)")
            throw ExitCode.runFailed
        }
        return run
    }
}
