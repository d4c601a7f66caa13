/// A coordinator that was asked has not answered in time.
public struct CoordinatorSilence: Error, CustomStringConvertible {
    /// How long it was waited for.
    public let seconds: Int
    /// What happened and what to do.
    public let description: String

    /// - Parameter explanation: what the handshake tells of the reason, if anything.
    init(at endpoint: String, seconds: Int, explanation: String) {
        self.seconds = seconds
        description = CoordinatorLookout.silence(at: endpoint, seconds: seconds) + explanation
    }
}
