import ArgumentParser
import Experiment

/// A link's speed on the command line, as experiment files write it.
struct Bandwidth: ExpressibleByArgument {
    var bitsPerSecond: Double

    init?(argument: String) {
        guard let value = Units.bitsPerSecond(argument), (1e3...1e15).contains(value) else {
            return nil
        }
        bitsPerSecond = value
    }
}

/// A link's latency on the command line, as experiment files write it.
struct Latency: ExpressibleByArgument {
    var seconds: Double

    init?(argument: String) {
        guard let value = Units.seconds(argument), (0...10).contains(value) else { return nil }
        seconds = value
    }
}
