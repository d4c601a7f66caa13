import Foundation
import Testing

import Statistics

/// What SciPy says; `Published/make_published.py` made it.
private struct Published: Decodable {
    struct Pair: Decodable {
        var first: [Double]
        var second: [Double]
        var statistic: Double
        var greater: Double
        var less: Double
    }
    struct Signed: Decodable {
        var differences: [Double]
        var statistic: Double
        var greater: Double
        var less: Double
    }
    struct Student: Decodable {
        var first: [Double]
        var second: [Double]
        var p: Double
    }
    struct Quantile: Decodable {
        var values: [Double]
        var share: Double
        var quantile: Double
    }
    var whitney: [Pair]
    var signed: [Signed]
    var students: [Student]
    var quantiles: [Quantile]

    static func load() throws -> Published {
        let file = try #require(
            Bundle.module.url(
                forResource: "published", withExtension: "json", subdirectory: "Published"))
        return try JSONDecoder().decode(Published.self, from: Data(contentsOf: file))
    }
}

@Suite("Every test against SciPy and print")
struct PublishedTests {
    @Test("the rank-sum test, with and without ties")
    func whitney() throws {
        for sample in try Published.load().whitney {
            let found = try #require(MannWhitney.test(sample.first, sample.second))
            #expect(found.statistic == sample.statistic)
            #expect(abs(found.greater - sample.greater) < 1e-12)
            #expect(abs(found.less - sample.less) < 1e-12)
        }
    }

    @Test("the signed-rank test, with and without ties")
    func signed() throws {
        for sample in try Published.load().signed {
            let found = try #require(SignedRank.test(differences: sample.differences))
            #expect(found.statistic == sample.statistic)
            #expect(abs(found.greater - sample.greater) < 1e-12)
            #expect(abs(found.less - sample.less) < 1e-12)
        }
    }

    @Test("Welch's test")
    func students() throws {
        for sample in try Published.load().students {
            let found = try #require(StudentT.welch(sample.first, sample.second))
            #expect(abs(found - sample.p) < 1e-10)
        }
    }

    @Test("quantiles are NumPy's")
    func quantiles() throws {
        for sample in try Published.load().quantiles {
            let found = try #require(Quantiles.quantile(sample.values, sample.share))
            #expect(abs(found - sample.quantile) < 1e-12)
        }
    }

    /// Wilcoxon's table: the largest sums that are significant at 0.025 on one side.
    @Test(
        "the printed table of the signed-rank test", arguments: [(6, 0), (7, 2), (8, 3), (10, 8)])
    func table(count: Int, critical: Int) throws {
        for (sum, isBelow) in [(critical, true), (critical + 1, false)] {
            let values = differences(count: count, negativeSum: sum)
            let found = try #require(SignedRank.test(differences: values))
            #expect((found.greater <= 0.025) == isBelow)
        }
    }

    /// Differences 1 to `count`, of which those with ranks that sum to `negativeSum` are negative.
    private func differences(count: Int, negativeSum: Int) -> [Double] {
        var rest = negativeSum
        return (1...count).reversed().map { rank in
            guard rank <= rest else { return Double(rank) }
            rest -= rank
            return -Double(rank)
        }
    }

    @Test("Holm's correction of four p-values, worked by hand")
    func holm() {
        let adjusted = Holm.adjusted([0.01, 0.04, 0.03, 0.005])
        for (found, right) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
            #expect(abs(found - right) < 1e-12)
        }
    }
}
