import RunStore

/// The columns of a comparison: the names of its JSON.
enum ComparisonColumns {
    static let all: [RowColumn<ComparisonRow>] = identity + speed + traffic + learning + judgement

    private static let identity: [RowColumn<ComparisonRow>] = [
        .count("run") { $0.run }, .words("experiment") { $0.experiment },
        .words("variant") { $0.variant }, .natural("seed") { $0.seed },
        .words("status") { $0.status.rawValue }, .words("topology") { $0.topology },
        .words("method") { $0.method }, .count("workers") { $0.workers },
        .count("parameters") { $0.parameters }, .count("steps") { $0.steps },
    ]

    private static let speed: [RowColumn<ComparisonRow>] = [
        .real(.figure, "seconds") { $0.seconds },
        .real(.figure, "samplesPerSecond") { $0.samplesPerSecond },
        .real(.figure, "stepMilliseconds.total") { $0.stepMilliseconds.total },
        .real(.figure, "stepMilliseconds.compute") { $0.stepMilliseconds.compute },
        .real(.figure, "stepMilliseconds.encode") { $0.stepMilliseconds.encode },
        .real(.figure, "stepMilliseconds.exchange") { $0.stepMilliseconds.exchange },
        .real(.figure, "stepMilliseconds.wait") { $0.stepMilliseconds.wait },
        .real(.figure, "stepMilliseconds.decode") { $0.stepMilliseconds.decode },
        .real(.figure, "stepMilliseconds.update") { $0.stepMilliseconds.update },
        .real(.figure, "stepMilliseconds.hidden") { $0.stepMilliseconds.hidden },
    ]

    private static let traffic: [RowColumn<ComparisonRow>] = [
        .real(.bytes, "bytesSentPerWorkerStep") { $0.bytesSentPerWorkerStep },
        .real(.bytes, "bytesReceivedPerWorkerStep") { $0.bytesReceivedPerWorkerStep },
        .real(.bytes, "serverBytesPerStep") { $0.serverBytesPerStep },
        .real(.ratio, "compression") { $0.compression },
    ]

    private static let learning: [RowColumn<ComparisonRow>] = [
        .real(.loss, "finalLoss") { $0.finalLoss },
        .real(.loss, "finalAccuracy") { $0.finalAccuracy },
        .real(.loss, "bestAccuracy") { $0.bestAccuracy },
        .real(.figure, "secondsToTarget") { $0.secondsToTarget },
        .count("bytesToTarget") { $0.bytesToTarget }, .real(.ratio, "speedup") { $0.speedup },
        .words("link") { $0.link }, .words("checksum") { $0.checksum },
        .words("failure") { $0.failure },
    ]

    private static let judgement: [RowColumn<ComparisonRow>] = [
        .count("faults.recoveries") { $0.faults?.recoveries },
        .real(.figure, "faults.detectSeconds") { $0.faults?.detectSeconds },
        .real(.figure, "faults.recoverSeconds") { $0.faults?.recoverSeconds },
        .count("faults.stepsRedone") { $0.faults?.stepsRedone },
        .count("faults.samplesLost") { $0.faults?.samplesLost },
        .real(.loss, "faults.lossBump") { $0.faults?.lossBump },
        .words("breakEven") { $0.breakEven?.rawValue },
        .real(.speed, "breakEvenBitsPerSecond") { $0.breakEvenBitsPerSecond },
        .count("denseTwin") { $0.denseTwin },
        .real(.ratio, "denseTwinSpeedup") { $0.denseTwinSpeedup },
        .flag("isUnproven") { $0.isUnproven },
        .flag("isParetoOptimal") { $0.isParetoOptimal }, .words("host") { $0.host },
        .words("gitRevision") { $0.gitRevision }, .words("caseHash") { $0.caseHash },
        .words("contextHash") { $0.contextHash },
    ]
}
