/// What no other is better than: seconds, bytes and loss, each the less the better.
public enum ParetoFront {
    /// The rows that no row of their experiment and seed beats, in the order given. A row beats
    /// another when it is as good in training seconds, bytes that all workers sent and final loss,
    /// and better in at least one. Rows that lack one of the three are not among them.
    public static func of(_ rows: [ComparisonRow]) -> [ComparisonRow] {
        zip(rows, marks(rows)).filter { $0.1 == true }.map(\.0)
    }

    /// For every row whether it is in the front; `nil` where one of its three figures is unknown.
    public static func marks(_ rows: [ComparisonRow]) -> [Bool?] {
        let points = rows.map(point)
        let groups = Dictionary(grouping: rows.indices) { index in
            Group(experiment: rows[index].experiment, seed: rows[index].seed)
        }
        var marks = [Bool?](repeating: nil, count: rows.count)
        for members in groups.values {
            for index in members {
                guard let point = points[index] else { continue }
                marks[index] = !members.contains { other in
                    points[other].map { beats($0, point) } ?? false
                }
            }
        }
        return marks
    }

    /// Whether the first point is nowhere greater than the second, and smaller somewhere.
    public static func beats(_ first: [Double], _ second: [Double]) -> Bool {
        zip(first, second).allSatisfy { $0 <= $1 } && zip(first, second).contains { $0 < $1 }
    }

    private struct Group: Hashable {
        var experiment: String
        var seed: UInt64
    }

    private static func point(_ row: ComparisonRow) -> [Double]? {
        guard let seconds = row.seconds, let bytes = row.totalBytesSent, let loss = row.finalLoss
        else { return nil }
        return [seconds, bytes, loss]
    }
}
