import Foundation
import Fuzzing

/// The lines of the program's output.
enum Table {
    static let head =
        "target            inputs    accepted    rejected   seconds  longest us  grown MiB  findings"

    static func row(
        _ target: FuzzTarget, _ report: FuzzRun.Report, _ findings: [Supervisor.Finding]
    ) -> String {
        let name = target.name.padding(toLength: 12, withPad: " ", startingAt: 0)
        return name
            + String(
                format: "%12ld%12ld%12ld%10.1f%12.0f%11.1f%10ld", report.inputs, report.accepted,
                report.rejected, report.seconds, report.longestMicroseconds,
                Double(report.grownBytes) / 1_048_576, findings.count)
    }
}
