import RunStore

/// The columns of a list of runs.
enum RunColumns {
    static let all: [RowColumn<RunListing>] = [
        .count("run") { $0.run }, .words("experiment") { $0.experiment },
        .words("variant") { $0.variant }, .natural("seed") { $0.seed },
        .words("status") { $0.status.rawValue }, .words("topology") { $0.topology },
        .words("method") { $0.method }, .count("workers") { $0.workers },
        .words("dataset") { $0.dataset }, .words("model") { $0.model },
        .count("steps") { $0.steps }, .real(.figure, "seconds") { $0.seconds },
        .words("createdAt") { $0.createdAt }, .words("startedAt") { $0.startedAt },
        .words("finishedAt") { $0.finishedAt }, .words("failure") { $0.failure },
        .words("link") { $0.link }, .words("host") { $0.host },
        .words("gitRevision") { $0.gitRevision }, .words("caseHash") { $0.caseHash },
        .words("contextHash") { $0.contextHash },
        .real(.figure, "samplesPerSecond") { $0.samplesPerSecond },
        .real(.loss, "finalLoss") { $0.finalLoss },
        .real(.loss, "finalAccuracy") { $0.finalAccuracy },
    ]
}
