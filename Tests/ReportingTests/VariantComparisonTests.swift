import Foundation
import Reporting
import RunStore
import Statistics
import Testing

@Suite("Variants over seeds")
struct VariantComparisonTests {
    /// Runs of seeds 1, 2, ... with these step times, dense-server as their baseline.
    private func runs(
        _ variant: String, _ milliseconds: [Double], context: String = "c"
    ) -> [ComparisonRow] {
        milliseconds.enumerated().map { place, time in
            let number = Int64(variant.count * 1_000 + place)
            var row = completedRow(run: number, variant: variant, seed: UInt64(place + 1))
            row.stepMilliseconds.total = time
            row.batch = 32
            row.contextHash = context
            return row
        }
    }

    private func row(_ rows: [ComparisonRow], _ variant: String) throws -> VariantRow {
        try #require(VariantComparison(rows, noise: 0.05).rows.first { $0.variant == variant })
    }

    private let base = (0..<8).map { 20 + 0.1 * Double($0 * 5 % 8) }

    @Test("half the time is faster, twice the time slower, with the ratio and its interval")
    func directions() throws {
        let rows =
            runs("dense-server", base) + runs("quick", base.map { $0 / 2 })
            + runs("slow", base.map { $0 * 2 })
        let quick = try row(rows, "quick")
        #expect(quick.verdict == .faster && quick.speedup == 2)
        #expect(quick.speedupLower == 2 && quick.speedupUpper == 2)
        let slow = try row(rows, "slow")
        #expect(slow.verdict == .slower && slow.speedup == 0.5)
        let dense = try row(rows, "dense-server")
        #expect(dense.isBaseline && dense.verdict == nil && dense.speedup == nil)
        #expect(dense.runs == 8 && dense.seeds == Array(1...8))
    }

    @Test("nearly the same times in another order are the same within noise")
    func same() throws {
        let rows = runs("dense-server", base) + runs("twin", base.reversed())
        let twin = try row(rows, "twin")
        #expect(twin.verdict == .sameWithinNoise)
        #expect(try #require(twin.adjustedP) > 0.05)
    }

    @Test("wide noise or fewer than 4 seeds cannot tell")
    func unknown() throws {
        let wide = [10.0, 35, 22, 14, 31, 12, 40, 18]
        let noisy = runs("dense-server", base) + runs("noisy", wide)
        #expect(try row(noisy, "noisy").verdict == .cannotTell)
        let few =
            runs("dense-server", Array(base.prefix(3))) + runs("quick", [1, 1.1, 1.2])
        let quick = try row(few, "quick")
        #expect(quick.verdict == .cannotTell)
        #expect(abs(try #require(quick.smallestP) - 0.1) < 1e-12 && quick.test == "rank-sum")
        let none = runs("dense-server", base) + runs("nothing", [])
        #expect(VariantComparison(none, noise: 0.05).rows.count == 1)
    }

    @Test("pairs are tested where enough seeds are shared, all runs otherwise")
    func tests() throws {
        let faster = base.map { $0 - 1 }
        let shared = runs("dense-server", base) + runs("quick", faster)
        let paired = try row(shared, "quick")
        #expect(paired.test == "signed-rank" && paired.p == 2 / 256)
        let others = runs("quick", faster).map { row in
            var row = row
            row.seed += 100
            return row
        }
        #expect(try row(runs("dense-server", base) + others, "quick").test == "rank-sum")
        let five =
            runs("dense-server", Array(base.prefix(5))) + runs("quick", Array(faster.prefix(5)))
        #expect(try row(five, "quick").test == "rank-sum")
    }

    @Test("Holm's correction is over the table: the same runs among more variants have a larger p")
    func holm() throws {
        let rows = runs("dense-server", base) + runs("quick", base.map { $0 - 1 })
        let alone = try row(rows, "quick")
        let more = ["a", "bb", "ccc"].flatMap { runs($0, base.reversed()) }
        let among = try row(rows + more, "quick")
        #expect(alone.p == alone.adjustedP)
        let (p, adjusted) = (try #require(among.p), try #require(among.adjustedP))
        #expect(abs(adjusted - 4 * p) < 1e-12)
    }

    @Test("unequal samples per step are compared per sample")
    func samples() throws {
        let half = runs("half", base).map { row in
            var row = row
            row.batch = 16
            return row
        }
        #expect(try row(runs("dense-server", base) + half, "half").speedup == 0.5)
    }

    @Test("nothing is told across contexts, and runs that asked for something else are left out")
    func apart() throws {
        let other = runs("quick", base.map { $0 / 2 }, context: "other")
        let quick = try row(runs("dense-server", base) + other, "quick")
        #expect(quick.verdict == .cannotTell && quick.speedup == 2)
        var changed = runs("quick", base.map { $0 / 2 })
        changed[0].caseHash = "older"
        let comparison = VariantComparison(runs("dense-server", base) + changed, noise: 0.05)
        #expect(comparison.strangers.map(\.run) == [changed[0].run])
        #expect(comparison.rows.last?.runs == 7)
    }

    @Test("equal runs are called different in few of many tables of noise")
    func falseAlarms() {
        var generator = SeededGenerator(seed: 5)
        var alarms = 0
        for _ in 0..<200 {
            func noise() -> [Double] {
                base.map { _ in 20 + Double(generator.next() % 1_000) / 1_000 }
            }
            let rows = ["dense-server", "a", "bb", "ccc"].flatMap { runs($0, noise()) }
            let verdicts = VariantComparison(rows, noise: 0.05).rows.compactMap(\.verdict)
            if verdicts.contains(where: { $0 == .faster || $0 == .slower }) { alarms += 1 }
        }
        #expect(alarms <= 16, "\(alarms) of 200")
    }

    @Test("every format has the verdict, and a table fits its terminal")
    func formats() throws {
        let rows = runs("dense-server", base) + runs("quick", base.map { $0 / 2 })
        let comparison = VariantComparison(rows, noise: 0.05)
        func text(_ format: OutputFormat, width: Int? = nil) throws -> String {
            try VariantTable.render(
                comparison, format: format, width: width, choice: ColumnChoice())
        }
        for format in OutputFormat.allCases {
            #expect(try text(format).contains("faster"), "\(format)")
        }
        for width in [100, 120, 160] {
            let table = try text(.table, width: width).components(separatedBy: "\n\n")[1]
            #expect(table.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width)")
        }
        let json = try JSONSerialization.jsonObject(with: Data(try text(.json).utf8))
        let objects = try #require(json as? [[String: Any]])
        let first = try #require(objects.first)
        #expect(first["verdict"] is NSNull && objects.last?["verdict"] as? String == "faster")
        let chosen = try VariantTable.render(
            comparison, format: .csv, width: nil,
            choice: ColumnChoice(columns: ["variant", "verdict"], order: ["-speedup"], limit: 1))
        #expect(chosen == "variant,verdict\r\nquick,faster\r\n")
    }
}
