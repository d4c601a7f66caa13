import Sketching
import Testing

/// Both sketches behind one face, so that every property is asked of both.
enum Kind: CaseIterable {
    case block, textbook

    func encode(_ values: [Float], _ shape: SketchShape, seed: UInt64) -> [Float] {
        var table = [Float](repeating: -1, count: shape.cells)
        values.withUnsafeBufferPointer { values in
            table.withUnsafeMutableBufferPointer { table in
                switch self {
                case .block:
                    BlockCountSketch(shape: shape).encode(values, seed: seed, into: table)
                case .textbook:
                    TextbookCountSketch(shape: shape).encode(values, seed: seed, into: table)
                }
            }
        }
        return table
    }

    func estimate(_ table: [Float], _ shape: SketchShape, seed: UInt64, count: Int) -> [Float] {
        var estimates = [Float](repeating: .nan, count: count)
        table.withUnsafeBufferPointer { table in
            estimates.withUnsafeMutableBufferPointer { estimates in
                switch self {
                case .block:
                    BlockCountSketch(shape: shape).estimate(table, seed: seed, into: estimates)
                case .textbook:
                    TextbookCountSketch(shape: shape).estimate(table, seed: seed, into: estimates)
                }
            }
        }
        return estimates
    }

    func recover(_ values: [Float], _ shape: SketchShape, seed: UInt64) -> [Float] {
        estimate(encode(values, shape, seed: seed), shape, seed: seed, count: values.count)
    }
}

struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Nearly normal: the sum of twelve uniform numbers less six.
    mutating func normal() -> Float {
        (0..<12).reduce(Float(-6)) { sum, _ in sum + Float.random(in: 0..<1, using: &self) }
    }
}

func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}

