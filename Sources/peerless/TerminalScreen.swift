import Foundation

/// The terminal's alternate screen, redrawn in place; what was there comes back at the end.
final class TerminalScreen {
    private var isOpen = false
    private var echo: termios?

    /// Whether standard output is a terminal that understands cursor moves.
    static var isThere: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Lines and columns, as they are now.
    static var size: (lines: Int, columns: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0
        else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Takes the screen: no cursor, no wrapped lines, no echo of keys.
    func open() {
        isOpen = true
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
        var mode = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &mode) == 0 else { return }
        echo = mode
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &mode)
    }

    /// Puts lines in place of those that are there; false when the terminal has gone away.
    @discardableResult
    func draw(_ lines: [String]) -> Bool {
        // Every line clears what is left of the one before it, so that nothing flickers.
        let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
        return write("\u{1B}[H\(text)\u{1B}[J")
    }

    /// Gives the screen back; also where it was taken and the program ends otherwise.
    func close() {
        guard isOpen else { return }
        isOpen = false
        if var echo { tcsetattr(STDIN_FILENO, TCSANOW, &echo) }
        write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
    }

    @discardableResult
    private func write(_ text: String) -> Bool { StandardOutput.write(text) }

    deinit { close() }
}

/// Results, where the reader may go away before the end.
enum StandardOutput {
    /// Text as it is, at once; false when nobody takes it any more.
    @discardableResult
    static func write(_ text: String) -> Bool {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
            return true
        } catch {
            return false
        }
    }
}
