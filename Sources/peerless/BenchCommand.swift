public import ArgumentParser
import Foundation
public import NeuralNetwork

/// `peerless bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Micro-benchmarks; every time is a median.",
        subcommands: [
            SketchBench.self, TopKBench.self, ComputeBench.self, CollectiveBench.self,
            StoreBench.self,
            CollectiveMemberCommand.self,
        ])
}

/// What every benchmark takes.
struct BenchArguments: ParsableArguments {
    @Option(help: "Repetitions after a warm-up.")
    var repetitions: Int = 5

    @Flag(help: "Print an array of objects.")
    var json = false

    func validate() throws {
        guard repetitions >= 1 else {
            throw ValidationError("--repetitions: found \(repetitions); allowed: 1 and more")
        }
    }

    /// Prints rows as JSON or one line each.
    func show<Row: Encodable>(_ rows: [Row], _ line: (Row) -> String) throws {
        guard json else { return rows.forEach { print(line($0)) } }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(rows), as: UTF8.self))
    }
}

/// `peerless bench compute`.
struct ComputeBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compute", abstract: "Forward, backward and update of every model.")

    @OptionGroup var arguments: BenchArguments
    @Option(help: "Models; all when none is named.") var models: [Architecture] = []
    @Option(help: "Samples per step.") var batch: [Int] = [32, 64]
    @Option(help: "Threads that share a step.") var threads: Int = 1
    @Option(
        help: "What computes convolutions: onednn or blas; what suits the processor if left out.")
    var engine: Engine = .preferred

    func validate() throws {
        guard batch.allSatisfy({ (1...65_536).contains($0) }) else {
            throw ValidationError("--batch: found \(batch); allowed: 1 to 65536")
        }
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads: found \(threads); allowed: 1 to 64")
        }
    }

    func run() throws {
        let results = try ComputeBenchmark.run(
            models: models.isEmpty ? Architecture.allCases : models, batches: batch,
            engine: engine, threads: threads, repetitions: arguments.repetitions)
        if !arguments.json { print("engine \(engine.summary), threads \(threads)") }
        try arguments.show(results) { row in
            let name = row.model.padding(toLength: 10, withPad: " ", startingAt: 0)
            return String(
                format: "\(name) batch %3d  %7d parameters  %8.2f ms  peak %d MiB", row.batch,
                row.parameters, row.stepMilliseconds, row.peakMemoryBytes >> 20)
        }
    }
}

extension Architecture: ExpressibleByArgument {}
extension Engine: ExpressibleByArgument {}
