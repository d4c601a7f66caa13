/// Prints rows in chosen columns.
enum ColumnTable {
    /// In a format, with a final line end.
    static func render<Row>(
        _ rows: [Row], _ columns: [RowColumn<Row>], format: OutputFormat
    ) -> String {
        switch format {
        case .csv: return csv(rows, columns)
        case .json:
            return JSONText.render(
                rows.map { row in
                    Dictionary(columns.map { ($0.name, $0.value(row)) }) { first, _ in first }
                })
        case .table: return sheet(rows, columns).text()
        case .markdown: return sheet(rows, columns).markdown()
        }
    }

    /// A header of names, and one record per row.
    static func csv<Row>(_ rows: [Row], _ columns: [RowColumn<Row>]) -> String {
        CommaSeparated.line(columns.map(\.name))
            + rows.map { row in CommaSeparated.line(columns.map { $0.plain(row) }) }.joined()
    }

    private static func sheet<Row>(_ rows: [Row], _ columns: [RowColumn<Row>]) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        for column in columns {
            let title = column.name
            let heading: TextSheet.Heading =
                column.kind == .words ? .words(title) : .figures(title)
            sheet.add(heading, rows.map(column.shown))
        }
        return sheet
    }
}
