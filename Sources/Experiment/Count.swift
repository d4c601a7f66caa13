/// A number of coordinates, absolute or as a share of all parameters.
public enum Count: Codable, Equatable, Sendable {
    case absolute(Int)
    case percent(Double)

    /// The number for a model of `parameters`, at least 1.
    public func resolved(of parameters: Int) -> Int {
        switch self {
        case .absolute(let count): count
        case .percent(let share): max(1, Int((Double(parameters) * share / 100).rounded()))
        }
    }

    /// As it is written in experiment files.
    public var summary: String {
        switch self {
        case .absolute(let count): "\(count)"
        case .percent(let share): share == share.rounded() ? "\(Int(share))%" : "\(share)%"
        }
    }
}
