/// How the control plane notices that somebody has gone.
package struct Heartbeat: Equatable, Sendable {
    /// Time between two beats of a daemon.
    package var milliseconds = 1_000
    /// A daemon that says nothing for so many beats is lost.
    package var missed = 3

    /// The defaults, or another beat.
    package init(milliseconds: Int = 1_000) {
        self.milliseconds = milliseconds
    }

    /// Seconds between two beats.
    package var seconds: Double { Double(milliseconds) / 1000 }

    /// Seconds of silence after which a daemon is lost.
    package var patienceSeconds: Double { Double(milliseconds * missed) / 1000 }
}

/// What a run does when a member is lost.
package struct MembershipPolicy: Equatable, Sendable {
    /// About workers.
    package enum Reaction: String, Sendable {
        /// The run fails.
        case abort
        /// The others go on, and take in who comes back.
        case regroup
        /// The others stand still until somebody takes the place.
        case wait
    }

    /// When a worker is lost.
    package var onLoss: Reaction
    /// When the server is lost: whether another one takes its place, or the run fails.
    package var restartsServer: Bool
    /// How long a lost place is held open.
    package var rejoinSeconds: Double

    /// Memberwise; what an experiment gets that says nothing.
    package init(
        onLoss: Reaction = .abort, restartsServer: Bool = false, rejoinSeconds: Double = 60
    ) {
        self.onLoss = onLoss
        self.restartsServer = restartsServer
        self.rejoinSeconds = rejoinSeconds
    }
}
