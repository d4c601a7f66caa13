import Collectives
import Experiment
import RunStore
import Simulation
import Testing

/// The break-even, which is computed from figures at one link speed, against steps in virtual time at
/// others.
@Suite("Break-even and simulation")
struct BreakEvenTests {
    private static let latency = 2e-4
    private static let parameters = 400_000

    /// What a method costs besides its exchange, in milliseconds.
    private struct Side {
        var name: String
        var method: Method
        var encode: Double
        var decode: Double
    }

    private static let dense = Side(name: "dense", method: .dense, encode: 0, decode: 0)
    private static let sketch: Side = {
        var options = SketchOptions(columns: 8192, k: .absolute(4000))
        options.rows = 5
        return Side(name: "sketch", method: .sketch(options), encode: 15, decode: 25)
    }()
    private static let topk = Side(
        name: "topk",
        method: .topk(TopKOptions(k: .absolute(4000), momentumCorrection: false)), encode: 30,
        decode: 10)

    private static func simulated(
        _ side: Side, _ topology: CollectiveTopology, bitsPerSecond: Double
    ) -> StepModel.Simulated {
        StepModel(
            side.method, topology: topology, workers: 4, parameters: parameters,
            weights: parameters - 1000
        ).simulate(
            over: .init(latency: latency, secondsPerByte: 8 / bitsPerSecond), chunkWords: 4096)
    }

    /// A step at a link speed, computing left out.
    private static func milliseconds(
        _ side: Side, _ topology: CollectiveTopology, bitsPerSecond: Double
    ) -> Double {
        side.encode + side.decode
            + 1000 * simulated(side, topology, bitsPerSecond: bitsPerSecond).seconds
    }

    /// What is recorded of a run at 1 Gbit/s.
    private static func row(_ side: Side, _ topology: CollectiveTopology) -> ComparisonRow {
        let step = simulated(side, topology, bitsPerSecond: 1e9)
        let name = topology == .star ? "server" : "\(topology)"
        var row = ComparisonRow(
            run: 1, experiment: "e", variant: side.name, seed: 1, status: .completed,
            topology: name, method: side.name, workers: 4)
        row.methodName = side.name
        row.link = "1gbit 200us"
        row.bytesSentPerWorkerStep = step.bytesPerWorker
        row.serverBytesPerStep = topology == .star ? step.serverBytes : nil
        row.stepMilliseconds.encode = side.encode
        row.stepMilliseconds.decode = side.decode
        row.stepMilliseconds.update = 0
        row.stepMilliseconds.exchange = 0
        row.stepMilliseconds.wait = 1000 * step.seconds
        return row
    }

    @Test(
        "below the break-even the compressing step is the shorter one, above it the longer one",
        arguments: CollectiveTopology.allCases, ["sketch", "topk"])
    func sign(topology: CollectiveTopology, method: String) throws {
        let side = method == "topk" ? Self.topk : Self.sketch
        let answer = BreakEven(
            of: Self.row(side, topology), against: Self.row(Self.dense, topology))
        let speed = try #require(answer?.bitsPerSecond)
        for factor in [0.1, 0.5, 0.8, 1.25, 2, 10] {
            let compressed = Self.milliseconds(side, topology, bitsPerSecond: factor * speed)
            let dense = Self.milliseconds(Self.dense, topology, bitsPerSecond: factor * speed)
            let what = "\(topology) \(method) at \(factor) of \(speed): \(compressed) \(dense)"
            #expect((compressed < dense) == (factor < 1), "\(what)")
        }
    }
}
