import Collectives
import Simulation
import Testing

@Suite("BlockingCollective", .serialized, .timeLimit(.minutes(10)))
struct BlockingCollectiveTests {
    @Test("threads in a row of operations agree with the sum", arguments: [1, 2, 3, 5, 8])
    func rowOfOperations(worldSize: Int) throws {
        for topology in CollectiveTopology.allCases {
            let results = try ThreadedWorld.run(topology, worldSize: worldSize, chunkWords: 7) {
                node in
                var values = (0..<40).map { Float($0 + node.collective.rank) }
                if node.collective.rank == worldSize { values = Array(repeating: 0, count: 40) }
                for _ in 0..<5 {
                    try values.withUnsafeMutableBufferPointer { buffer in
                        try node.collective.allReduce(buffer)
                        for index in buffer.indices { buffer[index] /= Float(worldSize) }
                    }
                }
                return values
            }
            let mean = Float(worldSize - 1) / 2
            for rank in 0..<worldSize {
                for index in 0..<40 {
                    #expect(abs(results[rank][index] - Float(index) - mean) < 1e-3)
                }
                #expect(results[rank] == results[0])
            }
        }
    }

    @Test("a silent peer ends the wait at the deadline, by rank")
    func deadline() {
        let transports = MemoryTransport.mesh(nodes: 2)
        let collective = BlockingCollective(
            rank: 0, worldSize: 2, topology: .ring,
            session: .init(run: 1, deadlineMilliseconds: 30), transport: transports[0],
            phases: ThreadedWorld.SilentPhases())
        var values: [Float] = [1, 2, 3]
        #expect(throws: CollectiveError.expired(waitingFor: 1, milliseconds: 30)) {
            try values.withUnsafeMutableBufferPointer { try collective.allReduce($0) }
        }
    }

    @Test("frames of another run or generation are dropped and counted")
    func foreignRun() throws {
        let transports = MemoryTransport.mesh(nodes: 2)
        func collective(_ rank: Int, run: UInt64, generation: UInt32) -> BlockingCollective {
            BlockingCollective(
                rank: rank, worldSize: 2, topology: .tree,
                session: .init(run: run, generation: generation, deadlineMilliseconds: 30),
                transport: transports[rank], phases: ThreadedWorld.SilentPhases())
        }
        var values: [Float] = [1, 2]
        let sender = collective(1, run: 8, generation: 0)
        let old = collective(1, run: 9, generation: 0)
        let receiver = collective(0, run: 9, generation: 1)
        values.withUnsafeMutableBufferPointer { buffer in
            try? sender.reduce(Transfer(buffer))
            try? old.reduce(Transfer(buffer))
            #expect(throws: CollectiveError.self) { try receiver.reduce(Transfer(buffer)) }
        }
        #expect(receiver.dropped == 2)
        #expect(values == [1, 2])
    }
}
