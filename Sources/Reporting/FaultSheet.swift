import RunStore

/// The tables of a run's recoveries and checkpoints.
enum FaultSheet {
    /// One line per recovery: what happened, how long it took, what it cost.
    static func recoveries(_ rows: [RecoveryRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.words("cause"), rows.map(\.cause.rawValue))
        sheet.add(.words("node"), rows.map { $0.node ?? Figures.unknown })
        sheet.add(.figures("step"), rows.map { String($0.step) })
        sheet.add(.figures("detect s"), rows.map { Figures.short($0.detectSeconds) })
        sheet.add(.figures("recover s"), rows.map(recovering))
        sheet.add(.figures("redone"), rows.map { String($0.stepsRedone) })
        sheet.add(.figures("samples lost"), rows.map { String($0.samplesLost) })
        sheet.add(
            .figures("residual lost"), rows.map { Figures.fixed($0.residualNorm, decimals: 4) })
        sheet.add(.words("workers"), rows.map { "\($0.worldBefore) -> \($0.worldAfter)" })
        sheet.add(
            .words("loss"),
            rows.map { row in
                let before = Figures.fixed(row.lossBefore, decimals: 4)
                return "\(before) -> \(Figures.fixed(row.lossAfter, decimals: 4))"
            })
        return sheet
    }

    /// A run that ended before anybody went on never recovers.
    private static func recovering(_ row: RecoveryRow) -> String {
        row.endedRun ? "never" : Figures.short(row.recoverSeconds)
    }

    /// One line per checkpoint, the parts of all ranks together. Fewer workers may have done its step
    /// again, and written another one.
    static func checkpoints(_ rows: [CheckpointRow]) -> TextSheet {
        let parts = Dictionary(grouping: rows) { [$0.step, $0.world] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        var sheet = TextSheet(rowCount: parts.count)
        sheet.add(.figures("steps done"), parts.map { String($0[0].step) })
        sheet.add(.words("ranks"), parts.map(writers))
        sheet.add(
            .figures("bytes"),
            parts.map { Figures.bytes($0.reduce(0) { $0 + Double($1.bytes) }) })
        sheet.add(
            .figures("longest ms"),
            parts.map { Figures.short(Double($0.map(\.nanoseconds).max() ?? 0) / 1e6) })
        return sheet
    }

    /// Workers of so many, and the server, which has the rank behind them.
    private static func writers(_ rows: [CheckpointRow]) -> String {
        let world = rows[0].world
        let workers = rows.count { $0.rank < world }
        return "\(workers) of \(world)" + (workers < rows.count ? " and server" : "")
    }
}
