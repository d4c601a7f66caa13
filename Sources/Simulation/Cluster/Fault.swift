/// Something that goes wrong at a moment of virtual time. Nodes are numbers: workers first, then
/// spare workers, then servers.
package struct Fault: Equatable, Sendable {
    /// What is counted by kind.
    package enum Kind: String, CaseIterable, Sendable {
        /// A daemon is killed; somebody may start it again.
        case crash
        /// A daemon is stopped for a while and hears nothing.
        case pause
        /// Some nodes reach neither the coordinator nor the other nodes.
        case partition
        /// Some nodes do not reach the others, but the coordinator hears everybody.
        case dataCut
        /// Some nodes do not reach the coordinator.
        case controlCut
        /// Frames from a node to another are lost by chance.
        case frameLoss
        /// A control connection breaks and comes back at once: what was on the way is lost.
        case lineReset
        /// The coordinator is killed and started again.
        case coordinatorCrash
        /// The coordinator is stopped for a while.
        case coordinatorPause
        /// Words of the coordinator to a daemon are lost by chance.
        case wordLoss
        /// Words of a daemon to the coordinator are.
        case reportLoss
    }

    package var kind: Kind
    /// When, in virtual seconds.
    package var time: Double
    /// How long it lasts; `nil` for a daemon that nobody starts again.
    package var seconds: Double?
    /// Whom it befalls; sender and receiver of lost frames.
    package var nodes: [Int] = []
    /// Whether what waits for a broken control line is forgotten.
    package var forgets = false
    /// Effects that a coordinator still carries out before it dies, of those that are its due.
    package var effects = 0

    /// When it is over.
    package var end: Double { time + (seconds ?? 0) }
}
