import Foundation
import Testing

import Statistics

@Suite("Properties of statistics")
struct PropertyTests {
    private func sample(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
        (0..<count).map { _ in Double(generator.next() % 1_000) / 100 + 1 }
    }

    @Test("exchanging the samples exchanges greater and less", arguments: 1...20)
    func symmetry(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let (first, second) = (sample(6, &generator), sample(6, &generator))
        let one = try #require(MannWhitney.test(first, second))
        let other = try #require(MannWhitney.test(second, first))
        #expect(abs(one.greater - other.less) < 1e-12)
        let pairs = try #require(SignedRank.test(first, second))
        let turned = try #require(SignedRank.test(second, first))
        #expect(abs(pairs.greater - turned.less) < 1e-12)
    }

    @Test("a monotone change of scale does not move the rank-sum test", arguments: 1...20)
    func monotone(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let (first, second) = (sample(5, &generator), sample(8, &generator))
        #expect(
            MannWhitney.test(first, second) == MannWhitney.test(first.map(exp), second.map(exp)))
    }

    @Test("a ratio scales with its samples, and equal samples give exactly 1", arguments: 1...10)
    func ratio(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let values = sample(7, &generator)
        let same = try #require(MedianRatio(values, values, paired: true))
        #expect(same.ratio == 1 && same.lower == 1 && same.upper == 1)
        let twice = try #require(MedianRatio(values, values.map { 2 * $0 }, paired: true))
        #expect(twice.ratio == 2 && twice.lower == 2 && twice.upper == 2)
        let apart = try #require(MedianRatio(values, values, paired: false))
        #expect(apart.lower <= 1 && apart.upper >= 1)
        #expect(apart == MedianRatio(values, values, paired: false))
    }

    @Test("the interval holds the true ratio in most samples")
    func coverage() {
        var generator = SeededGenerator(seed: 7)
        var held = 0
        for _ in 0..<200 {
            let interval = MedianRatio(
                sample(15, &generator), sample(15, &generator), paired: false)
            if let interval, interval.lower <= 1, interval.upper >= 1 { held += 1 }
        }
        #expect(held >= 180)
    }

    @Test("seven pairs reach 1/128, seven against seven 1/3432")
    func reach() throws {
        let (first, second) = ([1.0, 2, 3, 4, 5, 6, 7], [11.0, 13, 15, 17, 19, 21, 23])
        let pairs = try #require(SignedRank.test(first, second))
        #expect(pairs.greater == 1.0 / 128 && pairs.smallestReachable == 1.0 / 128)
        let sums = try #require(MannWhitney.test(first, second))
        #expect(abs(sums.greater - 1.0 / 3432) < 1e-15)
    }

    @Test("no test of nothing")
    func empty() {
        #expect(MannWhitney.test([], [1]) == nil)
        #expect(SignedRank.test([1, 2], [1, 2]) == nil)
        #expect(Quantiles.median([]) == nil)
        #expect(MedianRatio([0], [1], paired: false) == nil)
        #expect(StudentT.welch([1], [2, 3]) == nil)
        #expect(HodgesLehmann.center([]) == nil)
    }

    @Test("Hodges and Lehmann's estimates move with a shift", arguments: 1...10)
    func shift(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let values = sample(7, &generator)
        let moved = try #require(HodgesLehmann.shift(values, values.map { $0 + 3 }))
        #expect(abs(moved - 3) < 1e-9)
        #expect(HodgesLehmann.center([-1, 0, 1, 100]) == 0.75)
    }

    @Test("Holm never lowers a p and keeps their order", arguments: 1...20)
    func holm(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let p = (0..<6).map { _ in Double(generator.next() % 1_000) / 1_000 }
        let adjusted = Holm.adjusted(p)
        #expect(zip(p, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
        for i in p.indices {
            for j in p.indices where p[i] < p[j] { #expect(adjusted[i] <= adjusted[j]) }
        }
    }

    @Test("a trimmed mean leaves out what is wild")
    func trimmed() {
        #expect(Quantiles.trimmedMean([1, 2, 3, 4, 1_000], trimming: 0.2) == 3)
    }
}
