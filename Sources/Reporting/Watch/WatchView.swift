public import Wire

/// The live view of a coordinator as lines of text: a pure function of the board and the space.
public struct WatchView: Sendable {
    /// What the coordinator said last.
    public var board: Board
    /// How the losses went.
    public var history: WatchHistory
    /// Where the coordinator is.
    public var endpoint: String
    /// Seconds since it said so; shown where it is silent.
    public var silentSeconds: Double

    /// Memberwise.
    public init(
        board: Board, history: WatchHistory, endpoint: String, silentSeconds: Double = 0
    ) {
        self.board = board
        self.history = history
        self.endpoint = endpoint
        self.silentSeconds = silentSeconds
    }

    private static let final: Set<String> = ["completed", "failed", "cancelled"]
    /// Ended runs that are listed.
    private static let endedShown = 5

    /// The view in at most so many lines of at most so many characters; what does not fit is counted
    /// in the last line.
    ///
    /// - Parameter height: `nil` for as many lines as it takes.
    public func lines(width: Int, height: Int? = nil) -> [String] {
        let width = max(20, width)
        var lines = header
        for run in board.runs where run.status == "running" {
            lines += [""] + running(run, width: width)
        }
        if !board.nodes.isEmpty { lines += [""] + nodes(width: width) }
        lines += queued + ended
        let cut = lines.map { Self.cut($0, to: width) }
        guard let height, cut.count > height else { return cut }
        let shown = max(0, height - 1)
        return cut.prefix(shown) + [Self.cut("... \(cut.count - shown) more lines", to: width)]
    }

    private var header: [String] {
        func count(_ status: String) -> Int { board.runs.count { $0.status == status } }
        var lines = [
            "\(endpoint)  database \(board.database)  peerless \(board.version)",
            "running \(count("running")), queued \(count("queued")), completed "
                + "\(count("completed")), failed \(count("failed")), cancelled "
                + "\(count("cancelled"))",
        ]
        if silentSeconds >= 2 {
            let seconds = Figures.fixed(silentSeconds, decimals: 0)
            lines.append("the coordinator is silent for \(seconds) s; this is what it said last")
        }
        return lines
    }

    private func running(_ run: Board.Run, width: Int) -> [String] {
        var lines = ["run \(run.id)  \(run.experiment)/\(run.variant)  seed \(run.seed)"]
        if let note = run.note { lines.append("  \(note)") }
        guard run.steps > 0 else { return lines + ["  preparing"] }
        let share = Double(run.step) / Double(run.steps)
        let barWidth = max(0, min(30, width - 50))
        let filled = max(0, min(barWidth, Int(share * Double(barWidth))))
        let bar =
            String(repeating: "=", count: filled)
            + String(repeating: " ", count: barWidth - filled)
        let workers = run.workers == 1 ? "1 worker" : "\(run.workers) workers"
        lines.append(
            "  step \(run.step)/\(run.steps) [\(bar)] \(Figures.fixed(share * 100, decimals: 0)) %"
                + "  \(Figures.short(run.samplesPerSecond)) samples/s")
        lines.append(
            "  loss \(Figures.fixed(run.loss, decimals: 4))  test accuracy "
                + "\(Figures.fixed(run.accuracy, decimals: 4))  \(workers), generation "
                + "\(run.generation)")
        let losses = history.losses(run.id)
        if losses.count > 1, let first = losses.first, let last = losses.last {
            let ends =
                "\(Figures.fixed(first, decimals: 4)) to \(Figures.fixed(last, decimals: 4))"
            let line = Sparkline.text(losses, width: max(8, width - ends.count - 4))
            lines.append("  \(line)  \(ends)")
        }
        lines += run.injected.map { "  fault: \($0)" }
        return lines
    }

