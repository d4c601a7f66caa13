import Advice
public import ArgumentParser
import Cluster
public import Experiment
import Foundation
import NeuralNetwork
import Reporting
import RunStore

extension ModelName: ExpressibleByArgument {}
extension DatasetName: ExpressibleByArgument {}

/// `peerless advise`: what to try first.
struct AdviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Rank methods and topologies for a model, a number of workers and a link.",
        discussion: """
            Measures for a few seconds what a step costs this machine's processor, adds what the \
            exchange takes on the link in virtual time, and says beside each row how far off the same \
            forecast is for the runs of the database. What compressing does to the loss is not judged.
            """)

    @Option(help: "Model.") var model: ModelName
    @Option(help: "Number of workers, from 2.") var workers: Int
    @Option(help: "Speed of every node's link, such as 1gbit.") var bandwidth: Bandwidth
    @Option(help: "Latency of the link, such as 200us.") var latency: Latency
    @Option(help: "Data set; only the shape of its images counts.")
    var dataset: DatasetName = .fashionMNIST
    @Option(help: "Samples per worker and step.") var batch: Int = 32
    @Option(help: "Threads that share a worker's step.") var threads: Int = 1

    @Flag(help: "The workers share this machine's cores; else each has a machine like this one.")
    var oneMachine = false

    @Option(help: "Share of the parameters that compressing methods apply.")
    var k = Percentage(0.01)
    @Option(help: "Rows of the sketch.") var rows: Int = 5
    @Option(
        help: "Columns of the sketch. Default: a power of two, near a fiftieth of the parameters.")
    var columns: Int?

    @Option(
        help: ArgumentHelp("Rates that --save-rates wrote, here or elsewhere.", valueName: "file"))
    var rates: String?
    @Option(help: ArgumentHelp("Keep the measured rates in this file.", valueName: "file"))
    var saveRates: String?
    @Option(help: "How long to measure each method.") var seconds: Double = 1

    @Option(help: "How to print.") var format: OutputFormat = .table
    @OptionGroup var store: StoreOptions

    func validate() throws {
        func check(_ name: String, _ value: Int, _ allowed: ClosedRange<Int>) throws {
            guard !allowed.contains(value) else { return }
            throw ValidationError(
                "--\(name): found \(value); allowed: \(allowed.lowerBound) to \(allowed.upperBound)"
            )
        }
        try check("workers", workers, 2...256)
        try check("batch", batch, 1...65_536)
        try check("threads", threads, 1...64)
        try check("rows", rows, 1...64)
        try check("columns", columns ?? 16, 16...1 << 28)
        guard k.share > 0, k.share <= 1 else {
            throw ValidationError(
                "--k: found \(100 * k.share)%; allowed: more than 0, up to 100%")
        }
        guard (0...60).contains(seconds) else {
            throw ValidationError("--seconds: found \(seconds); allowed: 0 to 60")
        }
        guard rates == nil || saveRates == nil else {
            throw ValidationError("--save-rates keeps what is measured; with --rates nothing is.")
        }
    }

    private var question: AdviceQuestion {
        var question = AdviceQuestion(
            model: model, dataset: dataset, workers: workers, batch: batch, threads: threads,
            link: LinkOptions(
                bandwidthBitsPerSecond: bandwidth.bitsPerSecond, latencySeconds: latency.seconds))
        question.isOneMachine = oneMachine
        question.kPercent = 100 * k.share
        question.rows = rows
        question.columns = columns
        return question
    }

    func run() throws {
        let question = question
        let size = try usable { try question.candidates(parameters: 1).first?.modelSize }
        guard let size else { return }
        let variants = try usable { try question.candidates(parameters: size.parameters) }
        let rates = try knownRates(question) ?? measuredRates(question, variants)
        let book = RateBook(rates, secondsEach: self.rates == nil ? 0.3 : nil)
        let past = try past(question, rates, book)
        let advice = try usable { try Advice(question, variants, rates: rates, past: past) }
        let notes =
            question.assumptions(parameters: size.parameters, weights: size.weights)
            + question.notes(on: past)
        let text = AdviceTable.render(
            advice.rows, facts: question.facts(parameters: size.parameters), notes: notes,
            format: format, width: TerminalWidth.current())
        print(text, terminator: "")
    }

    /// What does not fit is bad usage.
    private func usable<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            StandardError.print("peerless: \(error)")
            throw ExitCode.badUsage
        }
    }

    private func knownRates(_ question: AdviceQuestion) throws -> Rates? {
        guard let path = rates else { return nil }
        guard let json = FileManager.default.contents(atPath: path) else {
            StandardError.print("peerless: \(path): cannot be read")
            throw ExitCode.badUsage
        }
        return try usable {
            do {
                return try Rates(json: json, for: question)
            } catch {
                throw Rates.Mismatch("\(path): \(error)")
            }
        }
    }

    private func measuredRates(_ question: AdviceQuestion, _ variants: [Variant]) throws -> Rates {
        StandardError.print("measuring this machine, \(model.rawValue) with batch \(batch) ...")
        let facts = HostFacts(blas: BLAS.coreName, engine: Engine.preferred.summary)
        let rates = try usable {
            try Rates.measure(question, variants, facts: facts, seconds: seconds)
        }
        if let saveRates {
            try store.reporting {
                var file = try OutputFile(saveRates)
                try file.write(String(decoding: rates.json, as: UTF8.self))
                if let path = try file.finish() { StandardError.print("rates are in \(path)") }
            }
        }
        return rates
    }

    /// A database that nobody named need not be there.
    private func past(
        _ question: AdviceQuestion, _ rates: Rates, _ book: RateBook
    ) throws -> PastForecasts {
        guard store.db != nil || FileManager.default.fileExists(atPath: store.path) else {
            return PastForecasts()
        }
        return try store.reporting {
            let runs = try RunStore(path: store.path, readOnly: true)
            return try PastForecasts(
                runs, question, contextHash: rates.contextHash, cores: rates.cores,
                times: book.times)
        }
    }
}
