import GRDB

/// A row as it is on record. SQLite lets any value stand in any column, and anybody may make a file:
/// asking for a value of the type that the schema declares throws `WrongValue`, where GRDB's own
/// rows would trap, or take a text for 0.
struct StoredRow {
    private let row: Row
    private let source: Source

    /// What the rows of a query have in common.
    private final class Source {
        let query: String
        /// Columns by name: to look for each in every row would take most of the time.
        let places: [String: Int]

        init(_ query: String, _ row: Row) {
            self.query = query
            let names = row.columnNames.enumerated().map { ($1, $0) }
            places = Dictionary(names, uniquingKeysWith: { first, _ in first })
        }
    }

    private init(_ row: Row, of source: Source) {
        self.row = row
        self.source = source
    }

    /// By position, the fast way.
    subscript<Value: StoredValue>(_ index: Int) -> Value {
        get throws {
            guard index < row.count else {
                throw WrongValue(nil, "\(index + 1)", expected: Value.kind, query: source.query)
            }
            let found: DatabaseValue = row[index]
            guard let value = Value(stored: found.storage) else {
                let name = Array(row.columnNames)[index]
                throw WrongValue(found, name, expected: Value.kind, query: source.query)
            }
            return value
        }
    }

    /// By a column's name.
    subscript<Value: StoredValue>(_ name: String) -> Value {
        get throws {
            guard let place = source.places[name] else {
                throw WrongValue(nil, name, expected: Value.kind, query: source.query)
            }
            return try self[place]
        }
    }

    /// The first row of a query.
    static func fetchOne(
        _ database: Database, sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> StoredRow? {
        try Row.fetchOne(database, sql: sql, arguments: arguments).map {
            StoredRow($0, of: Source(sql, $0))
        }
    }

    /// Every row of a query.
    static func fetchAll(
        _ database: Database, sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [StoredRow] {
        let rows = try Row.fetchAll(database, sql: sql, arguments: arguments)
        guard let first = rows.first else { return [] }
        let source = Source(sql, first)
        return rows.map { StoredRow($0, of: source) }
    }

    /// What a function makes of every row of a query, each of which is gone with the next one.
    static func each<Value>(
        _ database: Database, sql: String, arguments: StatementArguments = StatementArguments(),
        _ make: (StoredRow) throws -> Value
    ) throws -> [Value] {
        let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        var values: [Value] = []
        var known: Source?
        while let row = try rows.next() {
            let source = known ?? Source(sql, row)
            known = source
            values.append(try make(StoredRow(row, of: source)))
        }
        return values
    }

    /// The first value of the first row of a query; `nil` for no row, or NULL.
    static func value<Value: StoredValue>(
        _ database: Database, sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> Value? {
        try fetchOne(database, sql: sql, arguments: arguments).flatMap { try $0[0] as Value? }
    }

    /// The first value of every row of a query.
    static func values<Value: StoredValue>(
        _ database: Database, sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [Value] {
        try each(database, sql: sql, arguments: arguments) { try $0[0] }
    }
}
