import Foundation

/// Tries tcp connections, with a deadline.
package enum PortProbe {
    /// What became of an attempt.
    package enum Outcome: Equatable {
        /// Connected, after this time; the largest packet of the path, where the kernel knows.
        case connected(seconds: Double, pathBytes: Int?)
        /// The host answers, and nothing listens there.
        case refused
        /// The host cannot be reached, or a firewall says so in its place; in the kernel's words.
        case rejected(String)
        /// No answer in time.
        case silent
        /// In the kernel's words.
        case failed(String)
    }

    /// Connects to an IPv4 address and closes at once.
    package static func connect(
        to address: String, port: UInt16, withinMilliseconds: Int32 = 2_000
    ) -> Outcome {
        guard let remote = SocketAddress(ipv4: address) else { return .failed("no IPv4 address") }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return .failed(words(errno)) }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let start = MonotonicClock.now()
        if remote.withIPv4(port: port, { Foundation.connect(descriptor, $0, $1) }) != 0 {
            guard errno == EINPROGRESS else { return failure(errno) }
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&wait, 1, withinMilliseconds) == 1 else { return .silent }
            let code = option(SOL_SOCKET, SO_ERROR, of: descriptor) ?? EIO
            guard code == 0 else { return failure(code) }
        }
        let seconds = Double(MonotonicClock.now() - start) / 1e9
        let path = option(Int32(IPPROTO_IP), IP_MTU, of: descriptor)
        return .connected(seconds: seconds, pathBytes: path.map(Int.init))
    }

    /// What became of listening at one of this machine's addresses and connecting to it.
    package enum Home: Equatable {
        /// Connected.
        case reached
        /// The port cannot be had, in words.
        case notBound(String)
        /// Bound, and what is sent there does not arrive, in words.
        case notReached(String)
    }

    /// Listens at one of this machine's addresses and connects to it.
    ///
    /// - Parameter port: 0 for one of the system's choice.
    package static func atHome(_ address: String, port wanted: UInt16 = 0) -> Home {
        guard let local = SocketAddress(ipv4: address) else {
            return .notBound("\(address) is no IPv4 address")
        }
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { return .notBound(words(errno)) }
        defer { close(listener) }
        var yes: Int32 = 1
        setsockopt(
            listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard local.withIPv4(port: wanted, { bind(listener, $0, $1) }) == 0,
            listen(listener, 4) == 0, let port = SocketAddress.local(of: listener)?.port
        else {
            let what = wanted == 0 ? "no port can be" : "port \(wanted) cannot be"
            return .notBound("\(what) bound at \(address) (\(words(errno)))")
        }
        switch connect(to: address, port: port) {
        case .connected: return .reached
        case .refused: return .notReached("port \(port) at \(address) refuses connections")
        case .silent: return .notReached("port \(port) at \(address) does not answer")
        case .rejected(let words), .failed(let words):
            return .notReached("port \(port) at \(address): \(words)")
        }
    }

    private static func failure(_ code: Int32) -> Outcome {
        switch code {
        case ECONNREFUSED: .refused
        case EHOSTUNREACH: .rejected(words(code))
        default: .failed(words(code))
        }
    }

    private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

    private static func option(_ level: Int32, _ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, level, name, &value, &length) == 0 ? value : nil
    }
}
