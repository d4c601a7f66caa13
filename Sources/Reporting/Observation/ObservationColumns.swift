import RunStore

/// The columns of a run's observations, as CSV names them.
enum ObservationColumns {
    static let all: [RowColumn<ObservationRow>] = [
        .count("run") { $0.run }, .count("step") { $0.step }, .count("workers") { $0.workers },
        .real(.figure, "gradientNorm") { $0.gradientNorm },
        .real(.figure, "contributionNorm") { $0.contributionNorm },
        .real(.figure, "updateNorm") { $0.updateNorm },
        .real(.figure, "residualNorm") { $0.residualNorm },
        .real(.figure, "cosineGradient") { $0.cosineGradient },
        .real(.figure, "cosineContribution") { $0.cosineContribution },
        .count("kept") { $0.kept }, .count("applied") { $0.applied },
        .real(.figure, "recall") { $0.recall },
        .real(.figure, "capturedEnergy") { $0.capturedEnergy },
        .real(.figure, "topEnergy") { $0.topEnergy },
        .real(.figure, "noiseRatio") { $0.noiseRatio },
        .real(.figure, "unchangedShare") { $0.unchangedShare },
        .real(.figure, "associativityDefect") { $0.associativityDefect },
        .count("bytesSent") { $0.bytesSent }, .count("nanoseconds") { $0.nanoseconds },
    ]
}
