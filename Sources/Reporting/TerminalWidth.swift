import Glibc

/// The width of the terminal that results go to.
public enum TerminalWidth {
    /// Columns of standard output; `nil` when it is no terminal, so that nothing is squeezed.
    public static func current() -> Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }
}
