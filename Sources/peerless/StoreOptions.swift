public import ArgumentParser
import Cluster
import Foundation
import Judging
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

    /// Asks the database a question, as `reporting` does.
    func answer<Value>(_ question: (RunStore) throws(StoreError) -> Value) throws -> Value {
        try reporting { try question(try RunStore(path: path, readOnly: true)) }
    }

    /// Changes the database, which no coordinator may be writing meanwhile.
    ///
    /// - Parameter creating: whether a database is made where there is none.
    func change<Value>(creating: Bool, _ body: (RunStore) throws -> Value) throws -> Value {
        try reporting {
            guard creating || FileManager.default.fileExists(atPath: path) else {
                throw StoreError.missing(path: path)
            }
            let claim = try DatabaseClaim(path: path)
            return try withExtendedLifetime(claim) { try body(try RunStore(path: path)) }
        }
    }

    /// What goes wrong is printed on standard error and becomes an exit code: 3 not enough data, 2 a
    /// file or question that cannot be used, 1 anything else.
    func reporting<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            StandardError.print("peerless: \(error)")
            if error.isNotEnoughData { throw ExitCode(3) }
            if case .database = error { throw ExitCode.runFailed }
            throw ExitCode.badUsage
        } catch let error as RunReference.Trouble {
            StandardError.print("peerless: \(error)")
            throw error.isNotEnoughData ? ExitCode.notEnoughData : .badUsage
        } catch let error as ColumnError {
            StandardError.print("peerless: \(error)")
            throw ExitCode.badUsage
        } catch let error as OutputFile.Trouble {
            StandardError.print("peerless: \(error)")
            throw ExitCode.runFailed
        } catch let error as ClusterError {
            StandardError.print("peerless: \(error)")
            throw ExitCode.badUsage
        }
    }
}

/// Whose runs: an experiment's newest ones, or those named one by one.
struct RunSelection: ParsableArguments {
    @Option(name: .shortAndLong, help: "Its newest run of every variant and seed.")
    var experiment: String?

    @Argument(help: "Numbers of runs. Default: the newest runs of the latest experiment.")
    var runs: [Int64] = []

    @OptionGroup var among: FilterOptions

    mutating func validate() throws {
        guard experiment == nil || runs.isEmpty else {
            throw ValidationError("Give either --experiment or numbers of runs, not both.")
        }
    }

    /// The selection for the store.
    func filter(baseline: String? = nil) -> ComparisonFilter {
        var filter = ComparisonFilter(experiment: experiment, runs: runs, baseline: baseline)
        filter.among = among.filter()
        return filter
    }
}
