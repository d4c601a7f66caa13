import GRDB

extension RunStore {
    /// What a run ran on.
    ///
    /// - Throws: `StoreError.unknownRun` when there is no such run.
    public func context(run: Int64) throws(StoreError) -> RunContext {
        try read("reading the context of run \(run)") { try Self.context(run, in: $0) }
    }

    /// The keys in which some of the runs' contexts differ from the first one's, in order; none when
    /// all ran on the same, and may be compared.
    ///
    /// - Throws: `StoreError.unknownRun` when there is no such run.
    public func differingContextKeys(runs: [Int64]) throws(StoreError) -> [String] {
        try read("comparing contexts") { database in
            let contexts = try runs.map { try Self.context($0, in: database) }
            guard let first = contexts.first else { return [] }
            return Set(contexts.flatMap { $0.differingKeys(from: first) }).sorted()
        }
    }

    static func context(_ run: Int64, in database: Database) throws -> RunContext {
        let row = try StoredRow.fetchOne(
            database, sql: "SELECT context_hash, context FROM run WHERE id = ?", arguments: [run])
        guard let row else { throw try unknown(run, in: database) }
        return RunContext(hash: try row["context_hash"], json: try row["context"])
    }
}
