import Collectives
import Wire

/// A data frame on its way.
struct DataFrame {
    var header: FrameHeader
    /// The receiver's inbox that it was sent to.
    var door: Int
    var payload: [Float]
}

/// One all-reduce on one node: drives the machine that real nodes drive, over frames.
struct SimulatedExchange {
    private(set) var buffer: [Float]
    private var machine: ProgramMachine

    init(program: [Instruction], nodes: Int, buffer: [Float]) {
        machine = ProgramMachine(program: program, peers: nodes)
        self.buffer = buffer
    }

    /// The next frame to send: to whom, its number and its words.
    enum Progress {
        case send(to: Int, index: UInt32, [Float])
        case wait(for: Int)
        case finished
    }

    mutating func next() -> Progress {
        switch machine.next() {
        case .send(let peer, let index, let range):
            .send(to: peer, index: index, Array(buffer[range]))
        case .wait(let peer): .wait(for: peer)
        case .finished: .finished
        }
    }

    /// True when the frame is dealt with, false when its turn has not come.
    mutating func offer(_ frame: DataFrame) -> Bool {
        let header = frame.header
        let reception = machine.received(
            from: header.from, index: header.index, words: frame.payload.count)
        switch reception {
        case .combine(let range):
            for (position, value) in zip(range, frame.payload) { buffer[position] += value }
        case .begin(let range), .replace(let range):
            buffer.replaceSubrange(range, with: frame.payload)
        case .early: return false
        case .duplicate, .foreign: break
        }
        return true
    }
}
