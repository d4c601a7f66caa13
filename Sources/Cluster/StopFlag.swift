import Synchronization

/// Remembers the first reason to stop; raised by signal handlers, read by the thread that works.
public final class StopFlag: Sendable {
    private let first = Mutex<String?>(nil)

    /// A flag that is down.
    public init() {}

    /// Why to stop, once there is a reason.
    public var reason: String? { first.withLock { $0 } }

    /// Gives a reason; the first one stays.
    public func raise(_ reason: String) {
        first.withLock { if $0 == nil { $0 = reason } }
    }
}
