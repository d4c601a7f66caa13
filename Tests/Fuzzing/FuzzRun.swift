import Glibc

/// Feeds inputs to a target and counts what becomes of them.
public struct FuzzRun {
    /// What a run found out; it found no trap, or there would be no report.
    public struct Report: Codable, Sendable {
        /// Inputs that were tried.
        public var inputs = 0
        /// Inputs that the parser took.
        public var accepted = 0
        /// Time of the whole run.
        public var seconds = 0.0
        /// Time of the slowest input.
        public var longestMicroseconds = 0.0
        /// Which one that was.
        public var longestIndex = 0
        /// What the process's memory grew by at most.
        public var grownBytes = 0

        /// Nothing yet.
        public init() {}

        /// Inputs that the parser refused.
        public var rejected: Int { inputs - accepted }
    }

    private let target: FuzzTarget
    private let source: InputSource

    /// - Throws: what making the corpus throws.
    public init(_ target: FuzzTarget, seed: UInt64) throws {
        self.target = target
        source = try InputSource(target, seed: seed)
    }

    /// Tries the inputs of `indices`, or as many of them as the time allows.
    ///
    /// - Parameters:
    ///   - fewest: so many are tried however long they take.
    ///   - before: told the index of every input before it is tried.
    /// - Throws: an error that the target does not foresee.
    public func run(
        _ indices: Range<Int>, seconds: Double = .infinity, fewest: Int = 1,
        before: (Int) -> Void = { _ in }
    ) throws -> Report {
        let subject = try target.open()
        var report = Report()
        ProcessMemory.forgetPeak()
        let memory = ProcessMemory.resident
        let start = Self.now()
        for index in indices {
            before(index)
            let input = source.input(at: index)
            let began = Self.now()
            if try subject(input) { report.accepted += 1 }
            let ended = Self.now()
            report.inputs += 1
            if (ended - began) * 1e6 > report.longestMicroseconds {
                report.longestMicroseconds = (ended - began) * 1e6
                report.longestIndex = index
            }
            report.seconds = ended - start
            if report.seconds > seconds, report.inputs >= fewest { break }
        }
        report.grownBytes = max(0, ProcessMemory.peak - memory)
        return report
    }

    /// How many of some inputs the parser takes.
    ///
    /// - Throws: an error that the target does not foresee.
    public func accepted(_ inputs: [[UInt8]]) throws -> Int {
        let subject = try target.open()
        return try inputs.count { try subject($0) }
    }

    /// The input of an index, to be looked at or kept.
    public func input(at index: Int) -> [UInt8] { source.input(at: index) }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
