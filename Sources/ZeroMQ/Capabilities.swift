import CZeroMQ

/// What the libzmq of this machine can do.
public enum Capabilities {
    /// Whether it encrypts and authenticates with CURVE.
    public static var hasCurve: Bool { zmq_has("curve") == 1 }

    /// Its version, for example `4.3.4`.
    public static var version: String {
        var parts: (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&parts.0, &parts.1, &parts.2)
        return "\(parts.0).\(parts.1).\(parts.2)"
    }
}
