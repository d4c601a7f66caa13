/// A coordinator that was asked has not answered in time.
public struct CoordinatorSilence: Error, CustomStringConvertible {
    /// How long it was waited for.
    public let seconds: Int
    /// What the handshake tells of the reason; empty when it tells nothing.
    let explanation: String
    /// What happened and what to do.
    public let description: String

    init(at endpoint: String, seconds: Int, explanation: String) {
        self.seconds = seconds
        self.explanation = explanation
        description = CoordinatorLookout.silence(at: endpoint, seconds: seconds) + explanation
    }
}
