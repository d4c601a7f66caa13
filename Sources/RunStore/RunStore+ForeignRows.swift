import GRDB

/// What is held against another database before its rows are taken over. SQLite lets any value stand
/// in any column, and a view or a virtual table in a table's place; whoever reads the rows here later
/// takes them for what the schema declares.
extension RunStore {
    /// Tables of the attached database `other` that stand for these of ours, and hold what they
    /// declare.
    ///
    /// - Throws: `StoreError.damaged` with table and column.
    static func requireOwnShape(
        of tables: [String], path: String, in database: Database
    ) throws {
        for table in tables {
            guard try isPlainTable(table, in: database) else {
                throw StoreError.damaged(path: path, detail: "\(table) is no plain table")
            }
            if let column = try wrongColumn(of: table, in: database) {
                throw StoreError.damaged(
                    path: path, detail: "\(table).\(column) holds a value of another type")
            }
        }
    }

    private static func isPlainTable(_ table: String, in database: Database) throws -> Bool {
        let found = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM other.sqlite_master
                WHERE name = ? AND type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
                """,
            arguments: [table])
        let computed = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM pragma_table_xinfo(?, 'other') WHERE hidden <> 0",
            arguments: [table])
        return found == 1 && computed == 0
    }

    /// A column in which some row has a value that the column's declared type does not allow.
    private static func wrongColumn(of table: String, in database: Database) throws -> String? {
        let columns = try Row.fetchAll(
            database, sql: "SELECT name, type FROM pragma_table_info(?, 'main')",
            arguments: [table])
        let cases = columns.map { row -> String in
            let (name, type): (String, String) = (row["name"], row["type"])
            return "WHEN typeof(\(name)) NOT IN (\(allowed(type))) THEN '\(name)'"
        }
        return try String.fetchOne(
            database,
            sql: """
                SELECT wrong FROM (
                    SELECT CASE \(cases.joined(separator: " ")) END AS wrong FROM other.\(table))
                WHERE wrong IS NOT NULL LIMIT 1
                """)
    }

    private static func allowed(_ type: String) -> String {
        switch type {
        case "INTEGER": "'integer', 'null'"
        case "REAL": "'real', 'integer', 'null'"
        default: "'text', 'null'"
        }
    }
}
