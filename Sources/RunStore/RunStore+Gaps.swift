import GRDB

extension RunStore {
    /// Which rows a run lacks that its nodes must have measured: a step that a later generation goes
    /// on behind was taken by everybody in its own.
    ///
    /// - Parameter isComplete: whether the newest generation took every step up to the last on record.
    public func gaps(run: Int64, isComplete: Bool) throws(StoreError) -> [RowGap] {
        try read("looking for missing rows of run \(run)") { database in
            let nodes = try Self.nodes(run, in: database)
            let taken = try Int.fetchOne(
                database, sql: "SELECT max(step) + 1 FROM step WHERE run = ?", arguments: [run])
            var end = isComplete ? taken : nil
            var gaps: [RowGap] = []
            for generation in Set(nodes.map(\.generation)).sorted(by: >) {
                let members = nodes.filter { $0.generation == generation }
                // Recorded by an earlier version.
                guard let first = members.first?.firstStep else { break }
                if let end, first < end {
                    for node in members {
                        try Self.gap(of: node, in: first..<end, database).map { gaps.append($0) }
                    }
                }
                end = min(end ?? first, first)
            }
            return gaps.sorted { ($0.steps.lowerBound, $0.rank) < ($1.steps.lowerBound, $1.rank) }
        }
    }

    private static func gap(
        of node: NodeRow, in steps: Range<Int>, _ database: Database
    ) throws -> RowGap? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT count(*) AS count, max(step) AS newest FROM step
                WHERE run = ? AND rank = ? AND step >= ? AND step < ?
                """,
            arguments: [node.run, node.rank, steps.lowerBound, steps.upperBound])
        let count: Int = row?["count"] ?? 0
        guard count < steps.count else { return nil }
        let next = (row?["newest"] as Int?).map { $0 + 1 } ?? steps.lowerBound
        let isOfEnd = next - steps.lowerBound == count
        return RowGap(
            name: node.name, rank: node.rank, count: steps.count - count,
            steps: (isOfEnd ? next : steps.lowerBound)...(steps.upperBound - 1))
    }
}
