/// Trouble of a daemon or a client with its surroundings, in one line for people.
public struct ClusterError: Error, Equatable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String

    /// With the words to show.
    public init(_ description: String) {
        self.description = description
    }
}
