import GRDB

extension RunStore {
    /// The completed runs of one case in one context, oldest first: of several cases or contexts
    /// those of the newest run, the others named.
    ///
    /// - Parameter context: the beginning of a context's hash, to take another than the newest.
    /// - Throws: `StoreError` with `isNotEnoughData` when nothing is there, `ambiguousHash` when a
    ///   beginning fits several.
    public func history(
        of selection: CaseSelection, context: String? = nil
    ) throws(StoreError) -> CaseHistory {
        try read("reading a history") { database in
            let found = try entries(selection, in: database)
            let (all, otherCases) = Self.newest(of: found, by: \.row.caseHash)
            var chosen = all
            if let context {
                let fitting = all.filter { $0.row.contextHash.hasPrefix(context) }
                chosen = try Self.single(
                    fitting, .context, context, by: \.row.contextHash,
                    known: Self.distinct(all, by: \.row.contextHash))
            }
            let entries = Self.newest(of: chosen, by: \.row.contextHash).entries
            guard let last = entries.last?.row else { throw StoreError.nothingMatches }
            var history = CaseHistory(
                caseHash: last.caseHash, contextHash: last.contextHash, entries: entries)
            history.otherCases = otherCases
            history.otherContexts = try Self.otherContexts(all, than: last, in: database)
            return history
        }
    }

    private func entries(
        _ selection: CaseSelection, in database: Database
    ) throws -> [CaseHistory.Entry] {
        switch selection {
        case .hash(let prefix):
            let found = try Self.entries(
                where: "substr(case_hash, 1, length(?)) = ?", [prefix, prefix], in: database)
            return try Self.single(found, .case, prefix, by: \.row.caseHash, known: [])
        case .variant(let variant, let experiment):
            try Self.require(experiment: experiment, in: database)
            let found = try Self.entries(
                where: "experiment = ? AND variant = ?", [experiment, variant], in: database)
            guard found.isEmpty else { return found }
            let known: [String] = try StoredRow.values(
                database,
                sql: """
                    SELECT variant FROM v_compare WHERE experiment = ? AND status = 'completed'
                    GROUP BY variant ORDER BY min(run)
                    """, arguments: [experiment])
            throw StoreError.unknownVariant(variant, experiment: experiment, known: known)
        }
    }

    private static func entries(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [CaseHistory.Entry] {
        try StoredRow.fetchAll(
            database,
            sql: """
                SELECT * FROM v_compare WHERE status = 'completed' AND \(condition)
                ORDER BY created_at, run
                """,
            arguments: arguments
        ).map { CaseHistory.Entry(row: try ComparisonRow($0), createdAt: try $0["created_at"]) }
    }

    /// The entries, of which there are some, and all of one hash.
    private static func single(
        _ entries: [CaseHistory.Entry], _ kind: HashKind, _ prefix: String,
        by hash: KeyPath<CaseHistory.Entry, String>, known: [String]
    ) throws -> [CaseHistory.Entry] {
        let hashes = distinct(entries, by: hash)
        if hashes.isEmpty { throw StoreError.unknownHash(kind, prefix, known: known) }
        if hashes.count > 1 { throw StoreError.ambiguousHash(kind, prefix, found: hashes) }
        return entries
    }

    private static func distinct(
        _ entries: [CaseHistory.Entry], by hash: KeyPath<CaseHistory.Entry, String>
    ) -> [String] {
        Set(entries.map { $0[keyPath: hash] }).sorted()
    }

    /// Those with the hash of the last one, and how many there are of others.
    private static func newest(
        of entries: [CaseHistory.Entry], by hash: KeyPath<CaseHistory.Entry, String>
    ) -> (entries: [CaseHistory.Entry], others: [CaseHistory.Apart]) {
        let chosen = entries.last?[keyPath: hash]
        let others = distinct(entries, by: hash).filter { $0 != chosen }.map { other in
            CaseHistory.Apart(
                hash: other, runs: entries.count { $0[keyPath: hash] == other })
        }
        return (entries.filter { $0[keyPath: hash] == chosen }, others)
    }

    private static func otherContexts(
        _ entries: [CaseHistory.Entry], than last: ComparisonRow, in database: Database
    ) throws -> [CaseHistory.Apart] {
        let mine = try context(last.run, in: database)
        return try distinct(entries, by: \.row.contextHash).filter { $0 != last.contextHash }.map {
            hash in
            let runs = entries.filter { $0.row.contextHash == hash }
            let other = try runs.last.map { try context($0.row.run, in: database) }
            return CaseHistory.Apart(
                hash: hash, runs: runs.count,
                differingKeys: other?.differingKeys(from: mine) ?? [])
        }
    }
}
