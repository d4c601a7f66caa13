/// Measures the block sketch beside memcpy and the textbook sketch, on one thread.
public enum SketchBenchmark {
    /// One shape's medians.
    public struct Row: Codable, Sendable {
        public var kernel: String
        public var coordinates: Int
        public var rows: Int
        public var columns: Int
        public var threads: Int
        public var encodeMilliseconds: Double
        public var estimateMilliseconds: Double
        public var memcpyMilliseconds: Double
        public var textbookEncodeMilliseconds: Double
        public var textbookEstimateMilliseconds: Double
    }

    /// Every combination, medians of so many repetitions after a warm-up.
    public static func run(
        coordinates: [Int], rows: [Int], columns: [Int], repetitions: Int
    ) -> [Row] {
        coordinates.flatMap { count in
            rows.flatMap { rows in
                columns.map { measure(count, SketchShape(rows: rows, columns: $0), repetitions) }
            }
        }
    }

    private static func measure(_ count: Int, _ shape: SketchShape, _ repetitions: Int) -> Row {
        let values = BenchmarkBuffer(count)
        let target = BenchmarkBuffer(count)
        let table = BenchmarkBuffer(shape.cells)
        values.fill()
        let block = BlockCountSketch(shape: shape)
        let textbook = TextbookCountSketch(shape: shape)
        let source = UnsafeBufferPointer(values.floats)
        let cells = UnsafeBufferPointer(table.floats)
        return Row(
            kernel: "swift-simd16", coordinates: count, rows: shape.rows, columns: shape.columns,
            threads: 1,
            encodeMilliseconds: medianMilliseconds(repetitions) {
                block.encode(source, seed: 1, into: table.floats)
            },
            estimateMilliseconds: medianMilliseconds(repetitions) {
                block.estimate(cells, seed: 1, into: target.floats)
            },
            memcpyMilliseconds: medianMilliseconds(repetitions) {
                UnsafeMutableRawBufferPointer(target.floats).copyMemory(
                    from: UnsafeRawBufferPointer(source))
            },
            textbookEncodeMilliseconds: medianMilliseconds(repetitions) {
                textbook.encode(source, seed: 1, into: table.floats)
            },
            textbookEstimateMilliseconds: medianMilliseconds(repetitions) {
                textbook.estimate(cells, seed: 1, into: target.floats)
            })
    }
}

/// Measures exact selection of the largest 1 %.
public enum SelectionBenchmark {
    /// One length's medians.
    public struct Row: Codable, Sendable {
        public var coordinates: Int
        public var k: Int
        public var threads: Int
        public var selectMilliseconds: Double
        public var memcpyMilliseconds: Double
    }

    /// Every length.
    public static func run(coordinates: [Int], repetitions: Int) -> [Row] {
        coordinates.map { count in
            let values = BenchmarkBuffer(count)
            let target = BenchmarkBuffer(count)
            values.fill()
            let source = UnsafeBufferPointer(values.floats)
            let k = max(1, count / 100)
            let selector = TopKSelector(capacity: count)
            let indices = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: k)
            defer { indices.deallocate() }
            return Row(
                coordinates: count, k: k, threads: 1,
                selectMilliseconds: medianMilliseconds(repetitions) {
                    _ = selector.select(source, k: k, into: indices)
                },
                memcpyMilliseconds: medianMilliseconds(repetitions) {
                    UnsafeMutableRawBufferPointer(target.floats).copyMemory(
                        from: UnsafeRawBufferPointer(source))
                })
        }
    }
}

/// Floats of a benchmark.
private final class BenchmarkBuffer {
    let floats: UnsafeMutableBufferPointer<Float>

    init(_ count: Int) {
        floats = .allocate(capacity: count)
        floats.initialize(repeating: 0)
    }

    deinit {
        floats.deallocate()
    }

    /// Bell-shaped values from sums of hashes.
    func fill() {
        for index in floats.indices {
            let hash = SketchHash.of(index, rowSeed: 7)
            let parts = (0..<4).map { Float((hash >> ($0 * 16)) & 0xFFFF) }
            floats[index] = parts.reduce(0, +) / 65_536 - 2
        }
    }
}

/// Median of `repetitions` runs after one that is not counted.
private func medianMilliseconds(_ repetitions: Int, _ body: () -> Void) -> Double {
    body()
    let clock = ContinuousClock()
    let times = (0..<max(1, repetitions)).map { _ in
        clock.measure(body) / .milliseconds(1)
    }.sorted()
    return (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
}
