/// One side of a chart: what it measures, in which unit, on which scale.
public struct Axis: Equatable, Sendable {
    /// What, in words.
    public var title: String
    /// In which unit, such as `s`; empty for a number without one.
    public var unit: String
    /// Whether equal ratios are equal distances.
    public var isLogarithmic: Bool
    /// Whether zero is shown whatever the values.
    public var fromZero: Bool

    /// Linear and as tight as the values, unless said otherwise.
    public init(
        _ title: String, unit: String = "", isLogarithmic: Bool = false, fromZero: Bool = false
    ) {
        self.title = title
        self.unit = unit
        self.isLogarithmic = isLogarithmic
        self.fromZero = fromZero
    }

    /// Title and unit, and that a scale is logarithmic.
    public var caption: String {
        let unit = unit.isEmpty ? "" : " (\(unit))"
        return title + unit + (isLogarithmic ? ", log" : "")
    }

    func scale(_ values: [Double]) -> Scale {
        Scale(covering: values, isLogarithmic: isLogarithmic, fromZero: fromZero && !isLogarithmic)
    }
}
