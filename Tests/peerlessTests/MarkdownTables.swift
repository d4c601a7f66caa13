/// A reader of Markdown that accepts tables by GitHub's grammar only.
enum MarkdownTables {
    struct Violation: Error {
        var line: String
        var why: String
    }

    /// The cells of every table's every row, the header first, the line of dashes left out.
    static func read(_ text: String) throws -> [[[String]]] {
        guard text.hasSuffix("\n"), !text.hasSuffix("\n\n") else {
            throw Violation(line: "", why: "not one line end at the end")
        }
        var tables: [[[String]]] = []
        var table: [[String]] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            guard line.hasPrefix("|") else {
                if !table.isEmpty {
                    guard line.isEmpty else { throw Violation(line: line, why: "no blank line") }
                    tables.append(try checked(table))
                }
                table = []
                continue
            }
            table.append(try cells(line))
        }
        return tables
    }

    private static func checked(_ table: [[String]]) throws -> [[String]] {
        let dashes = table.count > 1 ? table[1] : []
        let isRuled = dashes.allSatisfy { cell in
            cell.wholeMatch(of: /:?-+:?/) != nil
        }
        guard table.count > 2, isRuled else { throw Violation(line: "", why: "no table") }
        for row in table where row.count != table[0].count {
            throw Violation(line: row.joined(separator: "|"), why: "another count of cells")
        }
        return [table[0]] + table.dropFirst(2)
    }

    private static func cells(_ line: String) throws -> [String] {
        guard line.hasSuffix("|"), line.count > 1 else {
            throw Violation(line: line, why: "no bar at the end")
        }
        var cells = [""]
        var isEscaped = false
        for letter in line.dropFirst() {
            if letter == "|", !isEscaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(letter)
            }
            isEscaped = letter == "\\"
        }
        return cells.dropLast().map { cell in
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
