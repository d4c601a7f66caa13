import ArgumentParser
import Cluster
import Experiment
import Reporting
import Simulation

/// `peerless predict`: the cost model beside which measurements are held.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Say what every variant's exchange should take on its emulated link.",
        discussion: """
            Starts nothing. "formula" is the latency-bandwidth model with no overlap, "simulated" \
            the workers' own programs in virtual time. Computing, encoding, decoding and framing \
            are not in them: hold them against exchange + wait of a measured run.
            """)

    @OptionGroup var experiment: ExperimentArguments

    @Option(help: "How to print.")
    var format: OutputFormat = .table

    func run() throws {
        try reporting {
            let plan = try experiment.load().plan
            let rows = try experiment.chosen(plan).map(predict)
            print(PredictionTable.render(rows, format: format), terminator: "")
        }
    }

    private func predict(_ variant: Variant) throws -> PredictionRow {
        let size = try variant.modelSize
        let model = StepModel(
            variant.method, topology: variant.topology.collective, workers: variant.workers,
            parameters: size.parameters, weights: size.weights,
            dataType: variant.exchange?.dtype ?? .float32)
        let link = variant.link.map {
            StepModel.Link(
                latency: $0.latencySeconds,
                secondsPerByte: $0.bandwidthBitsPerSecond.map { 8 / $0 } ?? 0)
        }
        let simulated = model.simulate(
            over: link ?? StepModel.Link(latency: 0, secondsPerByte: 0),
            chunkWords: max(1, variant.chunkBytes / 4))
        return PredictionRow(
            variant: variant.name, topology: variant.topology.rawValue,
            method: variant.methodSummary, bytesSentPerWorkerStep: simulated.bytesPerWorker,
            serverBytesPerStep: variant.topology == .server ? simulated.serverBytes : nil,
            formulaMilliseconds: link.map { 1000 * model.seconds(over: $0) },
            simulatedMilliseconds: link.map { _ in 1000 * simulated.seconds })
    }
}
