import RunStore

/// A run's facts and figures as pairs of words.
enum RunFacts {
    /// What was asked, and how it ended.
    static func asked(_ run: RunDetail) -> [(String, String)] {
        let asked = run.description
        let row = run.summary
        var facts = [("status", row.status.rawValue)]
        if let failure = row.failure { facts.append(("failure", failure)) }
        facts += [
            ("model", asked.model), ("data set", asked.dataset), ("topology", asked.topology),
            ("method", asked.method), ("optimizer", asked.optimizer),
            ("workers", "\(asked.workers), batch \(asked.batch) each"),
            ("link", asked.link ?? "bare machine"),
            ("parameters", row.parameters.map(Figures.grouped) ?? Figures.unknown),
            ("target accuracy", asked.target.map(\.description) ?? Figures.unknown),
            ("queued", RunsTable.wholeSeconds(run.createdAt)),
            ("started", run.startedAt.map(RunsTable.wholeSeconds) ?? Figures.unknown),
            ("finished", run.finishedAt.map(RunsTable.wholeSeconds) ?? Figures.unknown),
            ("revision", asked.gitRevision ?? Figures.unknown),
        ]
        if let last = run.observations.last {
            let steps = Figures.grouped(run.observations.count)
            let words = "\(steps) steps, up to step \(last.step): peerless observe \(row.run)"
            facts.append(("observed", words))
        }
        facts += [
            ("case", asked.caseHash), ("context", asked.contextHash), ("uuid", asked.uuid),
        ]
        return facts
    }

    /// What was measured.
    static func measured(_ row: ComparisonRow) -> [(String, String)] {
        let step = row.stepMilliseconds
        let phases = [
            ("compute", step.compute), ("encode", step.encode), ("exchange", step.exchange),
            ("wait", step.wait), ("decode", step.decode), ("update", step.update),
        ].map { "\($0.0) \(Figures.short($0.1))" }.joined(separator: ", ")
        return [
            ("steps", row.steps.map(Figures.grouped) ?? Figures.unknown),
            ("training seconds", Figures.short(row.seconds)),
            ("samples per second", Figures.short(row.samplesPerSecond)),
            ("step milliseconds", "\(Figures.short(step.total)): \(phases)"),
            ("exchange hidden, milliseconds", Figures.short(step.hidden)),
            ("sent per worker and step", Figures.bytes(row.bytesSentPerWorkerStep)),
            ("received per worker and step", Figures.bytes(row.bytesReceivedPerWorkerStep)),
            ("through the server per step", Figures.bytes(row.serverBytesPerStep)),
            ("compression", Figures.times(row.compression)),
            ("final training loss", Figures.fixed(row.finalLoss, decimals: 4)),
            ("final accuracy", Figures.fixed(row.finalAccuracy, decimals: 4)),
            ("best accuracy", Figures.fixed(row.bestAccuracy, decimals: 4)),
            ("seconds to target", Figures.short(row.secondsToTarget)),
            ("bytes to target, all workers", Figures.bytes(row.bytesToTarget.map(Double.init))),
            ("checksum", row.checksum ?? Figures.unknown),
        ]
    }
}
