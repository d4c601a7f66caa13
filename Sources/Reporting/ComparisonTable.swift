public import RunStore

/// Prints a comparison.
public enum ComparisonTable {
    /// The rows in a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal. A table that needs more is set with the method's
    ///   options left out, then as tables of fewer names: speed, learning, and faults where there
    ///   were any. `nil`: as wide as it needs.
    public static func render(
        _ rows: [ComparisonRow], format: OutputFormat, width: Int?
    ) -> String {
        switch format {
        case .json: return JSONText.render(rows)
        case .csv: return csv(rows)
        case .table:
            return ([facts(rows)] + tables(rows, width: width) + [notes(rows)]).joined(
                separator: "\n")
        case .markdown:
            let sheet = ComparisonSheet.full(rows, longMethod: true).markdown()
            let notes = noteLines(rows).map { "- \($0)\n" }.joined()
            return [facts(rows), sheet, notes].joined(separator: "\n")
        }
    }

    private static func tables(_ rows: [ComparisonRow], width: Int?) -> [String] {
        let single = ComparisonSheet.full(rows, longMethod: true)
        guard let width, single.width > width else { return [single.text()] }
        let short = ComparisonSheet.full(rows, longMethod: false)
        if short.width <= width { return [short.text()] }
        let parts = { longMethod in
            [
                ComparisonSheet.speed(rows, longMethod: longMethod),
                ComparisonSheet.learning(rows, longMethod: longMethod),
                ComparisonSheet.faults(rows, longMethod: longMethod),
            ].compactMap(\.self)
        }
        let long = parts(true)
        let fits = long.allSatisfy { $0.width <= width }
        if fits { return long.map { $0.text() } }
        let dropped = ["method", "topology", "run"]
        return parts(false).map { $0.fitting(width, dropping: dropped).text() }
    }

    /// One line of what all rows share.
    private static func facts(_ rows: [ComparisonRow]) -> String {
        var parts: [String] = []
        if let workers = ComparisonSheet.shared(rows.map(\.workers)) {
            parts.append(workers == 1 ? "1 worker" : "\(workers) workers")
        }
        if let parameters = ComparisonSheet.shared(rows.compactMap(\.parameters)) {
            parts.append("\(Figures.grouped(parameters)) parameters")
        }
        if let steps = ComparisonSheet.shared(rows.compactMap(\.steps)) {
            parts.append("\(Figures.grouped(steps)) steps")
        }
        if let seed = ComparisonSheet.shared(rows.map(\.seed)) { parts.append("seed \(seed)") }
        if let link = ComparisonSheet.shared(rows.map(\.link)) {
            parts.append(link.map { "link \($0)" } ?? "bare machine")
        }
        let name = ComparisonSheet.shared(rows.map(\.experiment)) ?? "several experiments"
        return TextSheet.plain("\(name): \(parts.joined(separator: ", "))") + "\n"
    }

    private static func notes(_ rows: [ComparisonRow]) -> String {
        noteLines(rows).map { $0 + "\n" }.joined()
    }

    /// What the table cannot say in a cell: the baseline and why figures are missing.
    private static func noteLines(_ rows: [ComparisonRow]) -> [String] {
        var lines = [
            "Step and phases: milliseconds, medians over steps and workers. Sent: per worker and "
                + "step. Loss: training, mean of the last tenth of the steps."
        ]
        if rows.contains(where: { ($0.stepMilliseconds.hidden ?? 0) > 0 }) {
            lines.append(
                "Exchange and wait: what of them the step had to stand still for. Hidden: the rest, "
                    + "behind compute.")
        }
        if rows.contains(where: { $0.faults != nil }) {
            lines.append(
                "Detect and recover: means over recoveries. Redone: steps done again. Lost: samples "
                    + "whose gradients were lost. Loss bump: mean loss of 10 steps after less 10 before, "
                    + "the greatest.")
        }
        if let baseline = ComparisonSheet.shared(rows.map(\.baseline)), let baseline {
            lines.append("Speed-up is against \(baseline).")
        }
        for row in rows where row.status != .completed || row.failure != nil {
            let state = row.status == .completed ? "" : " \(row.status.rawValue)"
            let words = row.failure.map { ": \($0)" } ?? ""
            lines.append("\(row.variant) (run \(row.run), seed \(row.seed))\(state)\(words)")
        }
        return lines.map(TextSheet.plain)
    }

    /// A header of the JSON's names, nested ones joined with a dot, and one record per row.
    static func csv(_ rows: [ComparisonRow]) -> String {
        CommaSeparated.line(fields.map(\.name))
            + rows.map { row in CommaSeparated.line(fields.map { $0.text(row) }) }.joined()
    }

    private typealias Field = (name: String, text: (ComparisonRow) -> String)

    private static func field<Value: CustomStringConvertible>(
        _ name: String, _ value: @escaping (ComparisonRow) -> Value?
    ) -> Field {
        (name, { CommaSeparated.value(value($0)) })
    }

    private static var fields: [Field] {
        [
            field("run") { $0.run }, field("experiment") { $0.experiment },
            field("variant") { $0.variant }, field("seed") { $0.seed },
            field("status") { $0.status.rawValue }, field("topology") { $0.topology },
            field("method") { $0.method }, field("workers") { $0.workers },
            field("parameters") { $0.parameters }, field("steps") { $0.steps },
            field("seconds") { $0.seconds }, field("samplesPerSecond") { $0.samplesPerSecond },
            field("stepMilliseconds.total") { $0.stepMilliseconds.total },
            field("stepMilliseconds.compute") { $0.stepMilliseconds.compute },
            field("stepMilliseconds.encode") { $0.stepMilliseconds.encode },
            field("stepMilliseconds.exchange") { $0.stepMilliseconds.exchange },
            field("stepMilliseconds.wait") { $0.stepMilliseconds.wait },
            field("stepMilliseconds.decode") { $0.stepMilliseconds.decode },
            field("stepMilliseconds.update") { $0.stepMilliseconds.update },
            field("stepMilliseconds.hidden") { $0.stepMilliseconds.hidden },
            field("bytesSentPerWorkerStep") { $0.bytesSentPerWorkerStep },
            field("bytesReceivedPerWorkerStep") { $0.bytesReceivedPerWorkerStep },
            field("serverBytesPerStep") { $0.serverBytesPerStep },
            field("compression") { $0.compression }, field("finalLoss") { $0.finalLoss },
            field("finalAccuracy") { $0.finalAccuracy },
            field("bestAccuracy") { $0.bestAccuracy },
            field("secondsToTarget") { $0.secondsToTarget },
            field("bytesToTarget") { $0.bytesToTarget }, field("speedup") { $0.speedup },
            field("link") { $0.link }, field("checksum") { $0.checksum },
            field("failure") { $0.failure },
            field("faults.recoveries") { $0.faults?.recoveries },
            field("faults.detectSeconds") { $0.faults?.detectSeconds },
            field("faults.recoverSeconds") { $0.faults?.recoverSeconds },
            field("faults.stepsRedone") { $0.faults?.stepsRedone },
            field("faults.samplesLost") { $0.faults?.samplesLost },
            field("faults.lossBump") { $0.faults?.lossBump },
        ]
    }
}
