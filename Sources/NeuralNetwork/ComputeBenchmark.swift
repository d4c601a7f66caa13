import Foundation

/// Measures whole training steps.
public enum ComputeBenchmark {
    /// One model's and batch's median.
    public struct Row: Codable, Sendable {
        public var model: String
        public var engine: String
        public var batch: Int
        public var threads: Int
        public var parameters: Int
        public var stepMilliseconds: Double
        public var peakMemoryBytes: Int
    }

    /// Forward, backward and momentum update on random 28x28 images of ten classes.
    ///
    /// - Throws: `ModelError` when the engine lacks an operation.
    public static func run(
        models: [Architecture], batches: [Int], engine: Engine = .preferred, threads: Int = 1,
        repetitions: Int
    ) throws(ModelError) -> [Row] {
        var rows: [Row] = []
        for model in models {
            for batch in batches {
                rows.append(try measure(model, batch, engine, threads, repetitions))
            }
        }
        return rows
    }

    private static func measure(
        _ architecture: Architecture, _ batch: Int, _ engine: Engine, _ threads: Int,
        _ repetitions: Int
    ) throws(ModelError) -> Row {
        let peak = PeakMemory()
        let shape = InputShape(channels: 1, height: 28, width: 28)
        let model = try Model(
            architecture, input: shape, classes: 10, maximumBatch: batch, seed: 1, engine: engine,
            threads: threads)
        var generator = ParameterGenerator(state: 2)
        let images = (0..<(batch * shape.count)).map { _ in
            Float.random(in: -1...1, using: &generator)
        }
        let labels = (0..<batch).map { UInt8($0 % 10) }
        let velocity = Scratch(model.parameterCount)
        let clock = ContinuousClock()
        var times: [Double] = []
        for _ in 0..<(warmups + max(1, repetitions)) {
            let time = clock.measure { step(model, images, labels, velocity) }
            times.append(time / .milliseconds(1))
        }
        let counted = times.dropFirst(warmups).sorted()
        return Row(
            model: architecture.rawValue, engine: engine.rawValue, batch: batch, threads: threads,
            parameters: model.parameterCount,
            stepMilliseconds: (counted[(counted.count - 1) / 2] + counted[counted.count / 2]) / 2,
            peakMemoryBytes: peak.bytes)
    }

    private static let warmups = 2

    private static func step(
        _ model: Model, _ images: [Float], _ labels: [UInt8], _ velocity: Scratch
    ) {
        _ = images.withUnsafeBufferPointer { pixels in
            labels.withUnsafeBufferPointer {
                model.computeGradients(images: pixels, labels: $0, count: labels.count)
            }
        }
        momentumStep(
            parameters: model.parameters, update: UnsafeBufferPointer(model.gradients),
            velocity: UnsafeMutableBufferPointer(start: velocity.floats, count: velocity.count),
            learningRate: 1e-4, momentum: 0.9, nesterov: false)
    }
}

/// The most memory that this process held since the value was made. Where the kernel does not let
/// a process forget its peak, since the process began.
private struct PeakMemory {
    init() {
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    }

    var bytes: Int {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let words = line?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 1 ? (Int(words[1]) ?? 0) << 10 : 0
    }
}
