import Charts
import RunStore

/// One line of a chart of curves: the median over seeds, or a run that is shown alone.
struct CurveLine: Equatable, Sendable {
    /// A place of it.
    struct Place: Equatable, Sendable {
        /// Steps done.
        var step: Int
        /// Across, in the chart's plain unit.
        var x: Double
        /// Up; `nil` where it was not finite.
        var y: Double?
        /// From the least to the greatest over seeds.
        var range: ClosedRange<Double>?
    }

    /// Name in the legend.
    var name: String
    /// Colour, dash and mark.
    var look: Int
    /// Seeds that it is the median of.
    var seeds: Int
    /// In the order of steps.
    var places: [Place]

    /// The lines of a variant: one of the runs that count, and one for each of the others.
    static func of(_ variant: ReportVariant, _ x: CurveAcross, _ y: CurveUp) -> [CurveLine] {
        let learned = variant.learned.map { places(of: $0, x, y) }
        let middle = CurveLine(
            name: variant.title, look: variant.look, seeds: learned.count, places: median(learned))
        let others = variant.troubled.map { run in
            CurveLine(
                name: variant.title(of: run), look: variant.look, seeds: 1,
                places: places(of: run, x, y))
        }
        return ([middle] + others).filter { line in line.places.contains { $0.y != nil } }
    }

    private static func places(
        of run: ReportRun, _ x: CurveAcross, _ y: CurveUp
    ) -> [Place] {
        switch y {
        case .loss:
            return run.curve.parts.map { part in
                let x =
                    switch x {
                    case .step: Double(part.step)
                    case .seconds: part.seconds
                    case .bytes: part.bytes
                    }
                return Place(step: part.step, x: x, y: part.loss)
            }
        case .accuracy:
            return run.detail.evaluations.filter { $0.split == "test" }.map { evaluation in
                let x =
                    switch x {
                    case .step: Double(evaluation.step)
                    case .seconds: evaluation.seconds
                    case .bytes: run.curve.place(ofStep: evaluation.step)?.bytes ?? 0
                    }
                return Place(step: evaluation.step, x: x, y: evaluation.accuracy)
            }
        }
    }

    /// At every step that a run has: the medians of those that have it.
    private static func median(_ runs: [[Place]]) -> [Place] {
        guard runs.count > 1 else { return runs.first ?? [] }
        let steps = Dictionary(grouping: runs.flatMap(\.self), by: \.step)
        return steps.sorted { $0.key < $1.key }.map { step, places in
            let values = places.compactMap(\.y)
            let range = values.min().flatMap { low in values.max().map { low...$0 } }
            return Place(
                step: step, x: ReportVariant.median(places.map(\.x)) ?? 0,
                y: ReportVariant.median(values), range: values.count > 1 ? range : nil)
        }
    }

    /// The greatest value.
    var greatest: Double? { places.compactMap(\.y).max() }

    /// The line up to where it first leaves a picture of that height, and not further.
    func cut(at ceiling: Double) -> CurveLine {
        guard let end = places.firstIndex(where: { ($0.y ?? 0) > ceiling }) else { return self }
        var line = self
        line.places = Array(places[...end])
        line.places[end].y = ceiling
        return line
    }

    /// Five places for a table, the last one among them.
    var marks: [Place] {
        let known = places.filter { $0.y != nil }
        guard let last = known.last else { return [] }
        let wanted = [0.1, 0.25, 0.5, 0.75].map { Double(last.step) * $0 }
        let early = wanted.compactMap { step in known.last { Double($0.step) <= step } }
        var marks: [Place] = []
        for place in early + [last] where marks.last != place { marks.append(place) }
        return marks
    }
}
