import ArgumentParser

/// What somebody may have meant who mistyped a subcommand; of options the parser itself says so.
enum Suggestion {
    /// A line for the first argument that should be a subcommand and is none; `nil` when all are, or
    /// when nothing is near.
    static func line(for arguments: [String]) -> String? {
        var commands = Peerless.configuration.subcommands
        for argument in arguments {
            guard !commands.isEmpty, !argument.hasPrefix("-") else { return nil }
            let names = commands.map { $0.configuration.commandName ?? "" }
            guard let place = names.firstIndex(of: argument) else {
                return nearest(argument, among: names).map { "Did you mean '\($0)'?" }
            }
            commands = commands[place].configuration.subcommands
        }
        return nil
    }

    /// The name with the fewest slips from a word, at most one for every three of its letters.
    static func nearest(_ word: String, among names: [String]) -> String? {
        let ranked = names.map { (name: $0, slips: slips(word, $0)) }
        guard let best = ranked.min(by: { $0.slips < $1.slips }),
            best.slips <= max(1, best.name.count / 3)
        else { return nil }
        return best.name
    }

    /// Letters to add, drop, change or swap with the next to make one word of another.
    static func slips(_ first: String, _ second: String) -> Int {
        let (one, other) = (Array(first), Array(second))
        var rows = [Array(0...other.count)]
        for (i, letter) in one.enumerated() {
            var row = [i + 1]
            for (j, wanted) in other.enumerated() {
                var least = min(rows[i][j + 1] + 1, row[j] + 1)
                least = min(least, rows[i][j] + (letter == wanted ? 0 : 1))
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == wanted {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