    private func nodes(width: Int) -> [String] {
        let nodes = board.nodes.sorted {
            ($0.run ?? .max, $0.rank ?? .max, $0.name) < ($1.run ?? .max, $1.rank ?? .max, $1.name)
        }
        var sheet = TextSheet(rowCount: nodes.count)
        sheet.add(.words("node"), nodes.map(\.name))
        sheet.add(.words("role"), nodes.map(\.role))
        sheet.add(.words("host"), nodes.map(\.host))
        sheet.add(.figures("pid"), nodes.map { String($0.pid) })
        sheet.add(.figures("run"), nodes.map { $0.run.map(String.init) ?? "idle" })
        sheet.add(.figures("rank"), nodes.map { $0.rank.map(String.init) ?? Figures.unknown })
        sheet.add(.figures("step"), nodes.map { $0.step.map(String.init) ?? Figures.unknown })
        sheet.add(
            .figures("heard s ago"), nodes.map { Figures.fixed($0.silentSeconds, decimals: 1) })
        let phases: [(String, KeyPath<Board.Phases, Double>)] = [
            ("step ms", \.total), ("compute", \.compute), ("encode", \.encode),
            ("exchange", \.exchange), ("wait", \.wait), ("decode", \.decode), ("update", \.update),
        ]
        for (title, phase) in phases where nodes.contains(where: { $0.phases != nil }) {
            sheet.add(
                .figures(title),
                nodes.map { Figures.short($0.phases.map { $0[keyPath: phase] / 1e6 }) })
        }
        let dropped = [
            "pid", "host", "role", "update", "decode", "encode", "exchange", "compute", "wait",
        ]
        let fitting = sheet.fitting(width, dropping: dropped)
        let table = fitting.text().split(separator: "\n").map(String.init)
        let room = width - fitting.width - 2
        guard room >= 12, nodes.contains(where: { $0.phases != nil }) else { return table }
        return withBars(table, nodes, width: fitting.width, room: min(40, room))
    }

    /// A bar of the phases beside every row, and what its characters mean below.
    private func withBars(
        _ table: [String], _ nodes: [Board.Node], width: Int, room: Int
    ) -> [String] {
        let rows = table.suffix(nodes.count)
        let barred = zip(rows, nodes).map { row, node in
            let blank = String(repeating: " ", count: max(0, width - row.count) + 2)
            return node.phases.map { row + blank + PhaseBar.text($0, width: room) } ?? row
        }
        return table.dropLast(nodes.count) + barred + ["", PhaseBar.legend]
    }

    private var queued: [String] {
        let runs = board.runs.filter { $0.status == "queued" }
        guard !runs.isEmpty else { return [] }
        return ["", "queue"]
            + runs.map { run in
                let note = run.note.map { ": \($0)" } ?? ""
                return "  run \(run.id)  \(run.experiment)/\(run.variant)  seed \(run.seed)\(note)"
            }
    }

    private var ended: [String] {
        let runs = board.runs.filter { Self.final.contains($0.status) }
        guard !runs.isEmpty else { return [] }
        return ["", "ended, newest first"]
            + runs.suffix(Self.endedShown).reversed().map { "  " + Self.ending($0) }
    }

    private static func ending(_ run: Board.Run) -> String {
        let note = run.note.map { ": \($0)" } ?? ""
        let accuracy = run.accuracy.map { "  accuracy \(Figures.fixed($0, decimals: 4))" } ?? ""
        return "run \(run.id)  \(run.experiment)/\(run.variant)  seed \(run.seed)  \(run.status)"
            + "\(note)\(accuracy)"
    }

    /// Names of other people's making can neither break a line nor steer the terminal.
    private static func cut(_ line: String, to width: Int) -> String {
        let plain = TextSheet.plain(line)
        return plain.count <= width ? plain : plain.prefix(width - 3) + "..."
    }
}

extension WatchView {
    /// What has changed since an earlier look, a line each: for where there is no terminal.
    public func changes(since earlier: Board?) -> [String] {
        var lines: [String] = []
        let known = Dictionary(
            (earlier?.runs ?? []).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        for run in board.runs {
            let before = known[run.id]
            if Self.final.contains(run.status) {
                if before?.status != run.status { lines.append(Self.ending(run)) }
            } else if before.map({ ($0.status, $0.step) != (run.status, run.step) }) ?? true
                || before?.note != run.note
            {
                lines.append(Self.progress(run))
            }
        }
        let names = Set(board.nodes.map(\.name))
        let old = Set((earlier?.nodes ?? []).map(\.name))
        for node in board.nodes where !old.contains(node.name) {
            lines.append("\(node.role) \(node.name) on \(node.host) is there")
        }
        for name in old.subtracting(names).sorted() { lines.append("\(name) is gone") }
        return lines.map(TextSheet.plain)
    }

    private static func progress(_ run: Board.Run) -> String {
        let name = "run \(run.id)  \(run.experiment)/\(run.variant)  seed \(run.seed)"
        let note = run.note.map { ": \($0)" } ?? ""
        guard run.status == "running" else { return "\(name)  \(run.status)\(note)" }
        guard run.steps > 0 else { return "\(name)  preparing\(note)" }
        return "\(name)  step \(run.step)/\(run.steps)  \(Figures.short(run.samplesPerSecond)) "
            + "samples/s  loss \(Figures.fixed(run.loss, decimals: 4))\(note)"
    }
}
