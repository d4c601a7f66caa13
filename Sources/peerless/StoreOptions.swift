public import ArgumentParser
import Foundation
public import Reporting
import RunStore

extension OutputFormat: ExpressibleByArgument {}

/// Which database: shared by every command that reads or writes one.
struct StoreOptions: ParsableArguments {
    @Option(help: "The database. Default: PEERLESS_DB, else ./peerless.db.")
    var db: String?

    /// The path that option, environment and default come to.
    var path: String {
        if let db { return db }
        let named = ProcessInfo.processInfo.environment["PEERLESS_DB"] ?? ""
        return named.isEmpty ? "peerless.db" : named
    }

    /// Asks the database a question. What goes wrong is printed on standard error and becomes an
    /// exit code: 3 not enough data, 2 a file that cannot be used, 1 anything else.
    func answer<Value>(_ question: (RunStore) throws(StoreError) -> Value) throws -> Value {
        do {
            return try question(try RunStore(path: path, readOnly: true))
        } catch {
            StandardError.print("peerless: \(error)")
            if error.isNotEnoughData { throw ExitCode(3) }
            if case .database = error { throw ExitCode(1) }
            throw ExitCode(2)
        }
    }
}

/// Whose runs: an experiment's newest ones, or those named one by one.
struct RunSelection: ParsableArguments {
    @Option(name: .shortAndLong, help: "Its newest run of every variant and seed.")
    var experiment: String?

    @Argument(help: "Numbers of runs. Default: the newest runs of the latest experiment.")
    var runs: [Int64] = []

    mutating func validate() throws {
        guard experiment == nil || runs.isEmpty else {
            throw ValidationError("Give either --experiment or numbers of runs, not both.")
        }
    }

    /// The selection for the store.
    func filter(baseline: String? = nil) -> ComparisonFilter {
        ComparisonFilter(experiment: experiment, runs: runs, baseline: baseline)
    }
}
