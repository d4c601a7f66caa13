import Foundation
import Wire

/// One live line on a terminal, or a plain line every few seconds where there is none.
final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastPlain: Stopwatch?
    private var isOpen = false

    private static let plainSeconds = 5.0

    /// Shows how a run goes.
    func show(_ run: Board.Run, position: Int, count: Int) {
        let text = "[\(position)/\(count)] \(describe(run))"
        if isTerminal {
            StandardError.write("\r\u{1B}[2K\(text)")
            isOpen = true
        } else if lastPlain.map({ $0.seconds >= Self.plainSeconds }) ?? true {
            lastPlain = Stopwatch()
            StandardError.print(text)
        }
    }

    /// Leaves a line that stays.
    func settle(_ text: String) {
        clear()
        StandardError.print(text)
        lastPlain = Stopwatch()
    }

    /// Takes the live line away.
    func clear() {
        guard isOpen else { return }
        StandardError.write("\r\u{1B}[2K")
        isOpen = false
    }

    private func describe(_ run: Board.Run) -> String {
        guard run.status == "running" else {
            return "\(run.variant) seed \(run.seed): \(run.note ?? run.status)"
        }
        guard run.steps > 0 else { return "\(run.variant) seed \(run.seed): preparing" }
        let loss = run.loss.map { String(format: "%.4f", $0) } ?? "-"
        let speed = String(format: "%.0f", run.samplesPerSecond)
        return "\(run.variant) seed \(run.seed)  step \(run.step)/\(run.steps)  "
            + "\(speed) samples/s  loss \(loss)"
    }
}
