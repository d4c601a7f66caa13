import TextTable

/// Headings and cells of text, to be set as a terminal table or as Markdown.
struct TextSheet {
    /// A column's title and side.
    struct Heading {
        var title: String
        var numeric: Bool

        /// A column of words, set to the left.
        static func words(_ title: String) -> Heading { Heading(title: title, numeric: false) }

        /// A column of figures, set to the right.
        static func figures(_ title: String) -> Heading { Heading(title: title, numeric: true) }
    }

    private(set) var headings: [Heading] = []
    private(set) var rows: [[String]]

    /// No column yet.
    init(rowCount: Int) {
        rows = Array(repeating: [], count: rowCount)
    }

    /// Appends a column with one cell per row.
    mutating func add(_ heading: Heading, _ cells: [String]) {
        precondition(cells.count == rows.count, "one cell per row")
        headings.append(heading)
        for index in rows.indices { rows[index].append(Self.plain(cells[index])) }
    }

    /// The sheet without the columns of these titles.
    func dropping(_ titles: Set<String>) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        for (column, heading) in headings.enumerated() where !titles.contains(heading.title) {
            sheet.add(heading, rows.map { $0[column] })
        }
        return sheet
    }

    /// Columns a terminal needs.
    var width: Int {
        headings.indices.reduce(max(0, headings.count - 1)) { sum, column in
            let longest = rows.map { $0[column].count }.max() ?? 0
            return sum + max(longest, headings[column].title.count)
        }
    }

    /// The sheet, less columns in the order of `titles` until it fits.
    func fitting(_ width: Int?, dropping titles: [String]) -> TextSheet {
        var sheet = self
        for title in titles {
            guard let width, sheet.width > width else { break }
            sheet = sheet.dropping([title])
        }
        return sheet
    }

    /// Aligned columns, a line of dashes under the titles; nothing without rows.
    func text() -> String {
        let table = TextTable(columns(escaping: false))
        let lines = (table.string(for: rows, style: Simple.self) ?? "").split(separator: "\n")
        return lines.map { line in
            let end = line.lastIndex { $0 != " " }
            return (end.map { String(line[...$0]) } ?? "") + "\n"
        }.joined()
    }

    /// A Markdown table; nothing without rows.
    func markdown() -> String {
        TextTable(columns(escaping: true)).string(for: rows, style: Pipe.self) ?? ""
    }

    private func columns(escaping: Bool) -> ([String]) -> [Column] {
        { cells in
            zip(headings, cells).map { heading, cell in
                Column(
                    title: heading.title,
                    value: escaping ? cell.replacing("|", with: "\\|") : cell,
                    align: heading.numeric ? .right : .left)
            }
        }
    }

    /// Text without control characters: a name cannot break a line or steer the terminal.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control ? " " : scalar
                }))
    }
}
