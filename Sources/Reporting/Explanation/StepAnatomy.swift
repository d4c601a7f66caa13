import RunStore

/// A step cut into what takes its time.
///
/// Before it first waits for others, a worker computes and encodes. Whoever takes longest there is
/// waited for: each of the others waits at least by so much as it was earlier, which of its wait is
/// that rank's. Of what is left of exchange and wait the critical bytes' time on the emulated link
/// is the link's, the rest is rounds and the machine's own moving and adding.
struct StepAnatomy {
    private(set) var parts: [(bound: Explanation.Bound, milliseconds: Double)] = []
    /// The worker that is waited for, and by how much it is later than the others' median.
    private(set) var slowest: (rank: Int, lead: Double)?

    init(_ row: ComparisonRow, _ workers: [RankPhases]) {
        func median(_ value: (StepMilliseconds) -> Double) -> Double {
            Self.median(workers.map { value($0.milliseconds) })
        }
        let compute = median { $0.compute ?? 0 }
        let coding = median { ($0.encode ?? 0) + ($0.decode ?? 0) + ($0.update ?? 0) }
        let exchange = median { ($0.exchange ?? 0) + ($0.wait ?? 0) }
        var waiting = 0.0
        let ready = workers.map { ($0.milliseconds.compute ?? 0) + ($0.milliseconds.encode ?? 0) }
        if workers.count > 1, let latest = ready.max(),
            let index = ready.firstIndex(of: latest)
        {
            let others = ready.indices.filter { $0 != index }
            slowest = (workers[index].rank, latest - Self.median(others.map { ready[$0] }))
            let waits = others.map { other in
                min(workers[other].milliseconds.wait ?? 0, latest - ready[other])
            }
            waiting = min(exchange, Self.median(waits))
        }
        let link = min(exchange - waiting, BreakEven.wireMilliseconds(row) ?? 0)
        parts = [
            (.compute, compute), (.encode, coding), (.link, link), (.waiting, waiting),
            (.exchange, exchange - waiting - link),
        ]
    }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
