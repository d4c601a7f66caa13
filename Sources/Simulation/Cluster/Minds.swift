package import Membership
package import Wire

/// What the simulated coordinator asks of its mind: `RunBoard`, or one that a test has broken.
package protocol CoordinatorMind {
    init(version: String, heartbeat: Heartbeat)
    mutating func submit(_ request: RunBoard.Request)
    mutating func adopt(_ orphan: RunBoard.Orphan, now: Double)
    mutating func received(
        _ message: ControlMessage, sequence: UInt64?, from id: RunBoard.NodeID, now: Double
    ) -> [RunBoard.Effect]
    mutating func tick(now: Double) -> [RunBoard.Effect]
    func settledSequence(of id: RunBoard.NodeID) -> UInt64?
    var daemons: [RunBoard.NodeID] { get }
    /// Entries kept of what is not complete.
    var openEntries: Int { get }
}

extension RunBoard: CoordinatorMind {}

/// What a simulated daemon asks of its mind: `MemberMachine`, or one that a test has broken; and
/// its habits outside the machine.
package protocol MemberMind {
    init()
    var currentPlace: Hello.Place? { get }
    mutating func received(_ message: ControlMessage)
    mutating func next() -> MemberMachine.Action?
    func interruption(of run: Int64, generation: UInt32) -> String?
    mutating func leave(run: Int64, generation: UInt32)

    /// Whether the daemon takes its replica back to the state that a generation starts from.
    static var rollsBack: Bool { get }
    /// Whether it sends again what the coordinator has not recorded.
    static var resends: Bool { get }
    /// Whether a frame belongs to the run and generation that it trains in.
    static func accepts(_ frame: FrameHeader, run: UInt64, generation: UInt32) -> Bool
}

extension MemberMind {
    package static var rollsBack: Bool { true }
    package static var resends: Bool { true }
    package static func accepts(_ frame: FrameHeader, run: UInt64, generation: UInt32) -> Bool {
        frame.run == run && frame.generation == generation
    }
}

extension MemberMachine: MemberMind {}
