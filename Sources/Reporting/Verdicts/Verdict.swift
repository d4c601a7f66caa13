/// What runs over several seeds say of a variant and its baseline.
public enum Verdict: String, Codable, Sendable {
    /// A difference that chance does not explain: less time per sample.
    case faster
    /// The same the other way.
    case slower
    /// No such difference, and the interval leaves no room for one that matters.
    case sameWithinNoise = "same within noise"
    /// Too few runs, or too much noise, to say either.
    case cannotTell = "cannot tell"
}
