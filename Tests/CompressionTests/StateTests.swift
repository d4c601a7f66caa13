import Collectives
import Compression
import Simulation
import Testing

/// What a method carries from step to step: enough to go on elsewhere, and to take a step again.
@Suite("State of exchange methods", .serialized, .timeLimit(.minutes(10)))
struct StateTests {
    static let steps = 6
    static let saved = 3
    /// Numbers of a gradient, 10 of them small.
    static let layout = GradientLayout(count: 130, compressible: 120)

    /// Parts by name, as bits.
    typealias Saved = [String: [UInt32]]

    /// A method and its place, with the momentum that is accumulated on the worker.
    struct Case: Sendable, CustomTestStringConvertible {
        let recipe: Recipe
        let topology: CollectiveTopology
        let momentum: Float
        let worldSize: Int
        var testDescription: String { "\(recipe) \(topology) \(momentum) x\(worldSize)" }

        static let all = Recipe.allCases.flatMap { recipe in
            recipe.topologies.flatMap { topology in
                [Float(0), 0.9].flatMap { momentum in
                    [1, 3, 4].map {
                        Case(
                            recipe: recipe, topology: topology, momentum: momentum, worldSize: $0)
                    }
                }
            }
        }

        func run<Result: Sendable>(
            _ body: @Sendable @escaping (Member) throws -> Result
        ) throws -> [Result] {
            try ThreadedWorld.run(topology, worldSize: worldSize, chunkWords: 17) {
                try body(Member(self, $0))
            }
        }
    }

    /// One node with a fresh method.
    struct Member {
        let node: ThreadedWorld.Node
        private let asked: Case
        private(set) var method: any ExchangeMethod
        let isServer: Bool
        var rank: Int { node.collective.rank }

        init(_ asked: Case, _ node: ThreadedWorld.Node) throws {
            self.node = node
            self.asked = asked
            isServer = node.collective.rank == asked.worldSize
            method = try Self.made(asked, isServer: isServer)
        }

        /// Takes a fresh method in place of one whose step was broken off.
        mutating func renew() throws { method = try Self.made(asked, isServer: isServer) }

        private static func made(_ asked: Case, isServer: Bool) throws -> any ExchangeMethod {
            try asked.recipe.make(
                layout, k: 12, worldSize: asked.worldSize, isServer: isServer,
                momentum: asked.momentum)
        }

        /// The update's bits; none on a server.
        func take(_ step: Int, over collective: (any Collective)? = nil) throws -> [UInt32] {
            let collective = collective ?? node.collective
            guard !isServer else {
                try method.serve(step: step, over: collective, phases: node.phases)
                return []
            }
            var values = StateTests.gradient(rank, step)
            try values.withUnsafeMutableBufferPointer { gradient in
                for offset in [80, 30] {
                    try method.gradientIsFinal(
                        from: offset, gradient, step: step, over: collective)
                }
                try method.exchange(gradient, step: step, over: collective, phases: node.phases)
            }
            return values.map(\.bitPattern)
        }

        var state: Saved {
            Dictionary(
                uniqueKeysWithValues: method.state.map { ($0.name, $0.floats.map(\.bitPattern)) })
        }

        func restore(_ saved: Saved) throws {
            for part in method.state {
                guard let bits = saved[part.name], bits.count == part.floats.count else {
                    throw CollectiveError.transport("\(part.name) was not saved")
                }
                for index in bits.indices { part.floats[index] = Float(bitPattern: bits[index]) }
            }
        }
    }

    /// What a node did: updates of the steps from `saved` on, the state before them and at the end.
    struct Trace: Sendable {
        var updates: [[UInt32]] = []
        var middle: Saved = [:]
        var end: Saved = [:]
        /// Operations at which a step was broken off.
        var breaks = 0
    }

    /// Numbers that no sum holds exactly.
    static func gradient(_ rank: Int, _ step: Int) -> [Float] {
        var generator = SeededGenerator(seed: UInt64(rank * 1_000 + step))
        return (0..<layout.count).map { _ in Float.random(in: -3...3, using: &generator) }
    }

