public import ArgumentParser
import Foundation
public import NeuralNetwork
import Sketching

/// `peerless bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Micro-benchmarks; every time is a median.",
        subcommands: [
            SketchBench.self, TopKBench.self, ComputeBench.self, CollectiveBench.self,
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

/// `peerless bench sketch`.
struct SketchBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sketch", abstract: "Encode and estimate against memcpy and the textbook.")

    @OptionGroup var arguments: BenchArguments
    @Option(help: "Coordinates.") var coordinates: [Int] = [1_000_000, 10_000_000]
    @Option(help: "Rows.") var rows: [Int] = [3, 5]
    @Option(help: "Columns.") var columns: [Int] = [8_192, 131_072]

    func run() throws {
        let results = SketchBenchmark.run(
            coordinates: coordinates, rows: rows, columns: columns,
            repetitions: arguments.repetitions)
        try arguments.show(results) { row in
            String(
                format: "d %9d  r %d  c %7d  encode %7.2f ms (%4.1f x memcpy, 1/%.1f textbook)  "
                    + "estimate %7.2f ms (%4.1f x memcpy, 1/%.1f textbook)", row.coordinates,
                row.rows, row.columns, row.encodeMilliseconds,
                row.encodeMilliseconds / row.memcpyMilliseconds,
                row.textbookEncodeMilliseconds / row.encodeMilliseconds, row.estimateMilliseconds,
                row.estimateMilliseconds / row.memcpyMilliseconds,
                row.textbookEstimateMilliseconds / row.estimateMilliseconds)
        }
    }
}

/// `peerless bench topk`.
struct TopKBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topk", abstract: "Exact selection of the largest 1 % against memcpy.")

    @OptionGroup var arguments: BenchArguments
    @Option(help: "Coordinates.") var coordinates: [Int] = [1_000_000, 10_000_000]

    func run() throws {
        let results = SelectionBenchmark.run(
            coordinates: coordinates, repetitions: arguments.repetitions)
        try arguments.show(results) { row in
            String(
                format: "d %9d  k %7d  select %7.2f ms (%4.1f x memcpy)", row.coordinates, row.k,
                row.selectMilliseconds, row.selectMilliseconds / row.memcpyMilliseconds)
        }
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
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads: found \(threads); allowed: 1 to 256")
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
