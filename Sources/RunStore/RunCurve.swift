/// How a run went, in equal parts of its steps: small however many steps there are.
public struct RunCurve: Equatable, Sendable {
    /// One part of the steps, over the workers.
    public struct Part: Equatable, Sendable {
        /// Steps done at its end.
        public var step: Int
        /// Training clock at its end: the slowest worker's sum of step times, in seconds.
        public var seconds: Double
        /// Bytes that a worker had sent at its end, in the mean over workers.
        public var bytes: Double
        /// Mean training loss of the workers; `nil` where one was not finite.
        public var loss: Double?

        /// Memberwise.
        public init(step: Int, seconds: Double, bytes: Double, loss: Double?) {
            self.step = step
            self.seconds = seconds
            self.bytes = bytes
            self.loss = loss
        }
    }

    /// What one node was blocked on its peers.
    public struct Waiting: Equatable, Sendable {
        /// A server's rank is the number of workers.
        public var rank: Int
        /// Whether it is a worker.
        public var isWorker: Bool
        /// Mean milliseconds of a step, over all its steps.
        public var milliseconds: Double
        /// Mean milliseconds of a whole step, over all its steps.
        public var totalMilliseconds: Double
        /// Mean milliseconds of a step in each part; `nil` where it has none.
        public var parts: [Double?]
    }

    /// Steps in a part; the last one may have fewer.
    public var stepsPerPart: Int
    /// In the order of steps; those without a step of a worker are left out.
    public var parts: [Part] = []
    /// By rank.
    public var waiting: [Waiting] = []

    /// Bytes that a worker had sent, and the training clock, when so many steps were done: between
    /// the ends of parts in proportion; `nil` without a part.
    public func place(ofStep step: Int) -> (seconds: Double, bytes: Double)? {
        guard let last = parts.last else { return nil }
        var before = Part(step: 0, seconds: 0, bytes: 0, loss: nil)
        for part in parts {
            if part.step >= step {
                let share =
                    Double(step.subtractingClamped(before.step))
                    / Double(max(1, part.step.subtractingClamped(before.step)))
                return (
                    before.seconds + (part.seconds - before.seconds) * share,
                    before.bytes + (part.bytes - before.bytes) * share
                )
            }
            before = part
        }
        return (last.seconds, last.bytes)
    }
}
