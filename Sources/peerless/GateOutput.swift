import Foundation
import Judging
import Reporting

/// Where a judgement goes: standard output, and files for a CI.
struct GateOutput {
    var format: GateFormat
    var junit: String?
    var summary: String?

    func write(_ judgement: Judgement, _ sides: JudgedSides) throws {
        print(text(judgement, sides), terminator: "")
        if let junit {
            var file = try OutputFile(junit)
            try file.write(JUnitReport.render(judgement, sides))
            _ = try file.finish()
        }
        let named = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"] ?? ""
        if let path = summary ?? (named.isEmpty ? nil : named) {
            try append(JudgementReport.markdown(judgement, sides), to: path)
        }
    }

    private func text(_ judgement: Judgement, _ sides: JudgedSides) -> String {
        switch format {
        case .table:
            JudgementReport.text(judgement, sides, width: TerminalWidth.current())
        case .json: JudgementReport.json(judgement, sides)
        case .markdown: JudgementReport.markdown(judgement, sides)
        }
    }

    /// Other steps of a job write to the same file.
    private func append(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw OutputFile.Trouble(path: path, detail: String(cString: strerror(errno)))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            throw OutputFile.Trouble(path: path, detail: "\(error)")
        }
    }
}