@Suite("Count sketches")
struct SketchTests {
    private func integers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = Generator(state: seed)
        return (0..<count).map { _ in Float(Int.random(in: -50...50, using: &generator)) }
    }

    @Test(
        "the sketch of a sum is the sum of the sketches, exactly on integers",
        arguments: Kind.allCases, [16, 17, 1000])
    func linearity(kind: Kind, columns: Int) {
        let shape = SketchShape(rows: 3, columns: columns)
        for count in [0, 1, 15, 16, 17, 250] {
            let (a, b) = (integers(count, seed: 1), integers(count, seed: 2))
            let sum = zip(a, b).map { $0 + 4 * $1 }
            let (tableA, tableB) = (
                kind.encode(a, shape, seed: 9), kind.encode(b, shape, seed: 9)
            )
            #expect(kind.encode(sum, shape, seed: 9) == zip(tableA, tableB).map { $0 + 4 * $1 })
        }
    }

    @Test(
        "mass lands in every row: each coordinate is in exactly one cell", arguments: Kind.allCases)
    func oneCellPerRow(kind: Kind) {
        let shape = SketchShape(rows: 4, columns: 100)
        for index in [0, 15, 16, 31, 99] {
            var values = [Float](repeating: 0, count: 100)
            values[index] = 3
            let table = kind.encode(values, shape, seed: 5)
            for row in 0..<4 {
                let cells = table[(row * 100)..<(row * 100 + 100)]
                #expect(cells.filter { $0 != 0 }.map(abs) == [3])
            }
        }
    }

    @Test("one row estimates without bias and within the variance bound", arguments: Kind.allCases)
    func unbiased(kind: Kind) {
        let shape = SketchShape(rows: 1, columns: 32)
        let values = integers(200, seed: 3)
        let trials = 4_000
        let bound = norm(values) * norm(values) / 32
        for index in [0, 7, 100, 199] {
            var (sum, squares) = (0.0, 0.0)
            for seed in 0..<UInt64(trials) {
                let table = kind.encode(values, shape, seed: SketchHash.seed(run: 77, step: seed))
                let estimate = kind.estimate(
                    table, shape, seed: SketchHash.seed(run: 77, step: seed), count: 200)[index]
                let error = Double(estimate - values[index])
                sum += error
                squares += error * error
            }
            let variance = squares / Double(trials)
            let standardError = (variance / Double(trials)).squareRoot()
            #expect(abs(sum / Double(trials)) < 4 * standardError, "\(kind) coordinate \(index)")
            #expect(variance < 1.1 * bound, "\(kind) coordinate \(index)")
        }
    }

    @Test(
        "errors have the constants of the cost reference on normal input",
        arguments: Kind.allCases, [(1, 1.0), (3, 0.67), (5, 0.536), (7, 0.459)])
    func constants(kind: Kind, expected: (rows: Int, constant: Double)) {
        let shape = SketchShape(rows: expected.rows, columns: 2_048)
        var generator = Generator(state: 11)
        let values = (0..<200_000).map { _ in generator.normal() }
        let estimates = kind.recover(values, shape, seed: 4)
        let error = norm(zip(estimates, values).map { $0 - $1 })
        let rms = error / Double(values.count).squareRoot()
        let constant = rms * Double(shape.columns).squareRoot() / norm(values)
        #expect(abs(constant / expected.constant - 1) < 0.03, "\(kind) \(constant)")
    }

    @Test("both sketches find the same share of heavy coordinates")
    func recall() {
        var generator = Generator(state: 13)
        let values = (0..<40_000).map { _ in
            let spread = Float.random(in: 0.02..<1, using: &generator)
            return generator.normal() / (spread * spread)
        }
        let shape = SketchShape(rows: 5, columns: 4_096)
        func share(_ kind: Kind) -> Double {
            let heavy = Set(top(values, 400))
            let shares = (0..<6).map { seed in
                Double(
                    heavy.intersection(top(kind.recover(values, shape, seed: seed), 1_600)).count)
            }
            return shares.reduce(0, +) / 6 / 400
        }
        let (block, textbook) = (share(.block), share(.textbook))
        #expect(abs(block - textbook) < 0.04, "block \(block), textbook \(textbook)")
        #expect(block > 0.5)
    }

    @Test("coordinates of one block never meet, of different blocks about once in c")
    func collisions() {
        let shape = SketchShape(rows: 1, columns: 64)
        func meet(_ a: Int, _ b: Int) -> Int {
            (0..<4_000).count { seed in
                var values = [Float](repeating: 0, count: 64)
                (values[a], values[b]) = (1, 1)
                let table = Kind.block.encode(values, shape, seed: UInt64(seed))
                return table.filter { $0 != 0 }.count != 2
            }
        }
        #expect(meet(0, 15) == 0)
        #expect(meet(17, 30) == 0)
        for pair in [(0, 16), (15, 16), (3, 60)] {
            let expected = 4_000.0 / 64
            let found = Double(meet(pair.0, pair.1))
            #expect(abs(found - expected) < 5 * expected.squareRoot(), "\(pair): \(found)")
        }
    }

    @Test("the median is that of the rows' own estimates, for any number of rows", arguments: 1...8)
    func medians(rows: Int) {
        let shape = SketchShape(rows: rows, columns: 50)
        var generator = Generator(state: 21)
        let values = (0..<200).map { _ in generator.normal() }
        // The hash of a coordinate is read off the sketch of that coordinate alone.
        let table = Kind.block.encode(values, shape, seed: 6)
        let estimates = Kind.block.estimate(table, shape, seed: 6, count: 200)
        for index in [0, 1, 17, 100, 199] {
            var unit = [Float](repeating: 0, count: 200)
            unit[index] = 1
            let probe = Kind.block.encode(unit, shape, seed: 6)
            let byRow = (0..<rows).map { row in
                (0..<50).reduce(Float(0)) { $0 + probe[row * 50 + $1] * table[row * 50 + $1] }
            }.sorted()
            #expect(estimates[index] == (byRow[(rows - 1) / 2] + byRow[rows / 2]) / 2)
        }
    }

    @Test("the norm comes out of the table")
    func normEstimate() {
        var generator = Generator(state: 17)
        let values = (0..<50_000).map { _ in generator.normal() }
        let shape = SketchShape(rows: 5, columns: 4_096)
        let table = Kind.block.encode(values, shape, seed: 1)
        let estimate = table.withUnsafeBufferPointer { BlockCountSketch.norm($0, shape: shape) }
        #expect(abs(Double(estimate) / norm(values) - 1) < 0.08)
    }
}

