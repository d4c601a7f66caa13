import Membership
import Simulation
import Testing
import Wire

/// A daemon's mind with one of its habits broken.
private protocol BrokenMember: MemberMind {
    var machine: MemberMachine { get set }
}

extension BrokenMember {
    var currentPlace: Hello.Place? { machine.currentPlace }
    mutating func received(_ message: ControlMessage) { machine.received(message) }
    mutating func next() -> MemberMachine.Action? { machine.next() }
    func interruption(of run: Int64, generation: UInt32) -> String? {
        machine.interruption(of: run, generation: generation)
    }
    mutating func leave(run: Int64, generation: UInt32) {
        machine.leave(run: run, generation: generation)
    }
}

/// Goes on from wherever it is.
private struct Stubborn: BrokenMember {
    var machine = MemberMachine()
    static var rollsBack: Bool { false }
}

/// Says nothing twice.
private struct Forgetful: BrokenMember {
    var machine = MemberMachine()
    static var resends: Bool { false }
}

/// Does not stop when it is gathered.
private struct Deaf: BrokenMember {
    var machine = MemberMachine()
    mutating func received(_ message: ControlMessage) {
        if case .gather = message { return }
        machine.received(message)
    }
}

@Suite("Cluster in virtual time", .timeLimit(.minutes(1)))
struct ClusterSimulationTests {
    private func firstBroken<Member: MemberMind>(
        _ type: Member.Type, seeds: ClosedRange<UInt64>
    ) -> Invariant? {
        for seed in seeds {
            let simulation = ClusterSimulation<RunBoard, Member>(ClusterOptions(), seed: seed)
            if let violation = simulation.run().violation { return violation.invariant }
        }
        return nil
    }

    @Test("hundreds of schedules of crashes, cuts, stops and losses break no invariant")
    func schedules() {
        for seed in UInt64(1)...600 {
            let outcome = ClusterSimulation<RunBoard, MemberMachine>(
                ClusterOptions(), seed: seed
            ).run()
            #expect(outcome.violation == nil, "peerless simulate --seeds \(seed)")
        }
    }

    @Test("the same seed gives the same schedule")
    func determinism() {
        for seed in UInt64(1)...20 {
            let one = ClusterSimulation<RunBoard, MemberMachine>(ClusterOptions(), seed: seed)
            let two = ClusterSimulation<RunBoard, MemberMachine>(ClusterOptions(), seed: seed)
            #expect(one.run() == two.run())
        }
    }

    @Test("a member that does not go back to the common state is caught by its parameters")
    func stubborn() {
        #expect(firstBroken(Stubborn.self, seeds: 1...400) == .equalReplicas)
    }

    @Test("a member that does not say again what was not recorded is caught")
    func forgetful() {
        #expect(firstBroken(Forgetful.self, seeds: 1...400) != nil)
    }

    @Test("a member that does not stop when it is gathered is caught")
    func deaf() {
        #expect(firstBroken(Deaf.self, seeds: 1...400) != nil)
    }
}
