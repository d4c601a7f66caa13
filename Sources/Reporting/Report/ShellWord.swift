/// A word as a POSIX shell takes it.
enum ShellWord {
    /// The word, in quotes where it is not plain; behind `--` where it would be an option.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic
                        || "0123456789-._/".contains(Character(scalar)))
            }
        let text = isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        return text.hasPrefix("-") || text.hasPrefix("'-") ? "-- " + text : text
    }
}
