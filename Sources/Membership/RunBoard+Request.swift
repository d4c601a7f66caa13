extension RunBoard {
    /// What the board needs to know of a queued run.
    package struct Request: Equatable {
        package var id: Int64
        package var uuid: String
        package var experiment: String
        package var variant: String
        package var seed: UInt64
        package var workers: Int
        package var batch: Int
        package var needsServer: Bool
        package var emulatesLink: Bool
        package var config: String
        package var identity: UInt64
        package var policy: MembershipPolicy
        /// Steps, where the experiment gives them; for people.
        package var steps: Int
        /// Whether the experiment has faults that daemons carry out on themselves.
        package var hasFaults: Bool
        /// A run that ended before its last step goes on from checkpoints.
        package var resumption: Resumption?
        /// Whether it went on from checkpoints under an earlier coordinator.
        package var wasResumed = false
        /// Whether it has had its faults.
        var isResumed: Bool { wasResumed || resumption != nil }

        package init(
            id: Int64, uuid: String = "", experiment: String, variant: String, seed: UInt64,
            workers: Int, batch: Int, needsServer: Bool, emulatesLink: Bool, config: String,
            identity: UInt64, policy: MembershipPolicy = MembershipPolicy(), steps: Int = 0,
            hasFaults: Bool = false, resumption: Resumption? = nil
        ) {
            self.id = id
            self.uuid = uuid
            self.experiment = experiment
            self.variant = variant
            self.seed = seed
            self.workers = workers
            self.batch = batch
            self.needsServer = needsServer
            self.emulatesLink = emulatesLink
            self.config = config
            self.identity = identity
            self.policy = policy
            self.steps = steps
            self.hasFaults = hasFaults
            self.resumption = resumption
        }
    }

    /// Where the checkpoints of a run are.
    package struct Resumption: Equatable {
        /// The newest generation that the run has had.
        package var generation: UInt32
        /// Workers when the newest complete checkpoint was written.
        package var worldSize: Int
        /// Names of the nodes that wrote it, in rank order, a server's last: a daemon of the same
        /// name gets the same rank again, because the file is on its host.
        package var names: [String]
        /// Public keys that these names came with, as far as they are on record.
        package var keys: [String: String]
        /// Steps after which an evaluation is on record.
        package var evaluated: Set<Int>
        /// Steps that the run had done when it ended.
        package var reached = 0
        /// Workers of its newest generation; `nil` for as many as go on.
        package var worldBefore: Int?
        /// A file of the newest complete checkpoint, where it was written.
        package var path: String?

        package init(
            generation: UInt32, worldSize: Int, names: [String], keys: [String: String] = [:],
            evaluated: Set<Int> = []
        ) {
            self.generation = generation
            self.worldSize = worldSize
            self.names = names
            self.keys = keys
            self.evaluated = evaluated
        }
    }

    /// A run that went on while there was no coordinator.
    package struct Orphan: Equatable {
        package var request: Request
        /// Those that are on record, the newest last.
        package var generations: [Generation]
        /// Steps that every rank has on record.
        package var step: Int

        /// Steps after which an evaluation is on record.
        package var evaluated: Set<Int>
        /// The newest number that any change of its membership has on record.
        package var lastChange: UInt32
        /// When its coordinator was killed, if the experiment did that, and when it was alive last;
        /// by the board's clock.
        package var injectedAt: Double?
        package var lastHeard: Double?

        package init(
            request: Request, generations: [Generation], step: Int,
            evaluated: Set<Int> = [], lastChange: UInt32 = 0
        ) {
            self.request = request
            self.evaluated = evaluated
            self.lastChange = lastChange
            self.generations = generations
            self.step = step
        }

        /// One generation of the run's membership.
        package struct Generation: Equatable {
            package var number: UInt32
            /// Steps done when it began.
            package var firstStep: Int
            /// The ranks on record of its nodes, a server included, by their names.
            package var ranks: [String: Int]
            /// Public keys that they came with, by name, as far as they are on record.
            package var keys: [String: String]

            package init(
                number: UInt32, firstStep: Int, ranks: [String: Int], keys: [String: String] = [:]
            ) {
                self.number = number
                self.firstStep = firstStep
                self.ranks = ranks
                self.keys = keys
            }
        }
    }
}
