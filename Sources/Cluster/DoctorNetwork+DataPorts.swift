/// The doctor's looks at data ports: this machine's, and those of peers.
extension DoctorNetwork {
    /// The data ports behind this machine's address.
    func dataPort(at local: String) -> DoctorFinding {
        guard let dataPorts else {
            switch PortProbe.atHome(local) {
            case .reached:
                return DoctorFinding(
                    "data port", .ok, "a free one at \(local) can be bound and reached")
            case .notBound(let words), .notReached(let words):
                return DoctorFinding("data port", .trouble, words, remedy: Self.homeRemedy)
            }
        }
        return Self.dataPorts(dataPorts, at: local) { PortProbe.atHome(local, port: $0) }
    }

    private static let homeRemedy =
        "let the firewall pass tcp from the run's machines, or change --host"

    /// What the state of a range of ports at home means. Who finds a port taken goes on to the next;
    /// one that cannot be reached stops a run, and the others are not waited for.
    ///
    /// - Parameter probe: tries one of them.
    package static func dataPorts(
        _ range: PortRange, at local: String, probe: (UInt16) -> PortProbe.Home
    ) -> DoctorFinding {
        let topic = "data port"
        var taken: [String] = []
        for port in range.ports {
            switch probe(port) {
            case .reached: continue
            case .notBound(let words): taken.append(words)
            case .notReached(let words):
                return DoctorFinding(topic, .trouble, words, remedy: homeRemedy)
            }
        }
        let free = range.ports.count - taken.count
        let words =
            "\(free) of \(range.ports.count) (\(range)) at \(local) can be bound and reached"
            + (taken.first.map { "; \($0)" } ?? "")
        switch free {
        case 0:
            return DoctorFinding(
                topic, .trouble, words, remedy: "name other ports (who has them: ss -ltnp)")
        case 1:
            return DoctorFinding(
                topic, .warning, words,
                remedy: "every daemon of this machine needs two: widen the range")
        default: return DoctorFinding(topic, .ok, words)
        }
    }

    /// A machine of `--peers`.
    func peer(_ text: String) -> DoctorFinding {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let host = parts.first.map(String.init) ?? ""
        let named = parts.count == 2 ? UInt16(parts[1]) : nil
        guard !host.isEmpty, parts.count == 1 || named != nil else {
            return DoctorFinding("peer", .trouble, "found \(text); allowed: HOST or HOST:PORT")
        }
        let answer = address.lookUp(host)
        guard let remote = answer.address else {
            return DoctorFinding(
                "peer", .trouble, answer.trouble(of: host) ?? "\(host) has no IPv4 address",
                remedy: "check the name, or give its IPv4 address")
        }
        let name = HostAddress.name(host, remote)
        if named == nil, let dataPorts { return passes(name, remote, dataPorts) }
        let port = named ?? Self.unusedPort
        let outcome = PortProbe.connect(to: remote, port: port)
        return Self.peer(name, port: port, mustListen: named != nil, outcome)
    }

    /// Tries a range at a peer, up to the first port that does not answer.
    private func passes(_ name: String, _ remote: String, _ range: PortRange) -> DoctorFinding {
        for port in range.ports {
            let outcome = PortProbe.connect(to: remote, port: port)
            let finding = Self.peer(name, port: port, mustListen: false, outcome, range: range)
            if finding.verdict != .ok { return finding }
        }
        return DoctorFinding(
            "peer", .ok, "\(name) answers at once on all \(range.ports.count) ports \(range)")
    }

    /// In the range that systems take data ports from, where hardly anybody listens: a refusal
    /// proves that the host answers and no firewall drops.
    private static let unusedPort: UInt16 = 59_999

    /// What an attempt to reach another machine means.
    ///
    /// - Parameter range: the data ports; `nil` when the system chooses them.
    package static func peer(
        _ host: String, port: UInt16, mustListen: Bool, _ outcome: PortProbe.Outcome,
        range: PortRange? = nil
    ) -> DoctorFinding {
        switch outcome {
        case .connected(let seconds, _):
            return DoctorFinding(
                "peer", .ok, "\(host) port \(port) connects in \(milliseconds(seconds))")
        case .refused where !mustListen:
            return DoctorFinding(
                "peer", .ok,
                "\(host) refuses port \(port) at once: nothing drops what is sent there")
        case .refused:
            return DoctorFinding("peer", .trouble, "\(host): nothing listens on port \(port)")
        case .silent:
            return DoctorFinding(
                "peer", .trouble, "\(host) does not answer on port \(port) within 2 s",
                remedy: passing(range))
        case .rejected(let words):
            return DoctorFinding(
                "peer", .trouble, "\(host) port \(port): \(words)",
                remedy: "\(rejection); is the host up? " + passing(range))
        case .failed(let words):
            return DoctorFinding(
                "peer", .trouble, "\(host) port \(port): \(words)",
                remedy: "check its address and this machine's routes")
        }
    }

    /// What a firewall has to pass.
    private static func passing(_ range: PortRange?) -> String {
        let taken =
            range.map(String.init(describing:))
            ?? "of the system's choice (32768 to 60999 on Linux)"
        return
            "data sockets take ports \(taken): let the firewall pass them among the run's machines"
            + (range == nil ? ", or give daemons and doctor --data-ports" : "")
    }
}
