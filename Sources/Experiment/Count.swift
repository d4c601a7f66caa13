/// A number of coordinates, absolute or as a share of all parameters.
public enum Count: Codable, Equatable, Sendable {
    case absolute(Int)
    case percent(Double)

    /// The number for a model of `parameters`; a share is at least 1 and at most `limit`.
    public func resolved(of parameters: Int, atMost limit: Int) -> Int {
        switch self {
        case .absolute(let count): count
        case .percent(let share):
            max(1, min(limit, Int((Double(parameters) * share / 100).rounded())))
        }
    }

    /// As it is written in experiment files.
    public var summary: String {
        switch self {
        case .absolute(let count): "\(count)"
        case .percent(let share):
            share == share.rounded() && share.magnitude <= 100 ? "\(Int(share))%" : "\(share)%"
        }
    }
}
