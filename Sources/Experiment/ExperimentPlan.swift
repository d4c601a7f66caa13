/// An experiment file, expanded.
public struct ExperimentPlan: Sendable {
    /// Name of the experiment.
    public let name: String
    /// Path of the file.
    public let source: String
    /// Its text, to be kept with the runs.
    public let text: String
    /// Seeds, each of which every variant is run with.
    public let seeds: [UInt64]
    /// Cells of the comparison, in the order of the file.
    public let variants: [Variant]
    /// Variant that speed-ups refer to, if the file names one.
    public let baseline: String?
}

/// What is wrong with an experiment file, and where.
public struct ExperimentError: Error, Equatable, CustomStringConvertible {
    /// File, or the option that gave the value.
    public var source: String
    /// Line, from 1, where it is known.
    public var line: Int?
    /// The key with those above it, joined by dots.
    public var key: String
    /// What was found.
    public var found: String
    /// What is allowed.
    public var allowed: String

    /// One line: file, line, key, found, allowed.
    public var description: String {
        let place = line.map { "\(source):\($0)" } ?? source
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(place): \(subject)found \(found); allowed: \(allowed)"
    }
}
