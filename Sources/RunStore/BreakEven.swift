/// The link speed below which compressing pays: where what it saves on the wire is what it costs
/// on the processor.
///
/// A step takes `fixed + bytes / speed`, so two methods are equally fast at
/// `(bytes dense - bytes compressed) / (fixed compressed - fixed dense)`. `bytes` are those that
/// pass one after another over the busiest link of the topology, `fixed` the medians of encode,
/// decode and update, and, with an emulated link, what exchange and wait took beyond `bytes` over
/// its bandwidth: rounds of latency, and waiting for others. On the bare machine exchange and wait
/// count as the wire's, but not what the compressed run takes longer there though it sends less:
/// that is waiting for a server's or a root's decoding. The formula is ours, and knows no overlap; the
/// question is that of Agarwal et al. (arXiv:2103.00543, of which we read the abstract).
public enum BreakEven: Equatable, Sendable {
    /// Faster below so many bits per second.
    case below(bitsPerSecond: Double)
    /// Faster at every speed: it sends less and takes no longer on the processor.
    case always
    /// Slower at every speed: it sends no less and takes longer on the processor.
    case never

    /// The answer without its figure.
    public enum Verdict: String, Codable, Sendable {
        case below, always, never
    }

    /// The answer without its figure.
    public var verdict: Verdict {
        switch self {
        case .below: .below
        case .always: .always
        case .never: .never
        }
    }

    /// Bits per second, where there is such a speed.
    public var bitsPerSecond: Double? {
        if case .below(let speed) = self { return speed }
        return nil
    }

    /// Of a compressing run against a dense one on the same topology and link; `nil` where figures
    /// are unknown, or where either hides its exchange behind backward, for which this has no formula.
    public init?(of row: ComparisonRow, against dense: ComparisonRow) {
        guard let bytes = Self.criticalBytes(row), let denseBytes = Self.criticalBytes(dense),
            let fixed = Self.fixedMilliseconds(row),
            let denseFixed = Self.fixedMilliseconds(dense)
        else { return nil }
        let saved = denseBytes - bytes
        let waiting = row.link == nil && saved > 0 ? Self.extraExchange(of: row, against: dense) : 0
        self.init(savedBytes: saved, extraMilliseconds: fixed - denseFixed + waiting)
    }

    /// From the two differences; `nil` when it sends more and takes less time on the processor, so
    /// that it would win on fast links only, and when nothing differs.
    init?(savedBytes: Double, extraMilliseconds: Double) {
        if savedBytes > 0, extraMilliseconds > 0 {
            self = .below(bitsPerSecond: 8 * savedBytes / (extraMilliseconds / 1000))
        } else if savedBytes > 0 {
            self = .always
        } else if extraMilliseconds > 0 {
            self = .never
        } else {
            return nil
        }
    }

    /// Bytes that pass one after another over the busiest link in a step: what goes in and out of
    /// a server, what a worker of a ring or of halving-doubling sends, and on a tree the root's
    /// levels: L P / (P - 1) times what a worker sends in the mean, L the logarithm of P rounded up.
    /// Of a dense exchange server and root answer with the first chunk that is summed, so that both
    /// directions of their links work at once, and one of them counts.
    public static func criticalBytes(_ row: ComparisonRow) -> Double? {
        guard row.workers > 1, let sent = row.bytesSentPerWorkerStep else { return nil }
        let share = row.methodName == "dense" ? 0.5 : 1
        switch row.topology {
        case "server": return row.serverBytesPerStep.map { share * $0 }
        case "tree":
            let levels = Int.bitWidth - (row.workers - 1).leadingZeroBitCount
            return share * sent * Double(levels) * Double(row.workers) / Double(row.workers - 1)
        default: return sent
        }
    }

    /// What a step takes besides computing and the wire's share.
    static func fixedMilliseconds(_ row: ComparisonRow) -> Double? {
        let step = row.stepMilliseconds
        guard let encode = step.encode, let decode = step.decode, let update = step.update,
            (step.hidden ?? 0) == 0
        else { return nil }
        return encode + decode + update + (roundsMilliseconds(row) ?? 0)
    }

    /// What exchange and wait took longer than the dense run's, which no byte explains.
    private static func extraExchange(
        of row: ComparisonRow, against dense: ComparisonRow
    ) -> Double {
        let (step, twin) = (row.stepMilliseconds, dense.stepMilliseconds)
        guard let exchange = step.exchange, let wait = step.wait, let denseExchange = twin.exchange,
            let denseWait = twin.wait
        else { return 0 }
        return max(0, exchange + wait - denseExchange - denseWait)
    }

    /// What exchange and wait took beyond the bytes' time on the link; `nil` without a bandwidth.
    public static func roundsMilliseconds(_ row: ComparisonRow) -> Double? {
        let step = row.stepMilliseconds
        guard let wire = wireMilliseconds(row), let exchange = step.exchange, let wait = step.wait
        else { return nil }
        return max(0, exchange + wait - wire)
    }

    /// The critical bytes' time on the emulated link; `nil` without a bandwidth.
    public static func wireMilliseconds(_ row: ComparisonRow) -> Double? {
        guard let bytes = criticalBytes(row), let link = LinkSpeed(row.link),
            let speed = link.bitsPerSecond
        else { return nil }
        return 1000 * 8 * bytes / speed
    }
}
