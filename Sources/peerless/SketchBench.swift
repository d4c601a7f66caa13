import ArgumentParser
import Foundation
import Kernels
import Sketching

/// What the benchmarks of sketching and selection share.
struct KernelArguments: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "Coordinates.")
    var coordinates: [Int] = [1_000_000, 10_000_000, 25_000_000]

    @Option(parsing: .upToNextOption, help: "Threads (default: one, and all cores).")
    var threads: [Int] = []

    @Option(help: "Kernel (default: the best that this processor can run).")
    var kernel: String?

    func validate() throws {
        for (name, values) in [("coordinates", coordinates), ("threads", threads)] {
            try check("--\(name)", values, 1...1_000_000_000)
        }
        _ = try chosenKernel
    }

    /// One thread, and all cores, if nothing else is asked for.
    var threadCounts: [Int] {
        guard threads.isEmpty else { return threads }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return cores > 1 ? [1, cores] : [1]
    }

    /// The kernel that was asked for.
    var chosenKernel: Kernel {
        get throws {
            guard let kernel else { return .best }
            guard let found = Kernel.supported.first(where: { $0.name == kernel }) else {
                let names = Kernel.supported.map(\.name).joined(separator: ", ")
                throw ValidationError("--kernel: found \(kernel); allowed here: \(names)")
            }
            return found
        }
    }
}

private func check(_ name: String, _ values: [Int], _ allowed: ClosedRange<Int>) throws {
    for value in values where !allowed.contains(value) {
        let bounds = "\(allowed.lowerBound) to \(allowed.upperBound)"
        throw ValidationError("\(name): found \(value); allowed: \(bounds)")
    }
}

/// `peerless bench sketch`.
struct SketchBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sketch",
        abstract: "Encode and estimate against memcpy and the textbook, which is measured once.")

    @OptionGroup var arguments: BenchArguments
    @OptionGroup var options: KernelArguments
    @Option(parsing: .upToNextOption, help: "Rows.") var rows: [Int] = [3, 5]
    @Option(parsing: .upToNextOption, help: "Columns.")
    var columns: [Int] = [1 << 13, 1 << 15, 1 << 17, 1 << 18, 1 << 20]

    func validate() throws {
        try check("--rows", rows, 1...64)
        try check("--columns", columns, 16...1 << 28)
    }

    func run() throws {
        let grid = SketchBenchmark.Grid(
            coordinates: options.coordinates, rows: rows, columns: columns,
            threads: options.threadCounts)
        let results = SketchBenchmark.run(
            grid, kernel: try options.chosenKernel, repetitions: arguments.repetitions)
        if !arguments.json {
            print(
                "kernel \(try options.chosenKernel.name); m: times of memcpy; 1/t: textbook's share"
            )
            print(
                "        d  r       c  threads   encode ms     m  1/t  estimate ms     m  1/t  memcpy ms"
            )
        }
        try arguments.show(results) { row in
            String(
                format: "%9d %2d %7d  %7d  %10.2f %5.1f %4.0f  %11.2f %5.1f %4.0f  %9.2f",
                row.coordinates, row.rows, row.columns, row.threads, row.encodeMilliseconds,
                row.encodeMilliseconds / row.memcpyMilliseconds,
                row.textbookEncodeMilliseconds / row.encodeMilliseconds, row.estimateMilliseconds,
                row.estimateMilliseconds / row.memcpyMilliseconds,
                row.textbookEstimateMilliseconds / row.estimateMilliseconds,
                row.memcpyMilliseconds)
        }
    }
}

/// `peerless bench topk`.
struct TopKBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topk", abstract: "Exact selection of the largest 1 % and 4 % against memcpy.")

    @OptionGroup var arguments: BenchArguments
    @OptionGroup var options: KernelArguments
    @Option(parsing: .upToNextOption, help: "k in percent of the coordinates.")
    var percent: [Int] = [1, 4]

    func validate() throws {
        try check("--percent", percent, 1...100)
    }

    func run() throws {
        let results = SelectionBenchmark.run(
            coordinates: options.coordinates, percent: percent, threads: options.threadCounts,
            kernel: try options.chosenKernel, repetitions: arguments.repetitions)
        if !arguments.json {
            print("kernel \(try options.chosenKernel.name); m: times of memcpy")
            print("        d        k  threads   select ms     m  memcpy ms")
        }
        try arguments.show(results) { row in
            String(
                format: "%9d %8d  %7d  %10.2f %5.1f  %9.2f", row.coordinates, row.k, row.threads,
                row.selectMilliseconds, row.selectMilliseconds / row.memcpyMilliseconds,
                row.memcpyMilliseconds)
        }
    }
}
