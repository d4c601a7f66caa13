import Charts

/// Pieces of a report, well-formed as XML too. Whatever comes from a database is escaped here.
enum ReportMarkup {
    /// Text of an element or a quoted attribute.
    static func text(_ text: String) -> String { SVGText.escaped(text) }

    /// A table that scrolls within itself where the page is too narrow.
    ///
    /// - Parameter name: says what it holds to those who do not see it.
    static func table(_ sheet: TextSheet, name: String) -> String {
        table(sheet, name: name) { row, column in text(sheet.rows[row][column]) }
    }

    /// A table whose cells may be more than text.
    static func table(
        _ sheet: TextSheet, name: String, cell: (_ row: Int, _ column: Int) -> String
    ) -> String {
        func side(_ column: Int) -> String {
            sheet.headings[column].numeric ? " class=\"n\"" : ""
        }
        let head = sheet.headings.indices.map { column in
            "<th scope=\"col\"\(side(column))>\(text(sheet.headings[column].title))</th>"
        }
        let body = sheet.rows.indices.map { row in
            "<tr>"
                + sheet.headings.indices.map { "<td\(side($0))>\(cell(row, $0))</td>" }.joined()
                + "</tr>\n"
        }
        return """
            <div class="wide" tabindex="0" role="region" aria-label="\(text(name))"><table>
            <thead><tr>\(head.joined())</tr></thead>
            <tbody>
            \(body.joined())</tbody></table></div>

            """
    }

    /// A figure with its words and, folded, its numbers.
    static func figure(_ figure: ReportFigure) -> String {
        """
        <figure id="\(figure.id)"\(figure.pictures.count > 1 ? " class=\"whole\"" : "")>
        <h3>\(text(figure.title))</h3>
        <div class="pictures">\(figure.pictures.map(\.fragment).joined(separator: "\n"))</div>
        <figcaption>\(text(figure.caption))</figcaption>
        <details id="\(figure.id)-table"><summary>Table</summary>
        \(table(figure.table, name: "Table: \(figure.title)"))</details>
        </figure>

        """
    }

    /// A section with a heading of its own.
    static func section(_ id: String, _ title: String, _ body: String) -> String {
        "<section id=\"\(id)\">\n<h2>\(text(title))</h2>\n\(body)</section>\n"
    }

    /// Paragraphs in a list.
    static func list(_ lines: [String], classes: String = "") -> String {
        guard !lines.isEmpty else { return "" }
        let items = lines.map { "<li>\(text($0))</li>\n" }.joined()
        return "<ul\(classes.isEmpty ? "" : " class=\"\(classes)\"")>\n\(items)</ul>\n"
    }
}