    @Test("no frame is longer than a chunk, but for the message that a method says it sends whole")
    func frames() throws {
        for asked in Case.all where asked.momentum == 0 && asked.worldSize > 1 {
            let seen = try asked.run { member in
                for step in 0..<2 { _ = try member.take(step) }
                return (member.node.transport.longestPayload, member.method.wholeWords)
            }
            let (longest, whole) = (seen.map(\.0).max(), seen.map(\.1).max() ?? 0)
            if whole > 0 {
                #expect(longest == 4 * whole, "\(asked.testDescription)")
            } else {
                #expect((longest ?? 0) <= 4 * 17, "\(asked.testDescription)")
            }
        }
    }

    private func whole(_ asked: Case) throws -> [Trace] {
        try asked.run { member in
            var trace = Trace()
            for step in 0..<Self.steps {
                if step == Self.saved { trace.middle = member.state }
                let update = try member.take(step)
                if step >= Self.saved { trace.updates.append(update) }
            }
            trace.end = member.state
            return trace
        }
    }

    /// Goes on with fresh methods from the states of another run.
    private func resumed(_ asked: Case, from states: [Saved]) throws -> [Trace] {
        try asked.run { member in
            try member.restore(states[member.rank])
            var trace = Trace()
            for step in Self.saved..<Self.steps { trace.updates.append(try member.take(step)) }
            trace.end = member.state
            return trace
        }
    }

    @Test("fresh methods with the saved state go on with the same bits", arguments: Case.all)
    func resumes(asked: Case) throws {
        let expected = try whole(asked)
        let found = try resumed(asked, from: expected.map(\.middle))
        for (found, expected) in zip(found, expected) {
            #expect(found.updates == expected.updates)
            #expect(found.end == expected.end)
        }
    }

    @Test(
        "no part of the state can be left out",
        arguments: Case.all.filter { $0.worldSize == 3 })
    func everyPartMatters(asked: Case) throws {
        let expected = try whole(asked)
        for name in Set(expected.flatMap(\.middle.keys)) {
            let states = expected.map { trace in
                trace.middle.merging([name: trace.middle[name, default: []].map { _ in 0 }]) { $1 }
            }
            let found = try resumed(asked, from: states)
            #expect(found.map(\.updates) != expected.map(\.updates), "\(name)")
        }
    }

    @Test(
        "a step broken off anywhere is taken again with the same bits",
        arguments: Case.all.filter { $0.worldSize > 1 }, BreakingCollective.Moment.allCases)
    func breaksOff(asked: Case, moment: BreakingCollective.Moment) throws {
        let expected = try whole(asked)
        let found = try asked.run { node in
            var member = node
            var trace = Trace()
            for step in 0..<Self.steps {
                let before = member.state
                var operation = 0
                while step == Self.saved, operation < 20 {
                    let breaking = BreakingCollective(
                        member.node.collective, operation: operation, moment)
                    let update = try? member.take(step, over: breaking)
                    try member.renew()
                    try member.restore(before)
                    if update != nil { break }
                    operation += 1
                }
                trace.breaks += operation
                let update = try member.take(step)
                if step >= Self.saved { trace.updates.append(update) }
            }
            trace.end = member.state
            return trace
        }
        for (found, expected) in zip(found, expected) {
            #expect(found.updates == expected.updates)
            #expect(found.end == expected.end)
            #expect((1..<20).contains(found.breaks))
        }
    }

    @Test("a server holds nothing back but what 16-bit words of a dense gradient lose")
    func server() throws {
        for recipe in Recipe.allCases where recipe.topologies.contains(.star) {
            let names = try recipe.make(Self.layout, k: 12, worldSize: 2, isServer: true)
                .state.map(\.name)
            switch recipe {
            case .denseHalf, .denseBrain: #expect(names == [StatePart.rounding])
            case .topk: #expect(names == [StatePart.residual])
            default: #expect(names.isEmpty, "\(recipe)")
            }
        }
    }

    @Test("the norm is that of residual and rounding, not of the momentum")
    func norm() throws {
        let method = try Recipe.sketchHalf.make(
            Self.layout, k: 12, worldSize: 2, isServer: false, momentum: 0.9)
        #expect(method.state.map(\.name) == ["residual", "velocity", "rounding"])
        #expect(method.residualNorm == 0)
        method.state[0].floats[77] = 3
        method.state[1].floats[5] = 100
        method.state[2].floats[9] = -4
        #expect(method.residualNorm == 5)
        let dense = try Recipe.dense.make(Self.layout, k: 12, worldSize: 2, isServer: false)
        #expect(dense.residualNorm == nil && dense.state.isEmpty)
    }
}
