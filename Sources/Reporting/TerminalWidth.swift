import Foundation

/// The width that tables are set in.
public enum TerminalWidth {
    /// Columns: what `COLUMNS` says, whatever results go to; else those of the terminal on standard
    /// output; `nil` when it is no terminal, so that nothing is squeezed.
    public static func current() -> Int? {
        asked(ProcessInfo.processInfo.environment["COLUMNS"]) ?? terminal()
    }

    /// The width that a value of `COLUMNS` asks for; `nil` when it is no width.
    static func asked(_ text: String?) -> Int? {
        guard let columns = text.flatMap({ Int($0) }), columns > 0 else { return nil }
        return columns
    }

    private static func terminal() -> Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }
}
