import Glibc
import ZeroMQ

/// Where a node's inbox listens.
enum Inbox {
    /// How long sockets of the generation before may take to give their ports back.
    private static let patienceSeconds = 3.0

    /// Binds an inbox of a transport; the endpoint with the port that it got.
    ///
    /// Of a range the first port is drawn: what a peer still sends to the inbox of a generation
    /// that has ended then seldom finds the next one's.
    ///
    /// - Throws: `ZeroMQError`, and `ClusterError` when every port of the range is taken.
    static func bind(
        _ socket: borrowing Socket, _ transport: DataTransport, host: String, ports: PortRange?
    ) throws -> String {
        guard transport == .tcp, let ports else {
            return try socket.bind(transport.bindEndpoint(host: host))
        }
        let deadline = MonotonicClock.now() + UInt64(patienceSeconds * 1e9)
        let order = ports.ports(from: .random(in: ports.ports))
        while true {
            for port in order {
                do {
                    return try socket.bind("tcp://\(host):\(port)")
                } catch {
                    guard error.code == EADDRINUSE else { throw error }
                }
            }
            guard MonotonicClock.now() < deadline else { break }
            MonotonicClock.sleep(nanoseconds: 50_000_000)
        }
        throw ClusterError(
            "--data-ports \(ports): every port is taken at \(host); allowed: a range with two ports "
                + "for every daemon of the machine (who has them: ss -ltnp)")
    }
}
