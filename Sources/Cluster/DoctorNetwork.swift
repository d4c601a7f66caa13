import Foundation
package import Wire

/// The part of `peerless doctor --coordinator` that looks at the way to the coordinator and to
/// peers: name, route, ports, the coordinator's answer and clock, this machine's own data port.
public struct DoctorNetwork {
    private let coordinator: TCPEndpoint
    private let host: String?
    private let peers: [String]
    let dataPorts: PortRange?
    private let connect: () throws -> (client: CoordinatorClient, role: KeyRole)
    let address = HostAddress()

    /// A look at one coordinator.
    ///
    /// - Parameters:
    ///   - endpoint: where it listens, `tcp://HOST:PORT`.
    ///   - host: what workers here are given as `--host`.
    ///   - peers: other machines: `HOST`, or `HOST:PORT` where something must listen.
    ///   - dataPorts: what daemons are given as `--data-ports`.
    ///   - connect: a client of the coordinator, and the role in which it may speak.
    /// - Throws: `ClusterError` when the endpoint is not one.
    public init(
        _ endpoint: String, host: String?, peers: [String], dataPorts: PortRange?,
        connect: @escaping () throws -> (client: CoordinatorClient, role: KeyRole)
    ) throws(ClusterError) {
        coordinator = try TCPEndpoint(parsing: endpoint)
        self.host = host
        self.peers = peers
        self.dataPorts = dataPorts
        self.connect = connect
    }

