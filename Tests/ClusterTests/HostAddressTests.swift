import Cluster
import Testing

@Suite("Host address")
struct HostAddressTests {
    private static let coordinator = TCPEndpoint(host: "head", port: 5555)

    /// A machine with a card at 10.0.0.7, as its resolver and kernel would answer.
    private static func machine(
        _ answer: NameLookup, route: HostAddress.Route = .from("10.0.0.7")
    ) -> HostAddress {
        var machine = HostAddress()
        machine.interfaces = {
            [
                LocalInterface(name: "lo", ipv4: ["127.0.0.1"], hasIPv6: true),
                LocalInterface(name: "eth0", ipv4: ["10.0.0.7", "10.0.0.8"]),
                LocalInterface(name: "tun6", ipv4: [], hasIPv6: true),
            ]
        }
        machine.lookUp = { _ in answer }
        machine.route = { _ in route }
        return machine
    }

    private static func failure(_ machine: HostAddress) -> String {
        do throws(ClusterError) {
            return "no failure, but \(try machine.reaching(coordinator))"
        } catch {
            return error.description
        }
    }

    @Test("the address is that of the route to the coordinator")
    func route() throws {
        let machine = Self.machine(.found(ipv4: ["10.0.0.5"], ipv6: ["fd00::5"]))
        #expect(try machine.reaching(Self.coordinator) == "10.0.0.7")
    }

    private static let loopbacks = [
        NameLookup.found(ipv4: ["127.0.0.1"], ipv6: []),
        .found(ipv4: ["127.0.1.1"], ipv6: []),
        .found(ipv4: [], ipv6: ["::1"]),
    ]

    @Test(
        "a coordinator that was named by loopback, and only that, makes loopback",
        arguments: ["localhost", "127.0.0.1", "127.0.1.1"])
    func loopback(host: String) throws {
        let answer = NameLookup.found(ipv4: [host == "localhost" ? "127.0.0.1" : host], ipv6: [])
        let machine = Self.machine(answer, route: .none("must not be asked"))
        let coordinator = TCPEndpoint(host: host, port: 5555)
        #expect(try machine.reaching(coordinator) == "127.0.0.1")
        #expect(CoordinatorLookout.ownNameNote(coordinator, answer, machine) == nil)
    }

    @Test(
        "where the machine's own name is loopback, peers are told what others reach, or nothing",
        arguments: loopbacks)
    func ownName(answer: NameLookup) throws {
        var machine = Self.machine(answer, route: .from("10.0.0.8"))
        #expect(try machine.reaching(Self.coordinator) == "10.0.0.8")
        let note = CoordinatorLookout.ownNameNote(Self.coordinator, answer, machine)
        #expect(note?.contains("peers are told 10.0.0.8") == true, "\(note ?? "nothing")")
        for route in [HostAddress.Route.none("unreachable"), .from("10.9.9.9")] {
            machine.route = { _ in route }
            #expect(Self.failure(machine).contains("--host: lo 127.0.0.1, eth0 10.0.0.7"))
        }
        machine.interfaces = {
            [
                LocalInterface(name: "lo", ipv4: ["127.0.0.1"]),
                LocalInterface(name: "old0", ipv4: ["10.0.0.6"], isUp: false),
                LocalInterface(name: "eth0", ipv4: ["10.0.0.7"]),
            ]
        }
        #expect(try machine.reaching(Self.coordinator) == "10.0.0.7")
        machine.interfaces = { [LocalInterface(name: "lo", ipv4: ["127.0.0.1"])] }
        #expect(try machine.reaching(Self.coordinator) == "127.0.0.1")
    }

    @Test(
        "a failed lookup, IPv6 alone, no route and a route from loopback are told with the remedy")
    func troubles() {
        let good = NameLookup.found(ipv4: ["10.0.0.5"], ipv6: [])
        let cases: [(HostAddress, words: String)] = [
            (Self.machine(.failed("Name or service not known")), "head does not resolve (Name"),
            (Self.machine(.found(ipv4: [], ipv6: ["fd00::5"])), "IPv6 addresses only (fd00::5)"),
            (Self.machine(.found(ipv4: [], ipv6: [])), "resolves to no address"),
            (Self.machine(good, route: .none("Network is unreachable")), "no route to head (10.0"),
            (Self.machine(good, route: .from("127.0.0.1")), "starts at 127.0.0.1"),
        ]
        for (machine, words) in cases {
            let failure = Self.failure(machine)
            #expect(failure.contains(words))
            #expect(failure.contains("--host: lo 127.0.0.1, eth0 10.0.0.7, eth0 10.0.0.8"))
        }
    }