/// Indices of the k largest magnitudes by sorting.
func top(_ values: [Float], _ k: Int) -> [Int] {
    Array(
        values.indices.sorted {
            (abs(values[$0]), -$0) > (abs(values[$1]), -$1)
        }.prefix(k))
}

@Suite("TopKSelector")
struct TopKSelectorTests {
    private func select(_ values: [Float], _ k: Int) -> [Int] {
        var indices = [UInt32](repeating: .max, count: k)
        values.withUnsafeBufferPointer { values in
            indices.withUnsafeMutableBufferPointer {
                _ = TopKSelector(capacity: values.count).select(values, k: k, into: $0)
            }
        }
        return indices.map(Int.init)
    }

    @Test("it equals sorting, with ties to the lower index", arguments: [UInt64(1), 2, 3])
    func equalsSorting(seed: UInt64) {
        var generator = Generator(state: seed)
        let inputs: [[Float]] = [
            (0..<300).map { _ in generator.normal() },
            (0..<300).map { _ in Float(Int.random(in: -3...3, using: &generator)) },
            Array(repeating: 0, count: 40), Array(repeating: -1.5, count: 40),
            [0, -0.0, .leastNonzeroMagnitude, 1e-38, -1e38, .greatestFiniteMagnitude],
        ]
        for values in inputs {
            for k in Set([1, 2, values.count / 3, values.count - 1, values.count]) {
                #expect(select(values, k) == top(values, k).sorted(), "k \(k), seed \(seed)")
            }
        }
    }
}

@Suite("Checksum")
struct ChecksumTests {
    private func checksum(_ values: [Float]) -> UInt64 {
        values.withUnsafeBufferPointer { Checksum.of($0) }
    }

    @Test("any flipped bit and any swap changes it", arguments: [1, 15, 16, 17, 40])
    func sensitive(count: Int) {
        let values = (0..<count).map { Float($0) + 0.5 }
        let expected = checksum(values)
        for index in 0..<count {
            for bit in 0..<32 {
                var changed = values
                changed[index] = Float(bitPattern: changed[index].bitPattern ^ 1 << bit)
                #expect(checksum(changed) != expected)
            }
            var swapped = values
            swapped.swapAt(index, 0)
            if index > 0 { #expect(checksum(swapped) != expected) }
        }
    }

    @Test("one value that is not finite is found wherever it is")
    func finite() {
        for count in [1, 16, 33] {
            let fine = [Float](repeating: .greatestFiniteMagnitude, count: count)
            #expect(fine.withUnsafeBufferPointer { allFinite($0) })
            for index in 0..<count {
                for bad in [Float.nan, .infinity, -.infinity] {
                    var values = fine
                    values[index] = bad
                    #expect(!values.withUnsafeBufferPointer { allFinite($0) })
                }
            }
        }
    }
}

@Suite("Benchmarks of sketching")
struct SketchBenchmarkTests {
    @Test("they run at a tiny size, so that none rots")
    func tiny() {
        let grid = SketchBenchmark.Grid(
            coordinates: [1_000], rows: [3], columns: [64], threads: [1, 2])
        let rows = SketchBenchmark.run(grid, repetitions: 1)
        #expect(rows.map(\.threads) == [1, 2] && rows[0].encodeMilliseconds > 0)
        let selection = SelectionBenchmark.run(
            coordinates: [1_000], percent: [1, 4], threads: [1], repetitions: 1)
        #expect(selection.map(\.k) == [10, 40])
    }
}
