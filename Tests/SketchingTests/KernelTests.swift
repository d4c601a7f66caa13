import Kernels
import Sketching
import Testing

private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

/// Everything that a kernel and a number of threads do with these values.
private func work(
    _ values: [Float], _ shape: SketchShape, _ kernel: Kernel, threads: Int = 1
) -> (table: [UInt32], estimates: [UInt32]) {
    let sketch = BlockCountSketch(shape: shape, kernel: kernel, threads: threads)
    var table = [Float](repeating: -1, count: shape.cells)
    var estimates = [Float](repeating: 7, count: values.count + 1)
    values.withUnsafeBufferPointer { values in
        table.withUnsafeMutableBufferPointer { table in
            sketch.encode(values, seed: 3, into: table)
            estimates.withUnsafeMutableBufferPointer {
                sketch.estimate(
                    UnsafeBufferPointer(table), seed: 3,
                    into: UnsafeMutableBufferPointer(rebasing: $0.dropLast()))
            }
        }
    }
    #expect(estimates.removeLast() == 7, "wrote behind the end")
    return (bits(table), bits(estimates))
}

private func select(
    _ values: [Float], _ k: Int, _ kernel: Kernel, threads: Int = 1
) -> (indices: [UInt32], threshold: UInt32) {
    let selector = TopKSelector(capacity: values.count, kernel: kernel, threads: threads)
    var indices = [UInt32](repeating: .max, count: k + 1)
    let threshold = values.withUnsafeBufferPointer { values in
        indices.withUnsafeMutableBufferPointer { selector.select(values, k: k, into: $0) }
    }
    #expect(indices.removeLast() == .max, "wrote behind the end")
    return (indices, threshold.bitPattern)
}

@Suite("Kernels of sketching")
struct SketchKernelTests {
    private func normal(_ count: Int, seed: UInt64 = 1) -> [Float] {
        var generator = Generator(state: seed)
        return (0..<count).map { _ in generator.normal() }
    }

    @Test("every kernel gives the bits of the reference", arguments: Kernel.supported, 1...8)
    func bitIdentical(kernel: Kernel, rows: Int) {
        for columns in [16, 17, 31, 50, 1_000] {
            let shape = SketchShape(rows: rows, columns: columns)
            for count in [0, 1, 15, 16, 17, 127, 128, 129, 250, 1_024, 3_001] {
                let values = normal(count)
                let expected = work(values, shape, .reference)
                let found = work(values, shape, kernel)
                #expect(found.table == expected.table, "c \(columns), d \(count)")
                #expect(found.estimates == expected.estimates, "c \(columns), d \(count)")
            }
        }
    }

    @Test("every remainder of blocks and batches, and several slices", arguments: Kernel.supported)
    func remainders(kernel: Kernel) {
        let shape = SketchShape(rows: 3, columns: 100)
        for count in Array(240...400) + [16 * 2_048 - 1, 16 * 2_048 + 143, 70_001] {
            let values = normal(count)
            let expected = work(values, shape, .reference)
            let found = work(values, shape, kernel)
            #expect(found.table == expected.table, "d \(count)")
            #expect(found.estimates == expected.estimates, "d \(count)")
        }
    }

    @Test("signed zeros, infinities and NaN come through alike", arguments: Kernel.supported, 1...7)
    func special(kernel: Kernel, rows: Int) {
        let shape = SketchShape(rows: rows, columns: 4_096)
        let special: [Float] = [
            0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude,
        ]
        var values = [Float](repeating: 0, count: 640)
        for (index, value) in special.enumerated() { values[81 * index + 3] = value }
        let expected = work(values, shape, .reference)
        let found = work(values, shape, kernel)
        #expect(found.table == expected.table)
        #expect(found.estimates == expected.estimates)
    }