    /// Looks; the coordinator's silence takes some seconds.
    public func findings() -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        let answer = address.lookUp(coordinator.host)
        findings.append(Self.name(coordinator.host, answer))
        let own = ownAddress()
        findings.append(own.finding)
        if let local = own.address { findings += home(local) }
        if let remote = answer.address { findings += reach(remote) }
        return findings + peers.map(peer)
    }

    /// What the coordinator's name means.
    package static func name(_ host: String, _ answer: NameLookup) -> DoctorFinding {
        if let trouble = answer.trouble(of: host) {
            return DoctorFinding(
                "name", .trouble, trouble,
                remedy: "check the name, or give the coordinator's IPv4 address")
        }
        if let loopback = answer.loopbackOfOwnName(host) {
            return DoctorFinding("name", .ok, "\(host) is \(loopback): this machine")
        }
        guard case .found(let ipv4, _) = answer, let address = answer.address else {
            return DoctorFinding("name", .ok, host)
        }
        let all = ipv4.isEmpty ? address : ipv4.joined(separator: ", ")
        return DoctorFinding(
            "name", .ok, all == host ? "\(host), an address" : "\(host) is \(all)")
    }

    private func ownAddress() -> (address: String?, finding: DoctorFinding) {
        do throws(ClusterError) {
            let local: String
            if let host {
                local = try address.own(host)
            } else {
                local = try address.reaching(coordinator)
            }
            let words =
                local.hasPrefix("127.")
                ? "\(local): for daemons of this machine only" : "peers reach this one at \(local)"
            return (local, DoctorFinding("own address", .ok, words))
        } catch {
            return (nil, DoctorFinding("own address", .trouble, error.description))
        }
    }

    /// The card and a data port behind this machine's address.
    private func home(_ local: String) -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        let card = address.interfaces().first { $0.ipv4.contains(local) }
        if let card, let mtu = card.mtuBytes {
            findings.append(Self.packets(card: card.name, mtuBytes: mtu))
        }
        return findings + [dataPort(at: local)]
    }

    /// What a card's largest packet means.
    package static func packets(card: String, mtuBytes: Int) -> DoctorFinding {
        let words = "packets of \(mtuBytes) bytes on \(card)"
        guard mtuBytes < 1500 else { return DoctorFinding("MTU", .ok, words) }
        return DoctorFinding(
            "MTU", .warning, "\(words): a tunnel or an overlay network",
            remedy: "the same is needed on every machine of a run, or large frames get lost")
    }

    private func reach(_ remote: String) -> [DoctorFinding] {
        let outcome = PortProbe.connect(to: remote, port: coordinator.port)
        let port = Self.port(coordinator, outcome)
        guard case .connected(_, let pathBytes) = outcome else { return [port] }
        return [port] + conversation(pathBytes: pathBytes)
    }

    /// What an attempt to connect to the coordinator's port means.
    package static func port(
        _ coordinator: TCPEndpoint, _ outcome: PortProbe.Outcome
    ) -> DoctorFinding {
        let topic = "port"
        switch outcome {
        case .connected(let seconds, let pathBytes):
            let path = pathBytes.map { ", packets of \($0) bytes at most" } ?? ""
            return DoctorFinding(
                topic, .ok, "\(coordinator.text) connects in \(milliseconds(seconds))\(path)")
        case .refused:
            return DoctorFinding(
                topic, .trouble, "\(coordinator.text): the host answers, but nothing listens there",
                remedy: "start: peerless coordinator --bind tcp://*:\(coordinator.port); if it "
                    + "runs, let its firewall pass that port")
        case .silent:
            return DoctorFinding(
                topic, .trouble, "\(coordinator.text) does not answer within 2 s",
                remedy: "is the host up, and does its firewall pass tcp port \(coordinator.port)?")
        case .rejected(let words):
            return DoctorFinding(
                topic, .trouble, "\(coordinator.text): \(words)",
                remedy: "\(Self.rejection); is the host up, and does its firewall pass tcp port "
                    + "\(coordinator.port)?")
        case .failed(let words):
            return DoctorFinding(
                topic, .trouble, "\(coordinator.text): \(words)",
                remedy: "check the coordinator's address and this machine's routes")
        }
    }

    /// What the words of a rejection leave out.
    static let rejection = "a firewall that rejects gives the same answer"

    private func conversation(pathBytes: Int?) -> [DoctorFinding] {
        do {
            let (client, role) = try connect()
            guard role == .client else { return try greeting(client, role, pathBytes) }
            var best = try Exchange(with: client)
            for _ in 0..<5 {
                let next = try Exchange(with: client)
                if next.seconds < best.seconds { best = next }
            }
            return Self.coordinator(best.board, roundTripSeconds: best.seconds)
                + [Self.clock(aheadSeconds: best.aheadSeconds, withinSeconds: best.seconds / 2)]
                + [
                    Self.packets(
                        try takesFull(pathBytes) { _ = try client.board(leastBytes: $0) },
                        pathBytes: pathBytes)
                ]
        } catch {
            return [Self.coordinator(error)]
        }
    }

    /// What a machine can find out that has no client's key, but a daemon's.
    private func greeting(
        _ client: CoordinatorClient, _ role: KeyRole, _ pathBytes: Int?
    ) throws -> [DoctorFinding] {
        var best = Double.infinity
        for _ in 0..<6 {
            let start = MonotonicClock.now()
            try client.knock()
            best = min(best, Double(MonotonicClock.now() - start) / 1e9)
        }
        return [
            DoctorFinding(
                "coordinator", .ok,
                "lets this machine's \(role.rawValue) key in; an answer takes "
                    + "\(Self.milliseconds(best)) (version and clock are told to clients' keys)"),
            Self.packets(
                try takesFull(pathBytes) { try client.knock(leastBytes: $0) },
                pathBytes: pathBytes, back: false),
        ]
    }

    /// What an error in place of an answer means.
    private static func coordinator(_ error: any Error) -> DoctorFinding {
        guard let silence = error as? CoordinatorSilence else {
            return DoctorFinding("coordinator", .trouble, "\(error)")
        }
        return DoctorFinding(
            "coordinator", .trouble,
            "it says nothing for \(silence.seconds) s\(silence.explanation)",
            remedy: silence.explanation.isEmpty ? "something else may listen there" : nil)
    }

    /// Whether questions of one full packet and of many are answered, with as many: a single one goes
    /// as it is where cards and switches of virtual machines pass many on in one piece.
    private func takesFull(_ pathBytes: Int?, ask: (Int) throws -> Void) throws -> Bool {
        do {
            for count in [max(0, (pathBytes ?? 0) - Self.mostHeaderBytes), 1 << 16] {
                try ask(count)
            }
            return true
        } catch is CoordinatorSilence {
            return false
        }
    }

    /// Bytes of IP, TCP, ZMTP and CURVE around a message, and a few more.
    private static let mostHeaderBytes = 112

    /// What became of full packets, where small ones arrive.
    ///
    /// - Parameter back: whether the answers were as long.
    package static func packets(
        _ arrive: Bool, pathBytes: Int?, back: Bool = true
    ) -> DoctorFinding {
        let topic = "packets"
        guard !arrive else {
            return DoctorFinding(
                topic, .ok, "64 KiB arrive there" + (back ? ", and come back" : ""))
        }
        let size = pathBytes.map { "of \($0) bytes " } ?? ""
        return DoctorFinding(
            topic, .trouble,
            "a small question is answered, a large one is not: the way, there or back, loses full "
                + "packets \(size)and does not say so",
            remedy: "a tunnel or a switch takes smaller ones only: try ip link set CARD mtu 1400 "
                + "on every machine, or let firewalls pass ICMP")
    }

    /// One question and its answer.
    private struct Exchange {
        let board: Board
        let seconds: Double
        /// How far the coordinator's clock is ahead of this machine's.
        let aheadSeconds: Double

        init(with client: CoordinatorClient) throws {
            let before = Date().timeIntervalSince1970
            let start = MonotonicClock.now()
            board = try client.board()
            seconds = Double(MonotonicClock.now() - start) / 1e9
            aheadSeconds = board.now - (before + seconds / 2)
        }
    }

    /// What the coordinator's answer means.
    package static func coordinator(_ board: Board, roundTripSeconds: Double) -> [DoctorFinding] {
        let workers = board.nodes.count { $0.role == "worker" }
        let words =
            "peerless \(board.version), workers: \(workers), servers: \(board.nodes.count - workers); "
            + "a question takes \(milliseconds(roundTripSeconds))"
        guard board.version == PeerlessVersion.current else {
            return [
                DoctorFinding(
                    "coordinator", .trouble,
                    "\(words); this is peerless \(PeerlessVersion.current)",
                    remedy: "use the same peerless everywhere")
            ]
        }
        return [DoctorFinding("coordinator", .ok, words)]
    }

    /// What a difference of clocks means.
    ///
    /// - Parameter withinSeconds: how uncertain it is.
    package static func clock(aheadSeconds: Double, withinSeconds: Double) -> DoctorFinding {
        let way = aheadSeconds < 0 ? "behind" : "ahead of"
        let words =
            "the coordinator's is \(milliseconds(abs(aheadSeconds))) \(way) this one "
            + "(to within \(milliseconds(withinSeconds)))"
        guard abs(aheadSeconds) - withinSeconds > 1 else {
            return DoctorFinding("clock", .ok, words)
        }
        return DoctorFinding(
            "clock", .warning, "\(words): logs and events of the machines do not fit together",
            remedy: "let both follow a time server (chrony, systemd-timesyncd)")
    }

    static func milliseconds(_ seconds: Double) -> String {
        String(format: "%.1f ms", seconds * 1000)
    }
}
