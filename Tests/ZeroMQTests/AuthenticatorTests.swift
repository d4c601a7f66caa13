import Foundation
import Glibc
import Synchronization
import Testing
import ZeroMQ

/// What the authenticator reported.
private final class Reports: Sendable {
    private let list = Mutex<[Refusal]>([])

    var all: [Refusal] { list.withLock { $0 } }
    func add(_ refusal: Refusal) { list.withLock { $0.append(refusal) } }

    /// Waits for a report that fits.
    func wait(for fits: (Refusal) -> Bool) -> Refusal? {
        var found: Refusal?
        _ = waitUntil {
            found = all.first(where: fits)
            return found != nil
        }
        return found
    }
}

/// A server socket that lets some keys in, on a transport.
private final class House {
    static let domain = "test"
    let context: Context
    let reports = Reports()
    let authenticator: Authenticator
    let keys: CurveKeyPair
    let door: Socket
    let endpoint: String

    init(
        letsIn pairs: [CurveKeyPair] = [], at bind: String = "tcp://127.0.0.1:*",
        reload: @escaping @Sendable () -> AllowList? = { nil }
    ) throws {
        context = try Context()
        authenticator = try Authenticator(
            in: context, allowed: Self.list(of: pairs), reload: reload,
            onRefusal: { [reports] in reports.add($0) })
        keys = try CurveKeyPair.generate()
        door = try Socket(
            .pull, in: context,
            options: SocketOptions(
                receiveTimeoutMilliseconds: 10_000,
                curve: .server(keys.secretKey, zapDomain: Self.domain), reportsHandshakes: true))
        endpoint = try door.bind(bind)
    }

    static func list(of pairs: [CurveKeyPair]) -> AllowList {
        var list = AllowList()
        for pair in pairs {
            list[pair.publicKey] = .init(name: "friend", domains: [domain])
        }
        return list
    }

    /// A peer with its own context, as another process has; it has sent one message.
    func peer(_ role: CurveRole) throws -> Peer { try Peer(role, endpoint) }

    /// Waits for a refusal that the socket reports.
    func refusal(_ fits: (Refusal) -> Bool) throws -> Refusal? {
        var found: Refusal?
        _ = try waitUntil {
            found = try door.takeRefusals().first(where: fits)
            return found != nil
        }
        return found
    }

    func role(_ pair: CurveKeyPair) -> CurveRole { .client(server: keys.publicKey, pair) }
}

/// A peer that has tried to send.
private final class Peer {
    let socket: Socket

    init(_ role: CurveRole, _ endpoint: String) throws {
        socket = try Socket(
            .push, in: Context(),
            options: SocketOptions(
                sendTimeoutMilliseconds: 0, curve: role, reportsHandshakes: true))
        try socket.connect(endpoint)
        _ = try socket.send([[1, 2, 3]])
    }

    /// The peer's own view of why it is not in.
    func failure() throws -> HandshakeFailure? {
        _ = try waitUntil { try socket.latestHandshakeFailure() != nil }
        return try socket.latestHandshakeFailure()
    }
}

/// A bare connection, over which one can say less than libzmq does.
private final class Caller {
    /// ZMTP 3.1 without encryption: signature, version, mechanism, a client, filler.
    static let greeting: [UInt8] =
        [0xff] + Array(repeating: 0, count: 8) + [0x7f, 3, 1] + Array("NULL".utf8)
        + Array(repeating: 0, count: 48)
    private let descriptor: Int32

    init(_ endpoint: String) throws {
        let port = try #require(endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func send(_ bytes: ArraySlice<UInt8>) throws {
        let sent = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        try #require(sent == bytes.count)
    }
}

@Suite("Authenticator", .serialized, .timeLimit(.minutes(10)))
struct AuthenticatorTests {
    @Test(
        "a key on the list is let in, and its messages tell whose they are",
        arguments: ["tcp://127.0.0.1:*", "ipc://@peerless-test-\(UUID().uuidString)"])
    func letIn(bind: String) throws {
        let friend = try CurveKeyPair.generate()
        let house = try House(letsIn: [friend], at: bind)
        let peer = try house.peer(house.role(friend))
        let message = try #require(try house.door.receiveIdentified(wait: true))
        #expect(message.parts == [[1, 2, 3]] && message.user == friend.publicKey.z85)
        #expect(house.authenticator.allows(message.user, in: House.domain))
        #expect(!house.authenticator.allows(message.user, in: "other"))
        #expect(try house.reports.all.isEmpty && peer.socket.latestHandshakeFailure() == nil)
    }

    @Test("a key that is not on the list gets nothing through, is told, and is reported by its key")
    func unknownKey() throws {
        let stranger = try CurveKeyPair.generate()
        let house = try House(letsIn: [try .generate()])
        let peer = try house.peer(house.role(stranger))
        let report = house.reports.wait { $0.key == stranger.publicKey }
        #expect(report?.mechanism == "CURVE" && report?.address == "127.0.0.1")
        #expect(try peer.failure() == .notAuthorized)
        #expect(try house.door.receiveParts(wait: false) == nil)
        #expect(try house.door.takeRefusals().isEmpty)
    }

    @Test("a peer without a key gets nothing through, finds out, and is reported")
    func noKey() throws {
        let house = try House()
        let peer = try house.peer(.none)
        // Either side may be the first to see that the other speaks differently; who is second only
        // sees the connection end.
        let report = try house.refusal { _ in true }
        #expect(report != nil && report?.key == nil)
        #expect(try [.otherMechanism, .brokenOff].contains(peer.failure()))
        #expect(try house.door.receiveParts(wait: false) == nil)
    }

