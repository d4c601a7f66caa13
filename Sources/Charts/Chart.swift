/// Series over two axes.
public struct Chart: Equatable, Sendable {
    /// A vertical line with a word, such as a loss of a worker.
    public struct Event: Equatable, Sendable {
        /// Where.
        public var x: Double
        /// What.
        public var name: String

        /// Memberwise.
        public init(_ x: Double, _ name: String) {
            self.x = x
            self.name = name
        }
    }

    /// What it shows, for those who do not see it.
    public var title: String
    /// Across.
    public var x: Axis
    /// Up.
    public var y: Axis
    /// In the order of the legend.
    public var series: [Series]
    /// Marks across the plot.
    public var events: [Event] = []

    /// A chart without events.
    public init(_ title: String, x: Axis, y: Axis, series: [Series]) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
    }

    var scales: (across: Scale, up: Scale) {
        let points = series.flatMap(\.points).filter(\.isFinite)
        let spans = series.flatMap(\.band)
        return (
            x.scale(points.map(\.x) + spans.map(\.x) + events.map(\.x)),
            y.scale(
                points.map(\.y) + spans.flatMap { [$0.range.lowerBound, $0.range.upperBound] })
        )
    }

    /// Points that have a place on the axes; a logarithm leaves out what is not positive.
    func drawn(_ series: Series, columns: Int) -> [Point] {
        let points = series.points.map { point in
            let isLost =
                (x.isLogarithmic && point.x <= 0) || (y.isLogarithmic && point.y <= 0)
                || !point.isFinite
            return isLost ? Point(point.x, .nan) : point
        }
        return Thinning.extremes(points, columns: columns)
    }
}
