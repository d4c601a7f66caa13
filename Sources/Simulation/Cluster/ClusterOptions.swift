package import Collectives
package import Membership

/// What a simulated cluster is like and what befalls it. Every fault is a named number; a schedule
/// is these options and a seed.
package struct ClusterOptions: Sendable {
    // What is drawn from, one of each by the seed.
    /// Who talks to whom.
    package var topologies = CollectiveTopology.allCases
    /// What a lost worker means.
    package var reactions: [MembershipPolicy.Reaction] = [.abort, .regroup, .wait]
    /// Workers of the run.
    package var workers = 1...6
    /// Workers that have no place at first.
    package var spares = 0...1
    /// Steps of the run.
    package var steps = 5...40
    /// Floats of a parameter vector.
    package var words = 1...9
    /// Floats of a frame at most.
    package var chunkWords = 1...4
    /// Steps between two evaluations.
    package var evaluationSteps = 2...7

    // How long things take, in seconds.
    /// A worker's gradient.
    package var computeSeconds = 0.01...0.2
    /// Loading data and making or restoring a model.
    package var prepareSeconds = 0.05...1.5
    /// A control message on its way.
    package var controlSeconds = 0.0002...0.004
    /// A data frame on its way, without jitter.
    package var frameSeconds = 0.0001...0.001
    /// Silence of a peer after which an exchange breaks off.
    package var exchangeDeadline = 2.0...6.0
    /// How long a lost place is held open.
    package var rejoinSeconds = 30.0
    /// Time between two heartbeats that the coordinator asks for; before its welcome is heard,
    /// daemons know of the usual one.
    package var heartbeatMilliseconds = Heartbeat().milliseconds
    /// Time between two ticks of the coordinator, and between two commits of its rows.
    package var tickSeconds = 0.125
    package var commitSeconds = 0.25
    /// Time between two batches of a daemon's records.
    package var recordSeconds = 0.2
    /// How often a waiting daemon looks for words of the coordinator.
    package var sliceSeconds = 0.05

    // Habits of the network.
    /// Share of schedules in which frames overtake each other, by up to `jitterSeconds`.
    package var jitterShare = 0.5
    package var jitterSeconds = 0.03
    /// Share of schedules in which frames arrive twice, and the chance of a frame to.
    package var duplicateShare = 0.5
    package var duplicateProbability = 0.1

    // Faults.
    /// How many befall a schedule.
    package var faults = 0...5
    /// How often each kind is drawn, beside the others.
    package var weights: [Fault.Kind: Double] = [
        .crash: 3, .pause: 2, .partition: 2, .dataCut: 1, .controlCut: 1, .frameLoss: 1,
        .lineReset: 1, .coordinatorCrash: 2, .coordinatorPause: 1, .wordLoss: 2, .reportLoss: 1,
    ]
    /// Time from one fault to the next.
    package var gapSeconds = 0.0...6.0
    /// Share of crashed daemons that somebody starts again, and after how long.
    package var restartShare = 0.8
    package var restartSeconds = 0.3...12.0
    /// A stopped process, a cut and a window of lost frames last so long.
    package var pauseSeconds = 0.2...12.0
    package var cutSeconds = 0.2...12.0
    package var lossSeconds = 0.1...1.0
    /// Chance of a frame to be lost within such a window.
    package var lossProbability = 0.3
    /// A window of lost words lasts so long: less than a heartbeat.
    package var wordLossSeconds = 0.05...0.6
    /// Chance of a word to be lost within such a window.
    package var wordLossProbability = 0.7
    /// The coordinator is away so long after a crash, and when it is stopped.
    package var awaySeconds = 0.2...20.0
    package var stallSeconds = 0.2...8.0
    /// Chance that a broken control line forgets what waits to be sent.
    package var forgetProbability = 0.5

    // What is asked of the cluster.
    /// Seconds from the last fault within which the run must have ended.
    package var boundSeconds = 300.0
    /// Events of a schedule at most.
    package var eventLimit = 1_000_000
    /// Numbered messages that a daemon keeps while the coordinator hears it.
    package var spoolLimit = 200
    /// Entries that the coordinator's mind may keep of what is not complete, for each node: so many,
    /// or loss, checksum and evaluation of every step, which a member that is cut off holds back
    /// until it is given up.
    package var entryLimit = 60

    /// The habits above.
    package init() {}
}
