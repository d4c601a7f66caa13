import Reporting

/// Pieces of a page. Whatever comes from a database goes through `text`.
enum HTML {
    /// A text that means nothing to a browser, within elements and quoted attributes.
    static func text(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A link within the dashboard.
    static func link(_ route: DashboardRoute, _ words: String) -> String {
        "<a href=\"\(text(route.target))\">\(text(words))</a>"
    }

    /// A table.
    ///
    /// - Parameters:
    ///   - headings: plain text.
    ///   - rows: cells that are HTML already.
    static func table(_ headings: [String], _ rows: [[String]]) -> String {
        let head = headings.map { "<th scope=\"col\">\(text($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr>\(row.map { "<td>\($0)</td>" }.joined())</tr>\n"
        }.joined()
        return "<div class=\"wide\"><table><thead><tr>\(head)</tr></thead>\n"
            + "<tbody>\n\(body)</tbody></table></div>\n"
    }

    /// A whole page. The script only refreshes it: without one it is as complete.
    static func page(title: String, _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(text(title))</title>
        <style>\(ReportStyle.text)</style>
        <script src="\(DashboardRoute.script.target)" defer></script></head>
        <body><main>
        <nav><a href="/">Peerless</a></nav>
        <h1>\(text(title))</h1>
        \(body)
        </main></body></html>

        """
    }
}
