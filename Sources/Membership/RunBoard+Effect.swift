package import Wire

extension RunBoard {
    /// What the coordinator does in answer to an event.
    package enum Effect: Equatable {
        case send(NodeID, ControlMessage)
        case began(run: Int64)
        case prepared(run: Int64, parameters: Int)
        case formed(
            run: Int64, identity: UInt64, generation: UInt32, firstStep: Int, [Member])
        case clocked(run: Int64, generation: UInt32, node: String, ClockReading)
        case steps(run: Int64, rank: Int, [StepRecord])
        case evaluated(run: Int64, step: Int, seconds: Double, loss: Double, accuracy: Double)
        case observed(run: Int64, StepObservation)
        case checkpointed(run: Int64, rank: Int, CheckpointNote)
        case rewound(run: Int64, step: Int)
        case recovered(run: Int64, Recovery)
        case ended(run: Int64, Ending)
        case event(run: Int64?, kind: String, node: String?, detail: String)
        /// Who just spoke is not let in: told to people, but not as often as it is tried.
        case refused(node: String, reason: String)

        /// Whether a generation begins.
        var isFormed: Bool {
            if case .formed = self { true } else { false }
        }
    }

    /// A node of one generation.
    package struct Member: Equatable {
        package var rank: Int
        package var hello: Hello

        package init(rank: Int, hello: Hello) {
            self.rank = rank
            self.hello = hello
        }
    }

    /// How a run ended as a whole.
    package enum Ending: Equatable {
        case completed(checksum: UInt64)
        case failed(String)
        case cancelled(String)

        /// In words, for its members.
        var reason: String {
            switch self {
            case .failed(let why), .cancelled(let why): why
            case .completed: "completed"
            }
        }
    }

    /// A socket identity: a daemon keeps its own for life.
    package typealias NodeID = [UInt8]
}

/// What a change of membership cost. Moments are seconds of the board's clock.
package struct Recovery: Equatable {
    /// Why the membership changed.
    package enum Cause: Sendable {
        case workerLost, serverLost, workerJoined, coordinatorLost, resumed
    }

    /// The generation that it led to.
    package var generation: UInt32
    package var cause: Cause
    /// Whom it is about.
    package var node: String
    /// Whether they were lost from the others' hearing only, and not put out for it.
    package var isUnheard = false
    /// Their original place; `nil` for the coordinator.
    package var slot: Int?
    /// When the fault was carried out, if it was one of the experiment's.
    package var injectedAt: Double?
    /// When the lost node was last heard.
    package var lastHeard: Double?
    /// When the coordinator knew.
    package var detectedAt: Double
    /// When every member had finished a step of the new generation.
    package var recoveredAt: Double?
    /// First step of the new generation.
    package var step = 0
    /// Steps that were begun and are done again.
    package var stepsRedone = 0
    /// Samples whose gradients were thrown away.
    package var samplesLost = 0
    /// Norm of the residual that is gone, as last told, and the step it was told at.
    package var residual: (norm: Double, step: Int)?
    /// Workers before and after.
    package var worldBefore: Int
    package var worldAfter = 0

    /// Seconds from the fault, or from the last sign of life, until the coordinator knew.
    package var detectSeconds: Double? { (injectedAt ?? lastHeard).map { detectedAt - $0 } }
    /// Seconds from then until the new generation had done a step.
    package var recoverSeconds: Double? { recoveredAt.map { $0 - detectedAt } }

    package static func == (left: Recovery, right: Recovery) -> Bool {
        left.generation == right.generation && left.cause == right.cause && left.node == right.node
            && left.detectedAt == right.detectedAt && left.recoveredAt == right.recoveredAt
            && left.step == right.step && left.worldAfter == right.worldAfter
    }
}
