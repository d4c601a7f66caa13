/// The columns of variants over seeds: the names of their JSON.
enum VariantColumns {
    static let all: [RowColumn<VariantRow>] = [
        .words("experiment") { $0.experiment }, .words("variant") { $0.variant },
        .words("topology") { $0.topology }, .words("method") { $0.method },
        .count("workers") { $0.workers }, .words("link") { $0.link }, .count("runs") { $0.runs },
        .words("seeds") { row in row.seeds.map(String.init).joined(separator: " ") },
        .count("otherRuns") { $0.otherRuns },
        .real(.figure, "stepMilliseconds") { $0.stepMilliseconds },
        .real(.figure, "leastStepMilliseconds") { $0.leastStepMilliseconds },
        .real(.figure, "greatestStepMilliseconds") { $0.greatestStepMilliseconds },
        .words("baseline") { $0.baseline }, .real(.ratio, "speedup") { $0.speedup },
        .real(.ratio, "speedupLower") { $0.speedupLower },
        .real(.ratio, "speedupUpper") { $0.speedupUpper }, .words("test") { $0.test },
        .real(.probability, "p") { $0.p }, .real(.probability, "smallestP") { $0.smallestP },
        .real(.probability, "adjustedP") { $0.adjustedP },
        .words("verdict") { $0.verdict?.rawValue },
        .real(.bytes, "bytesSentPerWorkerStep") { $0.bytesSentPerWorkerStep },
        .real(.loss, "finalLoss") { $0.finalLoss },
        .real(.loss, "finalAccuracy") { $0.finalAccuracy },
    ]
}
