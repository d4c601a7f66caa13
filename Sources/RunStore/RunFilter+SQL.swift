import GRDB

extension RunFilter {
    /// A condition over a view's columns, with its arguments; true where nothing narrows.
    ///
    /// - Parameter view: `v_runs` or `v_compare`, which must be in the query under its own name.
    func sql(over view: String) -> (condition: String, arguments: StatementArguments) {
        var parts: [String] = []
        var arguments = StatementArguments()
        func add(_ part: String, _ values: StatementArguments) {
            parts.append(part)
            arguments += values
        }
        func add(any values: [some DatabaseValueConvertible], of column: String) {
            guard !values.isEmpty else { return }
            let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
            add("\(view).\(column) IN (\(marks))", StatementArguments(values))
        }
        if let experiment { add("\(view).experiment = ?", [experiment]) }
        add(any: statuses.map(\.rawValue), of: "status")
        add(any: variants, of: "variant")
        add(any: topologies, of: "topology")
        add(any: workers, of: "workers")
        if !methods.isEmpty {
            let each = "(\(view).method_name = ? OR \(view).method = ?)"
            add(
                "(" + methods.map { _ in each }.joined(separator: " OR ") + ")",
                StatementArguments(methods.flatMap { [$0, $0] }))
        }
        if let since { add("\(view).created_at >= ?", [Timestamp.text(since)]) }
        if let until { add("\(view).created_at < ?", [Timestamp.text(until)]) }
        if let revision {
            add("substr(\(view).git_revision, 1, length(?)) = ?", [revision, revision])
        }
        if let host {
            let nodes = "SELECT 1 FROM node WHERE node.run = \(view).run AND node.host = ?"
            add("(\(view).host = ? OR EXISTS (\(nodes)))", [host, host])
        }
        // On lines of its own: a comment at its end comments nothing else out.
        if let condition { parts.append("(\n\(condition)\n)") }
        return (parts.isEmpty ? "TRUE" : parts.joined(separator: " AND "), arguments)
    }

    /// Checks that the condition is one, before it meets any row.
    ///
    /// - Throws: `StoreError.badCondition` with SQLite's words.
    func checkCondition(over view: String, in database: Database) throws {
        guard let condition else { return }
        do {
            // With and without parentheses: "1) OR (1" is an expression only with them.
            for sql in ["(\n\(condition)\n)", condition] {
                _ = try database.makeStatement(sql: "SELECT 1 FROM \(view) WHERE \(sql)")
            }
        } catch let error as DatabaseError {
            throw try Self.bad(condition, error, view, in: database)
        }
    }

    /// Runs a query with the condition in it, which may fail on some row or never end.
    func telling<Value>(
        over view: String, in database: Database, _ query: () throws -> Value
    ) throws -> Value {
        do {
            return try query()
        } catch let error as DatabaseError
            where [.SQLITE_ERROR, .SQLITE_INTERRUPT].contains(error.resultCode)
        {
            guard let condition else { throw error }
            throw try Self.bad(condition, error, view, in: database)
        }
    }

    private static func bad(
        _ condition: String, _ error: DatabaseError, _ view: String, in database: Database
    ) throws -> StoreError {
        let columns = try String.fetchAll(
            database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [view])
        let detail =
            switch error.resultCode {
            case .SQLITE_INTERRUPT: "it ran too long and was stopped"
            case .SQLITE_MISUSE: "it is more than one expression"
            default: error.message ?? "no message"
            }
        return .badCondition(condition, detail: detail, columns: columns)
    }
}
