import Collectives
import Testing

@Suite("ProgramMachine")
struct ProgramMachineTests {
    private func machine() -> ProgramMachine {
        ProgramMachine(
            program: [
                .send(to: 1, 0..<4), .combine(from: 1, 0..<2), .replace(from: 2, 2..<4),
                .send(to: 2, 0..<4),
            ], peers: 3)
    }

    @Test("sends never wait and receives wait for exactly that peer")
    func order() {
        var machine = machine()
        #expect(machine.next() == .send(to: 1, index: 0, 0..<4))
        #expect(machine.next() == .wait(for: 1))
        #expect(machine.received(from: 2, index: 0, words: 2) == .early)
        #expect(machine.received(from: 1, index: 0, words: 2) == .combine(0..<2))
        #expect(machine.received(from: 2, index: 0, words: 2) == .replace(2..<4))
        #expect(machine.next() == .send(to: 2, index: 0, 0..<4))
        #expect(machine.next() == .finished)
        #expect(machine.isFinished)
    }

    @Test("duplicates, strangers and frames of a wrong length change nothing")
    func foreign() {
        var machine = machine()
        _ = machine.next()
        #expect(machine.received(from: 1, index: 0, words: 3) == .foreign)
        #expect(machine.received(from: 9, index: 0, words: 2) == .foreign)
        #expect(machine.received(from: -1, index: 0, words: 2) == .foreign)
        #expect(machine.received(from: 1, index: 0, words: 2) == .combine(0..<2))
        #expect(machine.received(from: 1, index: 0, words: 2) == .duplicate)
        #expect(machine.next() == .wait(for: 2))
    }
}
