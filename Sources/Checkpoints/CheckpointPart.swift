/// Floats of a training state under a name, in the owner's memory: what is written, and where it is
/// read to.
public struct CheckpointPart {
    /// What they are, once in a file.
    public let name: String
    /// The owner's memory; must stay valid during a call.
    public let floats: UnsafeMutableBufferPointer<Float>

    /// Memberwise.
    public init(name: String, floats: UnsafeMutableBufferPointer<Float>) {
        self.name = name
        self.floats = floats
    }
}
