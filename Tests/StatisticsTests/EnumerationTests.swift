import Testing

import Statistics

@Suite("Tests against every way there is")
struct EnumerationTests {
    @Test("the rank-sum test counts every way to deal the values", arguments: 1...4, 1...4)
    func whitney(first: Int, second: Int) throws {
        var generator = SeededGenerator(seed: UInt64(10 * first + second))
        for _ in 0..<10 {
            let values = (0..<(first + second)).map { _ in Double(generator.next() % 6) }
            let ranks = Quantiles.midranks(values)
            let observed = ranks[first...].reduce(0, +)
            let sums = subsets(of: ranks, count: second).map { $0.reduce(0, +) }
            let found = try #require(
                MannWhitney.test(Array(values[..<first]), Array(values[first...])))
            #expect(abs(found.greater - share(sums) { $0 >= observed }) < 1e-12)
            #expect(abs(found.less - share(sums) { $0 <= observed }) < 1e-12)
            let greatest = try #require(sums.max())
            #expect(abs(found.smallestReachable - share(sums) { $0 == greatest }) < 1e-12)
        }
    }

    @Test("the signed-rank test counts every way to set the signs", arguments: 1...7)
    func signed(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        for _ in 0..<10 {
            let values = (0..<count).map { _ in Double(generator.next() % 4) + 1 }
            let signs = (0..<count).map { _ in generator.next() % 2 == 0 }
            let ranks = Quantiles.midranks(values)
            let observed = zip(ranks, signs).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
            let sums = (0...count).flatMap { subsets(of: ranks, count: $0) }.map {
                $0.reduce(0, +)
            }
            let found = try #require(
                SignedRank.test(differences: zip(values, signs).map { $1 ? $0 : -$0 }))
            #expect(abs(found.greater - share(sums) { $0 >= observed }) < 1e-12)
            #expect(abs(found.less - share(sums) { $0 <= observed }) < 1e-12)
        }
    }

    private func share(_ values: [Double], _ holds: (Double) -> Bool) -> Double {
        Double(values.filter(holds).count) / Double(values.count)
    }

    private func subsets(of values: [Double], count: Int) -> [[Double]] {
        guard count > 0 else { return [[]] }
        guard values.count >= count else { return [] }
        let rest = Array(values.dropFirst())
        return subsets(of: rest, count: count - 1).map { [values[0]] + $0 }
            + subsets(of: rest, count: count)
    }
}
