import TextTable

/// Headings and cells of text, to be set as a terminal table or as Markdown.
struct TextSheet: Equatable {
    /// A column's title and side.
    struct Heading: Equatable {
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
    var width: Int { widths.reduce(max(0, headings.count - 1), +) }

    private var widths: [Int] {
        var widths = headings.map { Self.length($0.title) }
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], Self.length(cell))
            }
        }
        return widths
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

    /// Aligned columns, a line of dashes under the titles; nothing without rows. Set here and not by
    /// the library, with which a list of 500 runs took as long as one of thousands does now.
    func text() -> String {
        guard !rows.isEmpty else { return "" }
        let widths = widths
        let dashes = widths.map { String(repeating: "-", count: $0) }
        var text = line(headings.map(\.title), widths) + dashes.joined(separator: " ") + "\n"
        for row in rows { text += line(row, widths) }
        return text
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        var blanks = 0
        for (column, cell) in cells.enumerated() {
            let missing = widths[column] - Self.length(cell)
            if headings[column].numeric { blanks += missing }
            if !cell.isEmpty {
                line += String(repeating: " ", count: blanks) + cell
                blanks = 0
            }
            blanks += 1 + (headings[column].numeric ? 0 : missing)
        }
        return line + "\n"
    }

    /// Characters; bytes where all are ASCII, which is much quicker to count.
    private static func length(_ text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
    }

    /// A Markdown table with a final line end; nothing without rows.
    func markdown() -> String {
        let table = TextTable { (cells: [String]) in
            zip(headings, cells).map { heading, cell in
                Column(
                    title: heading.title, value: cell.replacing("|", with: "\\|"),
                    align: heading.numeric ? .right : .left)
            }
        }
        return table.string(for: rows, style: Pipe.self) ?? ""
    }

    /// Text without control characters: a name cannot break a line or steer the terminal.
    static func plain(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control ? " " : scalar
                }))
    }
}