    @Test("--host is an address or an interface of this machine")
    func own() throws {
        let machine = Self.machine(.failed(""))
        #expect(try machine.own("eth0") == "10.0.0.7")
        #expect(try machine.own("10.0.0.8") == "10.0.0.8")
        #expect(try machine.own("127.0.0.9") == "127.0.0.9")
        for wrong in ["", "*", "0.0.0.0", "10.0.0.9", "eth1", "head", "fd00::5", "10.0.0"] {
            let error = #expect(throws: ClusterError.self) { try machine.own(wrong) }
            #expect(error?.description.contains("eth0 10.0.0.7, eth0 10.0.0.8") == true, "\(wrong)")
        }
        let error = #expect(throws: ClusterError.self) { try machine.own("tun6") }
        #expect(error?.description.contains("tun6 has no IPv4 address") == true)
    }

    @Test("the real system knows loopback, and names that cannot be do not resolve")
    func system() throws {
        #expect(
            try HostAddress.advertised(host: nil, coordinator: "tcp://127.0.0.1:1") == "127.0.0.1")
        #expect(
            try HostAddress.advertised(host: nil, coordinator: "tcp://localhost:1") == "127.0.0.1")
        #expect(try HostAddress.advertised(host: "lo", coordinator: "tcp://x:1") == "127.0.0.1")
        #expect(HostAddress.systemRoute(to: "127.0.0.1") == .from("127.0.0.1"))
        #expect(LocalInterface.all().contains { $0.ipv4.contains("127.0.0.1") && $0.isUp })
        let error = #expect(throws: ClusterError.self) {
            try HostAddress.advertised(host: nil, coordinator: "tcp://no-such-host.invalid:5555")
        }
        #expect(error?.description.contains("no-such-host.invalid does not resolve") == true)
    }

    @Test("an endpoint is tcp, a host and a port")
    func endpoints() throws {
        let endpoint = try TCPEndpoint(parsing: "tcp://head.cluster-1:65535")
        #expect(endpoint == TCPEndpoint(host: "head.cluster-1", port: 65535))
        #expect(endpoint.text == "tcp://head.cluster-1:65535")
        let wrong = [
            "", "tcp://", "tcp://:", "tcp://a", "tcp://a:", "tcp://:5", "tcp://a:0",
            "tcp://a:65536",
            "tcp://a:b", "tcp://a:-1", "tcp://a b:1", "tcp://[::1]:5555", "tcp://a:1:2", "a:1",
            "udp://a:1", "tcp://a/b:1", "ipc://a:1", "tcp://*:5555",
        ]
        for text in wrong {
            let error = #expect(throws: ClusterError.self) { try TCPEndpoint(parsing: text) }
            #expect(error?.description.contains("allowed: ") == true, "\(text)")
        }
    }

    @Test("a silent coordinator's unknown name is named; a known one gets the command to start it")
    func silence() {
        let unknown = CoordinatorLookout.silence(
            at: "tcp://head:5555", seconds: 30, lookUp: { _ in .failed("Name not known") })
        #expect(unknown.contains("30 s: head does not resolve (Name not known)"))
        let known = CoordinatorLookout.silence(
            at: "tcp://head:5555", seconds: 30,
            lookUp: { _ in .found(ipv4: ["10.0.0.5"], ipv6: []) })
        #expect(known.contains("on head with: peerless coordinator --bind tcp://*:5555 --keys DIR"))
        let home = CoordinatorLookout.silence(
            at: "tcp://localhost:5555", seconds: 30,
            lookUp: { _ in .found(ipv4: ["127.0.0.1"], ipv6: []) })
        #expect(home.contains("with: peerless coordinator --bind tcp://localhost:5555"))
    }

    @Test("a coordinator listens at this machine's addresses, at a port that there is")
    func listening() throws {
        let cards = [LocalInterface(name: "eth0", ipv4: ["10.0.0.7"])]
        let allowed = [
            "tcp://*:5555", "tcp://0.0.0.0:*", "tcp://127.0.0.1:0", "tcp://127.1.2.3:65535",
            "tcp://eth0:*", "tcp://10.0.0.7:80", "ipc:///run/peerless",
        ]
        for text in allowed {
            #expect(try ListeningEndpoint(parsing: text, interfaces: { cards }).text == text)
        }
        let home = try ListeningEndpoint(parsing: "tcp://localhost:7", interfaces: { cards })
        #expect(home.text == "tcp://127.0.0.1:7")
        let wrong = [
            "", "tcp://", "tcp://:", "tcp://*", "tcp://*:", "tcp://*:99999", "tcp://*:-1",
            "tcp://*:port", "tcp://[::1]:5555", "tcp://10.0.0.8:5555", "tcp://head:5555",
            "*:5555", "udp://*:1", "ipc://",
        ]
        for text in wrong {
            let error = #expect(throws: ClusterError.self) {
                try ListeningEndpoint(parsing: text, interfaces: { cards })
            }
            #expect(error?.description.hasPrefix("--bind: found ") == true, "\(text)")
            #expect(error?.description.contains("allowed: ") == true, "\(text)")
        }
    }
}
