/// Fewer points for the same picture.
public enum Thinning {
    /// At most four points for each of `columns` equal parts of the range of `x`: the first, the
    /// least, the greatest and the last, in order. So no extreme is lost. Points whose `y` is not
    /// finite stay where they break the line. Points must be in the order of `x`.
    public static func extremes(_ points: [Point], columns: Int) -> [Point] {
        let finite = points.lazy.map(\.x).filter(\.isFinite)
        guard points.count > 4 * columns, columns > 0, let low = finite.min(),
            let high = finite.max(), high > low, (high - low).isFinite
        else { return points }
        var kept: [Point] = []
        var group: [Point] = []
        var column = -1
        func flush() {
            guard !group.isEmpty else { return }
            var chosen: Set<Int> = [0, group.count - 1]
            let order = group.indices.sorted { group[$0].y < group[$1].y }
            if let least = order.first { chosen.insert(least) }
            if let greatest = order.last { chosen.insert(greatest) }
            kept += group.count < 4 ? group : chosen.sorted().map { group[$0] }
            group.removeAll(keepingCapacity: true)
        }
        for point in points {
            guard point.isFinite else {
                flush()
                if kept.last?.isFinite == true { kept.append(point) }
                continue
            }
            // In halves, or the width of a range may be no number any more.
            let place = (point.x / 2 - low / 2) / (high / 2 - low / 2)
            let next = min(columns - 1, Int(place * Double(columns)))
            if next != column { flush() }
            column = next
            group.append(point)
        }
        flush()
        return kept
    }
}
