public import Kernels

/// Measures the block sketch beside memcpy and the textbook sketch.
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

    /// What is measured: every combination.
    public struct Grid: Sendable {
        public var coordinates: [Int]
        public var rows: [Int]
        public var columns: [Int]
        public var threads: [Int]

        /// A grid.
        public init(coordinates: [Int], rows: [Int], columns: [Int], threads: [Int]) {
            self.coordinates = coordinates
            self.rows = rows
            self.columns = columns
            self.threads = threads
        }
    }

    /// Medians of so many repetitions after a warm-up; the textbook, which has one thread, is
    /// measured once for each shape.
    public static func run(_ grid: Grid, kernel: Kernel = .best, repetitions: Int) -> [Row] {
        grid.coordinates.flatMap { count in
            let memory = BenchmarkMemory(count)
            return grid.rows.flatMap { rows in
                grid.columns.flatMap { columns in
                    measure(
                        memory, SketchShape(rows: rows, columns: columns), grid.threads, kernel,
                        repetitions)
                }
            }
        }
    }

    private static func measure(
        _ memory: BenchmarkMemory, _ shape: SketchShape, _ threads: [Int], _ kernel: Kernel,
        _ repetitions: Int
    ) -> [Row] {
        let table = AlignedFloats(count: shape.cells)
        let source = memory.source
        let cells = UnsafeBufferPointer(table.floats)
        let textbook = TextbookCountSketch(shape: shape)

        let textbookEncode = medianMilliseconds(1, warmUp: false) {
            textbook.encode(source, seed: 1, into: table.floats)
        }
        let textbookEstimate = medianMilliseconds(1, warmUp: false) {
            textbook.estimate(cells, seed: 1, into: memory.target)
        }
        return threads.map { threads in
            let block = BlockCountSketch(shape: shape, kernel: kernel, threads: threads)
            return Row(
                kernel: kernel.name, coordinates: source.count, rows: shape.rows,
                columns: shape.columns, threads: threads,
                encodeMilliseconds: medianMilliseconds(repetitions) {
                    block.encode(source, seed: 1, into: table.floats)
                },
                estimateMilliseconds: medianMilliseconds(repetitions) {
                    block.estimate(cells, seed: 1, into: memory.target)
                },
                memcpyMilliseconds: memory.copyMilliseconds(repetitions),
                textbookEncodeMilliseconds: textbookEncode,
                textbookEstimateMilliseconds: textbookEstimate)
        }
    }
}

/// Measures exact selection.
public enum SelectionBenchmark {
    /// One length's medians.
    public struct Row: Codable, Sendable {
        public var kernel: String
        public var coordinates: Int
        public var k: Int
        public var threads: Int
        public var selectMilliseconds: Double
        public var memcpyMilliseconds: Double
    }

    /// Every length, share of it in percent, and number of threads.
    public static func run(
        coordinates: [Int], percent: [Int], threads: [Int], kernel: Kernel = .best,
        repetitions: Int
    ) -> [Row] {
        coordinates.flatMap { count in
            let memory = BenchmarkMemory(count)
            let indices = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: count)
            defer { indices.deallocate() }
            return percent.flatMap { percent in
                threads.map { threads in
                    let k = max(1, count * percent / 100)
                    let selector = TopKSelector(capacity: count, kernel: kernel, threads: threads)
                    return Row(
                        kernel: kernel.name, coordinates: count, k: k, threads: threads,
                        selectMilliseconds: medianMilliseconds(repetitions) {
                            _ = selector.select(memory.source, k: k, into: indices)
                        },
                        memcpyMilliseconds: memory.copyMilliseconds(repetitions))
                }
            }
        }
    }
}

/// A gradient and as much memory beside it.
private final class BenchmarkMemory {
    private let values: AlignedFloats
    private let room: AlignedFloats

    /// Bell-shaped values from sums of hashes.
    init(_ count: Int) {
        values = AlignedFloats(count: count)
        room = AlignedFloats(count: count)
        for index in 0..<count {
            let hash = SketchHash.of(index, rowSeed: 7)
            let low = Float(hash & 0xFFFF) + Float(hash >> 16 & 0xFFFF)
            let high = Float(hash >> 32 & 0xFFFF) + Float(hash >> 48)
            values.floats[index] = (low + high) / 65_536 - 2
        }
    }

    var source: UnsafeBufferPointer<Float> { UnsafeBufferPointer(values.floats) }
    var target: UnsafeMutableBufferPointer<Float> { room.floats }

    /// Copying the gradient, memory to memory that has been touched before.
    func copyMilliseconds(_ repetitions: Int) -> Double {
        medianMilliseconds(repetitions) {
            UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(source))
        }
    }
}

/// Median of `repetitions` runs after one that is not counted.
private func medianMilliseconds(
    _ repetitions: Int, warmUp: Bool = true, _ body: () -> Void
) -> Double {
    if warmUp { body() }
    let clock = ContinuousClock()
    let times = (0..<max(1, repetitions)).map { _ in
        clock.measure(body) / .milliseconds(1)
    }.sorted()
    return (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
}
