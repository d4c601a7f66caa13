import Membership
import Wire

/// A board with a clock of its own and shortcuts for what daemons say.
struct Scene {
    var board = RunBoard(version: "1")
    var now = 0.0
    var log: [RunBoard.Effect] = []

    mutating func hello(
        _ id: UInt8, role: String = "worker", name: String? = nil, version: String = "1",
        host: String = "here", boot: String = "boot", network: String = "net:[1]",
        memory: String = "pid:[1] 0", place: Hello.Place? = nil,
        key: String? = nil, pid: Int? = nil, started: UInt64? = nil,
        beat: Int = 1_000
    ) {
        var hello = Hello(
            role: role, name: name ?? "\(role)-\(id)", version: version, pid: pid ?? Int(id),
            startedNanoseconds: started ?? UInt64(id),
            host: host, bootID: boot, network: network, memory: memory, place: place)
        hello.publicKey = key
        hello.beatMilliseconds = beat
        say(.hello(hello), from: id)
    }

    mutating func say(_ message: ControlMessage, from id: UInt8) {
        log += board.received(message, from: [id], now: now)
    }

    static func request(
        _ run: Int64, workers: Int, server: Bool = false, link: Bool = false,
        onLoss: MembershipPolicy.Reaction = .abort
    ) -> RunBoard.Request {
        RunBoard.Request(
            id: run, experiment: "e", variant: "v\(run)", seed: 1, workers: workers, batch: 4,
            needsServer: server, emulatesLink: link, config: "{}", identity: 99,
            policy: MembershipPolicy(onLoss: onLoss))
    }

    mutating func submit(
        _ run: Int64, workers: Int, server: Bool = false, link: Bool = false,
        onLoss: MembershipPolicy.Reaction = .abort
    ) {
        board.submit(
            Self.request(run, workers: workers, server: server, link: link, onLoss: onLoss))
        tick()
    }

    /// Lets time pass; whoever is named keeps its heart beating.
    mutating func tick(seconds: Double = 0, alive: [UInt8] = []) {
        now += seconds
        for id in alive { say(.heartbeat, from: id) }
        log += board.tick(now: now)
    }

    mutating func ready(
        _ run: Int64, _ members: [UInt8], checksums: [UInt64] = [], identity: UInt64 = 99,
        generation: UInt32 = 0
    ) {
        for (rank, id) in members.enumerated() {
            say(
                .ready(
                    Ready(
                        run: run, identity: identity, generation: generation, rank: rank,
                        endpoint: "tcp://\(id)", parameters: 10, steps: 3,
                        dataChecksum: rank < checksums.count ? checksums[rank] : 5)), from: id)
        }
    }

    mutating func done(_ run: Int64, _ rank: Int, _ outcome: Outcome, from id: UInt8) {
        say(.done(run: run, generation: 0, rank: rank, outcome), from: id)
    }

    /// What was said to a daemon.
    func told(_ id: UInt8) -> [ControlMessage] {
        log.compactMap { effect -> ControlMessage? in
            guard case .send(let to, let message) = effect, to == [id] else { return nil }
            return message
        }
    }

    func assignment(_ id: UInt8) -> Assignment? {
        told(id).compactMap { message -> Assignment? in
            guard case .assign(let assignment) = message else { return nil }
            return assignment
        }.last
    }

    func cancelled(_ id: UInt8, _ run: Int64) -> Bool {
        told(id).contains {
            guard case .cancel(let told, _) = $0, told == run else { return false }
            return true
        }
    }

    func ending(_ run: Int64) -> RunBoard.Ending? {
        log.compactMap { effect -> RunBoard.Ending? in
            guard case .ended(let ended, let ending) = effect, ended == run else { return nil }
            return ending
        }.last
    }

    func failure(_ run: Int64) -> String? {
        guard case .failed(let reason)? = ending(run) else { return nil }
        return reason
    }
}