    @Test(
        "a peer that says it has no key, or hangs up before it says so, is reported as such",
        arguments: [(64, "it has no key"), (11, "hung up"), (0, "hung up")])
    func greeting(bytes: Int, reason: String) throws {
        let house = try House()
        var caller: Caller? = try Caller(house.endpoint)
        try caller?.send(Caller.greeting.prefix(bytes))
        if bytes < Caller.greeting.count { caller = nil }
        let report = try house.refusal { _ in true }
        #expect(report?.reason.contains(reason) == true, "\(String(describing: report))")
        #expect(report?.key == nil && report?.mechanism == nil)
        withExtendedLifetime(caller) {}
    }

    @Test("a peer that believes in another server key gets nothing through and is reported")
    func wrongServerKey() throws {
        let friend = try CurveKeyPair.generate()
        let house = try House(letsIn: [friend])
        let other = try CurveKeyPair.generate().publicKey
        let peer = try house.peer(.client(server: other, friend))
        let report = try house.refusal { $0.reason.contains("another key") }
        #expect(report?.mechanism == "CURVE")
        #expect(try peer.failure() == .brokenOff)
        #expect(try house.door.receiveParts(wait: false) == nil)
    }

    @Test("a revoked key is refused from the next reload on, and known to its old connections")
    func revoked() throws {
        let friend = try CurveKeyPair.generate()
        let flag = Flag()
        let house = try House(letsIn: [friend]) { flag.isUp ? AllowList() : nil }
        let early = try house.peer(house.role(friend))
        let message = try #require(try house.door.receiveIdentified(wait: true))
        flag.raise()
        #expect(waitUntil { !house.authenticator.allows(message.user, in: House.domain) })
        let late = try house.peer(house.role(friend))
        #expect(house.reports.wait { $0.key == friend.publicKey } != nil)
        #expect(
            try late.failure() == .notAuthorized && early.socket.latestHandshakeFailure() == nil)
    }

    @Test("without an authenticator nobody is let in")
    func nobodyToAsk() throws {
        let context = try Context()
        let keys = try CurveKeyPair.generate()
        let door = try Socket(
            .pull, in: context,
            options: SocketOptions(
                receiveTimeoutMilliseconds: 10_000,
                curve: .server(keys.secretKey, zapDomain: "test")))
        let endpoint = try door.bind("tcp://127.0.0.1:*")
        let peer = try Peer(.client(server: keys.publicKey, try .generate()), endpoint)
        #expect(try peer.failure() == .brokenOff)
        #expect(try door.receiveParts(wait: false) == nil)
    }

    @Test("a server socket needs a domain, and a context has one authenticator")
    func mistakes() throws {
        let house = try House()
        #expect(throws: ZeroMQError.self) {
            _ = try Socket(
                .pull, in: house.context,
                options: SocketOptions(curve: .server(house.keys.secretKey, zapDomain: "")))
        }
        #expect(throws: ZeroMQError.self) {
            _ = try Authenticator(in: house.context, allowed: AllowList(), onRefusal: { _ in })
        }
    }

    @Test(
        "a malformed question is answered with 500, one about no key with 400, noise with nothing",
        arguments: [
            ([["9.9", "id"]], "500"), ([["1.0"]], "500"), ([["1.0", "id", "test"]], "500"),
            ([["1.0", "id", "test", "1.2.3.4", "", "NULL"]], "400"),
            ([["1.0", "id", "test", "1.2.3.4", "", "CURVE"]], "400"),
            ([["1.0", "id", "test", "1.2.3.4", "", "CURVE", "short"]], "400"),
            ([["1.0", "id", "test", "1.2.3.4", "", "PLAIN", "user", "word"]], "400"),
            ([["1.0", "id", "test", String(repeating: "x", count: 256), "", "CURVE"]], "500"),
            ([Array(repeating: "1.0", count: 40)], "500"),
        ] as [([[String]], String)])
    func malformed(questions: [[String]], status: String) throws {
        let house = try House()
        let asker = try Socket(
            .dealer, in: house.context, options: SocketOptions(receiveTimeoutMilliseconds: 10_000))
        try asker.connect("inproc://zeromq.zap.01")
        _ = try asker.send([[1]])
        _ = try asker.send([[1], [2]])
        for question in questions {
            _ = try asker.send([[]] + question.map { Array($0.utf8) })
            let answer = try #require(try asker.receiveParts(wait: true))
            #expect(answer.count == 7 && answer[1] == Array("1.0".utf8))
            #expect(answer[3] == Array(status.utf8))
        }
    }

    @Test("events of any shape are parsed or ignored", arguments: 0...12)
    func events(length: Int) {
        for byte in [0, 0x20, 0xFF] as [UInt8] {
            let part = [UInt8](repeating: byte, count: length)
            #expect(SocketEvent([part]) == nil)
            if length != 6 { #expect(SocketEvent([part, []]) == nil) }
            _ = SocketEvent([part, part])
        }
    }
}

/// Set once.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isUp: Bool { value.load(ordering: .relaxed) }
    func raise() { value.store(true, ordering: .relaxed) }
}

/// Waits for a condition, 10 ms at a time; false after 10 s.
private func waitUntil(_ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        Thread.sleep(forTimeInterval: 0.01)
    }
    return try condition()
}
