import CZeroMQ

/// The libzmq that this process runs on.
public enum ZeroMQLibrary {
    /// Its version, e.g. `4.3.4`.
    public static var version: String {
        var numbers: (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&numbers.0, &numbers.1, &numbers.2)
        return "\(numbers.0).\(numbers.1).\(numbers.2)"
    }

    /// Whether it was built with a capability, such as `curve`.
    public static func has(_ capability: String) -> Bool { zmq_has(capability) == 1 }
}
