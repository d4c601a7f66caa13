/// What the steps of one rank in one part come to.
struct CurveSum {
    var rank: Int
    var part: Int
    var steps: Int
    var lastStep: Int
    var loss: Double
    var losses: Int
    var totalNanoseconds: Double
    var waitNanoseconds: Double
    var bytesSent: Double

    init(_ row: StoredRow) throws {
        rank = try row[0]
        part = try row[1]
        steps = try row[2]
        lastStep = try row[3]
        loss = try row[4] as Double? ?? 0
        losses = try row[5]
        totalNanoseconds = try row[6]
        waitNanoseconds = try row[7]
        bytesSent = try row[8]
    }
}

extension RunCurve {
    /// From sums by rank, then part.
    init(_ sums: [CurveSum], stepsPerPart: Int, workers: Int) {
        self.init(stepsPerPart: stepsPerPart)
        let numbers = Set(sums.lazy.filter { $0.rank < workers }.map(\.part)).sorted()
        addParts(numbers, of: sums.filter { $0.rank < workers })
        let ranks = Dictionary(grouping: sums, by: \.rank).sorted { $0.key < $1.key }
        waiting = ranks.map { rank, sums in
            Waiting(rank: rank, isWorker: rank < workers, sums, parts: numbers)
        }
    }

    private mutating func addParts(_ numbers: [Int], of sums: [CurveSum]) {
        let byPart = Dictionary(grouping: sums, by: \.part)
        var clocks: [Int: Double] = [:]
        var bytes = 0.0
        for number in numbers {
            let members = byPart[number] ?? []
            for sum in members { clocks[sum.rank, default: 0] += sum.totalNanoseconds / 1e9 }
            let rows = members.reduce(0) { $0 + $1.steps }
            let steps = members.map(\.steps).max() ?? 0
            // Workers may have become fewer within a part.
            bytes += members.reduce(0) { $0 + $1.bytesSent } / Double(rows) * Double(steps)
            let losses = members.reduce(0) { $0 + $1.losses }
            let loss = members.reduce(0) { $0 + $1.loss } / Double(rows)
            parts.append(
                Part(
                    step: (members.map(\.lastStep).max() ?? 0) &+ 1,
                    seconds: clocks.values.max() ?? 0, bytes: bytes,
                    loss: losses == rows && loss.isFinite ? loss : nil))
        }
    }
}

extension RunCurve.Waiting {
    fileprivate init(rank: Int, isWorker: Bool, _ sums: [CurveSum], parts numbers: [Int]) {
        let steps = Double(max(1, sums.reduce(0) { $0 + $1.steps }))
        let cells = Dictionary(sums.map { ($0.part, $0.waitNanoseconds / Double($0.steps)) }) {
            first, _ in first
        }
        self.init(
            rank: rank, isWorker: isWorker,
            milliseconds: sums.reduce(0) { $0 + $1.waitNanoseconds } / steps / 1e6,
            totalMilliseconds: sums.reduce(0) { $0 + $1.totalNanoseconds } / steps / 1e6,
            parts: numbers.map { number in cells[number].map { $0 / 1e6 } })
    }
}
