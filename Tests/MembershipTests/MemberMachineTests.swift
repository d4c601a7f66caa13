import Membership
import Testing
import Wire

@Suite("Member machine")
struct MemberMachineTests {
    private func assignment(_ generation: UInt32, identity: UInt64 = 9) -> Assignment {
        Assignment(
            run: 1, identity: identity, generation: generation, rank: 0, worldSize: 2, seed: 1,
            oneHost: true, config: "{}")
    }

    /// Every word twice, and what is to be done then.
    private func actions(_ words: [ControlMessage]) -> [MemberMachine.Action] {
        var machine = MemberMachine()
        for word in words {
            machine.received(word)
            machine.received(word)
        }
        var found: [MemberMachine.Action] = []
        while let action = machine.next() { found.append(action) }
        return found
    }

    @Test("what is said twice is done once")
    func twice() {
        let (first, second) = (assignment(0), assignment(1))
        let found = actions([
            .assign(first), .start(run: 1, generation: 0, endpoints: ["a", "b"]),
            .gather(second, reason: "a loss"), .assign(second),
            .start(run: 1, generation: 1, endpoints: ["a"]), .cancel(run: 1, reason: "enough"),
        ])
        #expect(
            found == [
                .prepare(first), .train(run: 1, generation: 0, endpoints: ["a", "b"]),
                .tell(second, reason: "a loss"), .prepare(second),
                .train(run: 1, generation: 1, endpoints: ["a"]),
                .stop(run: 1, generation: 1, reason: "enough"),
            ])
    }

    @Test(
        "a place that is given anew by the next coordinator is taken, though its numbers are the same"
    )
    func anew() {
        let again = assignment(0, identity: 10)
        #expect(actions([.assign(assignment(0)), .assign(again)]).last == .prepare(again))
    }

    @Test("the place tells what was heard")
    func place() {
        var machine = MemberMachine()
        func place() -> [Bool]? { machine.currentPlace.map { [$0.isHalted, $0.isAssigned] } }
        #expect(place() == nil)
        machine.received(.assign(assignment(0)))
        #expect(place() == [true, true])
        machine.received(.start(run: 1, generation: 0, endpoints: []))
        #expect(place() == [false, true])
        machine.received(.gather(assignment(1), reason: "a loss"))
        #expect(place() == [true, false] && machine.currentPlace?.generation == 1)
        machine.received(.cancel(run: 1, reason: "enough"))
        #expect(place() == nil)
    }
}
