import RunStore

/// The columns of a comparison table.
enum ComparisonSheet {
    /// Every column.
    static func full(_ rows: [ComparisonRow], longMethod: Bool) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        addIdentity(rows, longMethod: longMethod, to: &sheet)
        addSpeed(rows, to: &sheet)
        addTraffic(rows, to: &sheet)
        addLearning(rows, to: &sheet)
        addSpeedup(rows, to: &sheet)
        addFaults(rows, to: &sheet)
        return sheet
    }

    /// How fast, and where the time goes.
    static func speed(_ rows: [ComparisonRow], longMethod: Bool) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        addIdentity(rows, longMethod: longMethod, to: &sheet)
        addSpeed(rows, to: &sheet)
        addSpeedup(rows, to: &sheet)
        return sheet
    }

    /// How much was sent, and how well it learnt.
    static func learning(_ rows: [ComparisonRow], longMethod: Bool) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        addIdentity(rows, longMethod: longMethod, to: &sheet)
        addTraffic(rows, to: &sheet)
        addLearning(rows, to: &sheet)
        return sheet
    }

    /// What losses cost; `nil` when there was none.
    static func faults(_ rows: [ComparisonRow], longMethod: Bool) -> TextSheet? {
        guard rows.contains(where: { $0.faults != nil }) else { return nil }
        var sheet = TextSheet(rowCount: rows.count)
        addIdentity(rows, longMethod: longMethod, to: &sheet)
        addFaults(rows, to: &sheet)
        return sheet
    }

    /// The one value that all have, if so.
    static func shared<Value: Equatable>(_ values: [Value]) -> Value? {
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// Who: a fact that all rows share stands above the table, not in a column.
    private static func addIdentity(
        _ rows: [ComparisonRow], longMethod: Bool, to sheet: inout TextSheet
    ) {
        sheet.add(.figures("run"), rows.map { String($0.run) })
        if shared(rows.map(\.experiment)) == nil {
            sheet.add(.words("experiment"), rows.map(\.experiment))
        }
        sheet.add(.words("variant"), rows.map(\.variant))
        if shared(rows.map(\.seed)) == nil {
            sheet.add(.figures("seed"), rows.map { String($0.seed) })
        }
        sheet.add(.words("topology"), rows.map(\.topology))
        sheet.add(
            .words("method"),
            rows.map { row in
                longMethod ? row.method : String(row.method.prefix { $0 != " " })
            })
        if shared(rows.map(\.workers)) == nil {
            sheet.add(.figures("workers"), rows.map { String($0.workers) })
        }
        if shared(rows.map(\.link)) == nil {
            sheet.add(.words("link"), rows.map { $0.link ?? Figures.unknown })
        }
    }

    /// A run without figures says how it stands where its speed would be.
    private static func addSpeed(_ rows: [ComparisonRow], to sheet: inout TextSheet) {
        sheet.add(
            .figures("samples/s"),
            rows.map { row in
                row.status == .completed ? Figures.short(row.samplesPerSecond) : row.status.rawValue
            })
        let phases: [(String, KeyPath<StepMilliseconds, Double?>)] = [
            ("step", \.total), ("compute", \.compute), ("encode", \.encode),
            ("exchange", \.exchange), ("wait", \.wait), ("decode", \.decode), ("update", \.update),
        ]
        let overlaps = rows.contains { ($0.stepMilliseconds.hidden ?? 0) > 0 }
        for (title, phase) in phases + (overlaps ? [("hidden", \.hidden)] : []) {
            sheet.add(
                .figures(title), rows.map { Figures.short($0.stepMilliseconds[keyPath: phase]) })
        }
    }

    private static func addTraffic(_ rows: [ComparisonRow], to sheet: inout TextSheet) {
        sheet.add(.figures("sent"), rows.map { Figures.bytes($0.bytesSentPerWorkerStep) })
        sheet.add(.figures("server"), rows.map { Figures.bytes($0.serverBytesPerStep) })
        sheet.add(.figures("compr."), rows.map { Figures.times($0.compression) })
    }

    private static func addLearning(_ rows: [ComparisonRow], to sheet: inout TextSheet) {
        sheet.add(
            .figures("loss"),
            rows.map { row in
                let diverged = row.status == .completed && row.failure != nil
                let front = rows.count > 1 && row.isParetoOptimal == true ? "*" : ""
                return diverged ? "diverged" : front + Figures.fixed(row.finalLoss, decimals: 4)
            })
        sheet.add(
            .figures("accuracy"), rows.map { Figures.fixed($0.finalAccuracy, decimals: 4) })
        sheet.add(.figures("target s"), rows.map { Figures.short($0.secondsToTarget) })
    }

    private static func addSpeedup(_ rows: [ComparisonRow], to sheet: inout TextSheet) {
        sheet.add(
            .figures("speed-up"),
            rows.map { Figures.times($0.speedup) + ($0.isUnproven ? "?" : "") })
        guard rows.contains(where: { $0.breakEven != nil }) else { return }
        sheet.add(
            .figures("pays below"),
            rows.map { row in
                switch row.breakEven {
                case .below: Figures.bitsPerSecond(row.breakEvenBitsPerSecond)
                case .always: "any speed"
                case .never: "never"
                case nil: Figures.unknown
                }
            })
    }

    /// Only where a row has any.
    private static func addFaults(_ rows: [ComparisonRow], to sheet: inout TextSheet) {
        let faults = rows.map(\.faults)
        guard faults.contains(where: { $0 != nil }) else { return }
        sheet.add(
            .figures("recoveries"), faults.map { $0.map { "\($0.recoveries)" } ?? Figures.unknown })
        sheet.add(.figures("detect s"), faults.map { Figures.short($0?.detectSeconds) })
        sheet.add(.figures("recover s"), faults.map { Figures.short($0?.recoverSeconds) })
        sheet.add(
            .figures("redone"), faults.map { $0.map { "\($0.stepsRedone)" } ?? Figures.unknown })
        sheet.add(
            .figures("lost"), faults.map { $0.map { "\($0.samplesLost)" } ?? Figures.unknown })
        sheet.add(
            .figures("loss bump"), faults.map { Figures.fixed($0?.lossBump, decimals: 4) })
    }
}
