import Foundation
import GRDB
import RunStore
import Testing

/// docs/store.md against the schema that a new database has.
@Suite struct StorePageTests {
    private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    /// Columns by table or view: those between backticks in the first cells below its heading.
    private static func sections() throws -> [String: [String]] {
        let text = try String(contentsOf: docs.appending(path: "store.md"), encoding: .utf8)
        var sections: [String: [String]] = [:]
        for section in text.components(separatedBy: "\n### `").dropFirst() {
            let name = String(section.prefix { $0 != "`" })
            let lines = section.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
            sections[name] = lines.flatMap { line in
                let cell = line.split(separator: "|").first ?? ""
                return cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }
                    .map { String($0.element) }
            }
        }
        return sections
    }

    private func schema() throws -> [String: [String]] {
        let folder = try Folder()
        _ = try RunStore(path: folder.database)
        return try DatabaseQueue(path: folder.database).read { database in
            let names = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_master WHERE type IN ('table', 'view')
                    AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
                    """)
            var schema: [String: [String]] = [:]
            for name in names {
                schema[name] = try String.fetchAll(
                    database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [name])
            }
            return schema
        }
    }

    @Test("the page names every column of every table and view that it describes, and no other")
    func columns() throws {
        let schema = try schema()
        let sections = try Self.sections()
        #expect(sections.count >= 11)
        for (name, columns) in sections {
            #expect(columns.sorted() == schema[name]?.sorted(), "\(name)")
        }
    }

    @Test("every table and view is described on this page, or named on the page of its part")
    func complete() throws {
        let names = try FileManager.default.subpathsOfDirectory(
            atPath: Self.docs.path(percentEncoded: false))
        let pages = try names.filter { $0.hasSuffix(".md") && $0 != "store.md" }.map {
            try String(contentsOf: Self.docs.appending(path: $0), encoding: .utf8)
        }
        let sections = try Self.sections()
        for name in try schema().keys where sections[name] == nil {
            #expect(pages.contains { $0.contains("`\(name)`") }, "\(name) is told nowhere in docs/")
        }
    }
}
