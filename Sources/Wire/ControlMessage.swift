/// What daemons, clients and the coordinator say to each other.
///
/// ```
/// message = version(u8 = 7) json(ControlMessage)
/// daemon  : hello (welcome | refused) *(heartbeat | place) bye
///           ; a stranger's message is answered by introduce, and it says hello again
/// place   : *(gather held) assign ready start *(metrics | evaluation | observed | checkpointed | injected)
///           (done | gather ...)         ; one round for every generation of a run's membership
///           ; the coordinator may cancel at any time, and releases what is held at the end
/// numbered: what a daemon says behind hello and heartbeats stands behind a part of its own with a
///           sequence number (u64, little-endian); the coordinator answers recorded once it is
///           committed, and what is not recorded is sent again after a reconnection. With every
///           heartbeat goes sent: a coordinator that has missed something says introduce, and
///           otherwise recorded once more
/// unheard : with every heartbeat goes stands, the place that the daemon holds: what it has not heard
///           (gather, assign, start, cancel) is said again. Who was not welcomed says hello again
/// clock   : with every heartbeat, and a few times after the welcome, a daemon says clock with its own
///           time and how it believes to stand to the coordinator; the answer is clocked
/// client  : (submit accepted) | (status board) | (cancelRun acknowledged) | (shutdown acknowledged)
///           ; any of them may be answered by refused
/// ```
public enum ControlMessage: Codable, Equatable, Sendable {
    // Daemon to coordinator.
    case hello(Hello)
    case heartbeat
    case sent(through: UInt64)
    case stands(Hello.Place?)
    case clock(sent: Int64, ClockReading?)
    case held(Held)
    case ready(Ready)
    case metrics(run: Int64, generation: UInt32, rank: Int, steps: [StepRecord])
    case evaluation(run: Int64, generation: UInt32, rank: Int, EvaluationPart)
    case observed(run: Int64, generation: UInt32, rank: Int, StepObservation)
    case checkpointed(run: Int64, generation: UInt32, rank: Int, CheckpointNote)
    case injected(run: Int64, generation: UInt32, rank: Int, fault: String)
    case done(run: Int64, generation: UInt32, rank: Int, Outcome)
    case notice(run: Int64?, kind: String, detail: String)
    case bye
    // Coordinator to daemon.
    case welcome(heartbeatMilliseconds: Int)
    case refused(reason: String)
    case introduce
    case clocked(sent: Int64, heard: Int64, bootID: String)
    case recorded(through: UInt64)
    case gather(Assignment, reason: String)
    case assign(Assignment)
    case start(run: Int64, generation: UInt32, endpoints: [String])
    case cancel(run: Int64, reason: String)
    case release(run: Int64)
    case stop
    // Client to coordinator, and its answers.
    case submit([RunRequest])
    case resume(run: Int64)
    case accepted(runs: [Int64])
    case status
    case board(Board)
    case cancelRun(Int64)
    case note(run: Int64, kind: String, detail: String)
    case acknowledged
    case shutdown
}
