import Collectives
import Experiment
import Simulation
import Testing

@Suite("Step model")
struct StepModelTests {
    private static let sketch: Method = {
        var options = SketchOptions(columns: 65_536, k: .absolute(14_728))
        options.rows = 5
        return .sketch(options)
    }()
    private static let sparse = TopKOptions(k: .absolute(14_728), momentumCorrection: false)

    /// VGG-16 with one part in a thousand kept, 1 Gbit/s Ethernet of 0.436 ms and 111 MB/s; the
    /// milliseconds for 4, 8 and 32 workers are the worked figures of the cost table.
    private static let worked: [(Method, CollectiveTopology, [Double])] = [
        (.dense, .star, [4243, 8484, 33935]), (.dense, .ring, [798, 934, 1054]),
        (sketch, .star, [70, 139, 549]), (sketch, .ring, [26, 37, 81]),
        (sketch, .halvingDoubling, [24, 30, 36]), (sketch, .tree, [38, 57, 94]),
        (.gtopk(sparse), .tree, [6.0, 9.0, 15]), (.topk(sparse), .ring, [4.5, 10.5, 46]),
    ]

    @Test("the formulas give the worked figures of the cost table", arguments: 0..<8)
    func workedFigures(row: Int) {
        let (method, topology, expected) = Self.worked[row]
        for (workers, milliseconds) in zip([4, 8, 32], expected) {
            let model = StepModel(
                method, topology: topology, workers: workers, parameters: 14_728_266,
                weights: 14_728_266)
            let found =
                1000 * model.seconds(over: .init(latency: 0.436e-3, secondsPerByte: 1 / 111e6))
            #expect(
                abs(found - milliseconds) < 0.02 * milliseconds + 0.05,
                "\(method.name) \(topology) \(workers): \(found)")
        }
    }

    @Test(
        "pipelined programs are never slower than the formula, nor faster than the busiest card",
        arguments: [2, 3, 4, 8], [64, 1024, 1 << 20])
    func simulated(workers: Int, chunkWords: Int) {
        let link = StepModel.Link(latency: 1e-4, secondsPerByte: 8e-9)
        var options = SketchOptions(columns: 1024, k: .absolute(100))
        options.rows = 3
        let sparse = TopKOptions(k: .absolute(100), momentumCorrection: false)
        // Folding extra ranks in meets the first exchange at the same card; no formula knows that.
        let isPower = workers.nonzeroBitCount == 1
        for topology in CollectiveTopology.allCases where isPower || topology != .halvingDoubling {
            for method in [Method.dense, .sketch(options), .topk(sparse), .gtopk(sparse)] {
                if method.name == "gtopk", topology != .tree { continue }
                let model = StepModel(
                    method, topology: topology, workers: workers, parameters: 10_000,
                    weights: 9_900)
                let formula = model.seconds(over: link)
                let found = model.simulate(over: link, chunkWords: chunkWords)
                let what = "\(method.name) \(topology)"
                #expect(found.seconds <= 1.02 * formula, "\(what)")
                #expect(found.seconds >= found.bytesPerWorker * link.secondsPerByte, "\(what)")
                #expect(found.seconds >= found.serverBytes / 2 * link.secondsPerByte, "\(what)")
            }
        }
    }

    @Test("one worker has nobody to talk to, except a server")
    func alone() {
        let link = StepModel.Link(latency: 1e-4, secondsPerByte: 8e-9)
        for topology in CollectiveTopology.allCases where topology != .star {
            let model = StepModel(
                .dense, topology: topology, workers: 1, parameters: 100, weights: 90)
            #expect(model.seconds(over: link) == 0)
            #expect(model.simulate(over: link, chunkWords: 64).seconds == 0)
        }
    }
}
