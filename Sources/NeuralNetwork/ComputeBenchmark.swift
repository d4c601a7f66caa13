import Glibc

/// Measures whole training steps on one thread.
public enum ComputeBenchmark {
    /// One model's and batch's median.
    public struct Row: Codable, Sendable {
        public var model: String
        public var batch: Int
        public var threads: Int
        public var parameters: Int
        public var stepMilliseconds: Double
        public var peakMemoryBytes: Int
    }

    /// Forward, backward and momentum update on random 28x28 images of ten classes.
    public static func run(
        models: [Architecture], batches: [Int], repetitions: Int
    ) throws(ModelError) -> [Row] {
        var rows: [Row] = []
        for model in models {
            for batch in batches { rows.append(try measure(model, batch, repetitions)) }
        }
        return rows
    }

    private static func measure(
        _ architecture: Architecture, _ batch: Int, _ repetitions: Int
    ) throws(ModelError) -> Row {
        let shape = InputShape(channels: 1, height: 28, width: 28)
        let model = try Model(
            architecture, input: shape, classes: 10, maximumBatch: batch, seed: 1)
        var generator = ParameterGenerator(state: 2)
        let images = (0..<(batch * shape.count)).map { _ in
            Float.random(in: -1...1, using: &generator)
        }
        let labels = (0..<batch).map { UInt8($0 % 10) }
        let velocity = Scratch(model.parameterCount)
        let clock = ContinuousClock()
        var times: [Double] = []
        for _ in 0...max(1, repetitions) {
            let time = clock.measure {
                _ = images.withUnsafeBufferPointer { pixels in
                    labels.withUnsafeBufferPointer {
                        model.computeGradients(images: pixels, labels: $0, count: batch)
                    }
                }
                momentumStep(
                    parameters: model.parameters, update: UnsafeBufferPointer(model.gradients),
                    velocity: UnsafeMutableBufferPointer(
                        start: velocity.floats, count: velocity.count), learningRate: 1e-4,
                    momentum: 0.9, nesterov: false)
            }
            times.append(time / .milliseconds(1))
        }
        let counted = times.dropFirst().sorted()
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Row(
            model: architecture.rawValue, batch: batch, threads: 1,
            parameters: model.parameterCount,
            stepMilliseconds: (counted[(counted.count - 1) / 2] + counted[counted.count / 2]) / 2,
            peakMemoryBytes: usage.ru_maxrss * 1024)
    }
}
