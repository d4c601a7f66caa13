import Foundation
import Testing

/// Commands on the pages of the documentation, against what the program says of itself.
@Suite("Documented commands")
struct DocumentedCommandTests {
    /// A command as `--experimental-dump-help` tells it.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
            }
            var kind: String
            var names: [Name]?

            /// As they are typed.
            var typed: [String] {
                (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
            }
        }
        var commandName: String
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?

        /// Options and flags as they are typed.
        var options: Set<String> { Set((arguments ?? []).flatMap(\.typed)) }

        /// Those of them behind which a value stands.
        var valued: Set<String> {
            Set((arguments ?? []).filter { $0.kind == "option" }.flatMap(\.typed))
        }

        func child(_ name: String) -> Command? {
            subcommands?.first { $0.commandName == name }
        }
    }

    private struct Dump: Decodable {
        var command: Command
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func program() throws -> Command {
        let help = try Program().run(["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(help.output.utf8)).command
    }

    /// Every page's name and text.
    private static func pages() throws -> [(name: String, text: String)] {
        let docs = try FileManager.default.subpathsOfDirectory(
            atPath: root.appendingPathComponent("docs").path)
        let names =
            ["README.md", "ARCHITECTURE.md"]
            + docs.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        return try names.sorted().map {
            ($0, try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8))
        }
    }

    /// The lines of code blocks and the code within sentences.
    private static func code(in text: String) -> [String] {
        text.components(separatedBy: "```").enumerated().flatMap { position, part in
            if position % 2 == 1 {
                return part.replacing("\\\n", with: " ").components(separatedBy: "\n")
            }
            return part.matches(of: /`([^`]+)`/).map {
                String($0.output.1).replacing("\n", with: " ")
            }
        }
    }

    /// The words behind each `peerless` of a line, to the end of that command.
    private static func invocations(in line: String) -> [[String]] {
        let words = line.split { " \t()'\"".contains($0) }.map(String.init)
        return words.indices.filter {
            words[$0] == "peerless" || words[$0].hasSuffix("/peerless")
        }.map { start in
            Array(words[(start + 1)...].prefix { !["|", "&&", ";", "#", ">", "\\"].contains($0) })
        }
    }

    private static func isName(_ word: String) -> Bool {
        word.wholeMatch(of: /[a-z][a-z-]*/) != nil
    }

    @Test("every subcommand and option on a page exists")
    func exist() throws {
        let program = try Self.program()
        for (page, text) in try Self.pages() {
            for line in Self.code(in: text) where !line.contains("--entrypoint") {
                for words in Self.invocations(in: line) {
                    let fault = Self.fault(words, program)
                    #expect(fault == nil, "\(page): \(line): \(fault ?? "")")
                }
            }
        }
    }

    @Test("help leaves the breaking of lines to the terminal's width")
    func unbroken() throws {
        func check(_ command: Command) {
            let lines = (command.discussion ?? "").components(separatedBy: "\n")
            for (line, next) in zip(lines, lines.dropFirst()) where !line.isEmpty && !next.isEmpty {
                let isWhole = line.last.map { ".;:".contains($0) } ?? true
                let isList = line.contains("  ") || next.contains("  ")
                #expect(isWhole || isList, "\(command.commandName): \(line)")
            }
            command.subcommands?.forEach(check)
        }
        check(try Self.program())
    }

    private static func fault(_ words: [String], _ program: Command) -> String? {
        guard let first = words.first, isName(first), first != "help" else { return nil }
        guard var command = program.child(first) else { return "no subcommand \(first)" }
        var options = program.options.union(command.options)
        if let second = words.dropFirst().first, isName(second), command.subcommands != nil {
            guard let child = command.child(second) else { return "no \(first) \(second)" }
            command = child
            options.formUnion(child.options)
        }
        let values = zip(words, words.indices.dropFirst())
            .filter { command.valued.contains($0.0) }.map(\.1)
        let names = words.indices.filter { !values.contains($0) }.map { words[$0] }
        let typed = names.filter { $0.wholeMatch(of: /--?[a-zA-Z][a-zA-Z-]*(=.*)?/) != nil }
        for option in typed.map({ String($0.prefix { $0 != "=" }) })
        where !options.contains(option) {
            return "\(command.commandName) has no \(option)"
        }
        return nil
    }

    @Test("the README names every subcommand")
    func complete() throws {
        let readme = try String(
            contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        for command in try Self.program().subcommands ?? [] where command.commandName != "help" {
            let name = command.commandName
            #expect(readme.contains("`\(name)`") || readme.contains("`\(name) "), "\(name)")
        }
    }
}
