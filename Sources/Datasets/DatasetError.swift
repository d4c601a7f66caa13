/// A data set that cannot be had: which file, where it was looked for, how to get it.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
    /// One line for people.
    public let description: String

    /// With the words to show.
    public init(_ description: String) {
        self.description = description
    }
}
