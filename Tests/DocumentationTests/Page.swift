import Foundation
import Testing

/// A Markdown page, as far as tests look into it.
struct Page: Sendable, CustomTestStringConvertible {
    /// A fenced block of code.
    struct Block: Sendable {
        var language: String
        var text: String
        var line: Int
    }

    /// A table: cells without the blanks around them.
    struct Table: Sendable {
        var header: [String]
        var rows: [[String]]
        var line: Int

        /// Whether the header's first cells are these.
        func begins(with names: String...) -> Bool { header.starts(with: names) }
    }

    /// Path from the repository's root.
    let path: String
    let text: String
    let blocks: [Block]
    /// Lines outside of code blocks, with their numbers from 1.
    let prose: [(number: Int, text: String)]

    var testDescription: String { path }

    /// A page of the repository.
    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        var blocks: [Block] = []
        var prose: [(Int, String)] = []
        var open: Block?
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("```") {
                if let block = open { blocks.append(block) }
                open =
                    open == nil
                    ? Block(language: String(trimmed.dropFirst(3)), text: "", line: index + 2)
                    : nil
            } else if open != nil {
                open?.text += line + "\n"
            } else {
                prose.append((index + 1, line))
            }
        }
        self.blocks = blocks
        self.prose = prose
    }

    /// The repository that these tests were built from.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Paths of README.md and of every page below docs/, in order.
    static func paths() throws -> [String] {
        let folder = root.appendingPathComponent("docs")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return ["README.md", "ARCHITECTURE.md"]
            + names.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }.sorted()
    }

    static func all() throws -> [Page] { try paths().map { try Page($0) } }

    var tables: [Table] {
        var tables: [Table] = []
        var last = 0
        for (number, line) in prose where line.hasPrefix("|") {
            let cells = Self.cells(line)
            if tables.isEmpty || number != last + 1 {
                tables.append(Table(header: cells, rows: [], line: number))
            } else if !cells.allSatisfy({ $0.contains("--") }) {
                tables[tables.count - 1].rows.append(cells)
            }
            last = number
        }
        return tables
    }

    private static func cells(_ line: String) -> [String] {
        let escaped = line.replacingOccurrences(of: "\\|", with: "\u{0}")
        return escaped.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
            .dropLast()
            .map {
                $0.trimmingCharacters(in: .whitespaces)
                    .replacingOccurrences(of: "\u{0}", with: "|")
            }
    }

    /// Targets of links, with the line of each.
    var links: [(target: String, line: Int)] {
        prose.flatMap { number, line in
            line.replacing(/`[^`]*`/, with: "code").matches(of: /\[[^\]]*\]\(([^)\s]+)\)/).map {
                (String($0.output.1), number)
            }
        }
    }

    /// What `#` links to this page may name, by GitHub's rule.
    var anchors: Set<String> {
        var found: Set<String> = []
        for (_, line) in prose {
            guard let match = line.wholeMatch(of: /#{1,6} +(.+)/) else { continue }
            let kept = match.output.1.lowercased().filter {
                $0.isLetter || $0.isNumber || " -_".contains($0)
            }
            found.insert(kept.replacingOccurrences(of: " ", with: "-"))
        }
        return found
    }
}

/// What stands between backticks in a cell, in order.
func codes(in cell: String) -> [String] {
    cell.matches(of: /`([^`]+)`/).map { String($0.output.1) }
}
