/// A place in a chart, in the units of its axes. A `y` that is not finite breaks a line.
public struct Point: Equatable, Sendable {
    /// Across.
    public var x: Double
    /// Up.
    public var y: Double

    /// Memberwise.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
}

/// Points that belong together, and how they are drawn.
public struct Series: Equatable, Sendable {
    /// How points are joined.
    public enum Style: Equatable, Sendable {
        /// By straight lines.
        case line
        /// Each value holds until the next.
        case step
        /// Not at all; each has its mark, hollow for `hollow`.
        case points(hollow: Bool)
        /// By a thin dashed line without a mark: a front, or an ideal.
        case guide

        var isJoined: Bool {
            if case .points = self { false } else { true }
        }
    }

    /// The range of values at a place, such as over seeds.
    public struct Span: Equatable, Sendable {
        /// Across.
        public var x: Double
        /// From the least to the greatest.
        public var range: ClosedRange<Double>

        /// Memberwise.
        public init(_ x: Double, _ range: ClosedRange<Double>) {
            self.x = x
            self.range = range
        }
    }

    /// Name in the legend.
    public var name: String
    /// In the order in which they are joined.
    public var points: [Point]
    /// How they are.
    public var style: Style
    /// A band around the line, by `x`.
    public var band: [Span] = []
    /// Which colour, dash and mark.
    public var look: Int
    /// Whether the name stands beside the first point instead of in the legend.
    public var isLabelled = false

    /// A series without a band.
    public init(_ name: String, _ points: [Point], style: Style = .line, look: Int) {
        self.name = name
        self.points = points
        self.style = style
        self.look = look
    }
}
