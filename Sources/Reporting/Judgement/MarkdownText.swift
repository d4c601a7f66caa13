/// Text within Markdown that may hold HTML.
enum MarkdownText {
    /// Shown as it is: no markup, tag, link or mention comes of it.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            // A mention would call a person.
            case "@": escaped += "&#64;"
            case "\\", "`", "*", "_", "[", "]", "#", "~": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}

extension TextSheet {
    /// The sheet with every cell shown as it is.
    func escapedForMarkdown() -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        for (column, heading) in headings.enumerated() {
            sheet.add(heading, rows.map { MarkdownText.escaped($0[column]) })
        }
        return sheet
    }
}