    @Test("rows of more than a megabyte give the same bits", arguments: Kernel.supported)
    func farRows(kernel: Kernel) {
        let shape = SketchShape(rows: 2, columns: 1 << 18 + 5)
        for count in [100, 20_000, 40_007] {
            let values = normal(count)
            let expected = work(values, shape, .reference)
            let found = work(values, shape, kernel)
            #expect(found.table == expected.table, "d \(count)")
            #expect(found.estimates == expected.estimates, "d \(count)")
        }
    }

    @Test("the number of threads changes no bit", arguments: [1, 2, 3, 8])
    func threads(threads: Int) {
        let shape = SketchShape(rows: 5, columns: 300)
        let values = normal(100_003)
        let expected = work(values, shape, .best)
        let found = work(values, shape, .best, threads: threads)
        #expect(found.table == expected.table)
        #expect(found.estimates == expected.estimates)
        for k in [1, 1_000, 30_000, values.count] {
            let selected = select(values, k, .best, threads: threads)
            #expect(selected == select(values, k, .best), "k \(k)")
        }
    }

    @Test("columns that 16 does not divide keep about the variance bound", arguments: [24, 31, 50])
    func oddColumns(columns: Int) {
        let shape = SketchShape(rows: 1, columns: columns)
        let values = normal(400)
        var squares = 0.0
        let trials = 400
        for seed in 0..<UInt64(trials) {
            let estimates = Kind.block.recover(values, shape, seed: seed)
            squares += zip(estimates, values).reduce(0) { sum, pair in
                sum + Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
            }
        }
        let variance = squares / Double(trials * values.count)
        #expect(variance < 1.2 * norm(values) * norm(values) / Double(columns))
    }
}

@Suite("Kernels of selection")
struct SelectionKernelTests {
    @Test("every kernel equals sorting", arguments: Kernel.supported, [1, 2])
    func equalsSorting(kernel: Kernel, threads: Int) {
        var generator = Generator(state: 4)
        for count in Array(1...70) + [300] {
            let values = (0..<count).map { _ in
                Bool.random(using: &generator)
                    ? generator.normal() : Float(Int.random(in: -2...2, using: &generator))
            }
            for k in Set([1, max(1, count / 3), count]) {
                let found = select(values, k, kernel, threads: threads)
                #expect(found.indices.map(Int.init) == top(values, k).sorted(), "d \(count) k \(k)")
            }
        }
    }

    @Test("long inputs, where a sample sets the bound", arguments: Kernel.supported)
    func sampled(kernel: Kernel) {
        var generator = Generator(state: 8)
        let values = (0..<70_003).map { _ in generator.normal() }
        for k in [1, 700, 2_800, 40_000] {
            let found = select(values, k, kernel)
            #expect(found.indices.map(Int.init) == top(values, k).sorted(), "k \(k)")
            let smallest = found.indices.map { abs(values[Int($0)]) }.min()
            #expect(smallest?.bitPattern == found.threshold)
        }
    }

    @Test("a sample that misleads costs time, not exactness", arguments: Kernel.supported)
    func misled(kernel: Kernel) {
        // The sample sees 16 of every 512 values.
        let sparse = (0..<70_000).map { $0 % 512 < 16 ? Float(0) : Float($0 % 97) }
        let dense = (0..<70_000).map { $0 % 512 < 16 ? Float($0 % 97) : Float(0) }
        let equal = [Float](repeating: -2, count: 70_000)
        for values in [sparse, dense, equal] {
            for k in [700, 3_000] {
                let found = select(values, k, kernel)
                #expect(found.indices.map(Int.init) == top(values, k).sorted(), "k \(k)")
            }
        }
    }

    @Test("NaN counts as larger than infinity", arguments: Kernel.supported)
    func notANumber(kernel: Kernel) {
        let values: [Float] = [1, .infinity, 3, .nan, -.infinity] + Array(repeating: 0, count: 40)
        #expect(select(values, 1, kernel).indices == [3])
        #expect(select(values, 3, kernel).indices == [1, 3, 4])
    }
}
