import Experiment
import Foundation
import Testing

@Suite("ExperimentLoader")
struct ExperimentLoaderTests {
    private func error(_ text: String, _ overrides: [String] = []) -> String {
        do {
            _ = try ExperimentLoader.parse(text: text, source: "x.yaml", overrides: overrides)
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test(
        "a fault is told with file, line, key, what was found and what is allowed",
        arguments: [
            (
                "experiment: e\nworkes: 4", "x.yaml:2: workes: found an unknown key",
                "did you mean workers?"
            ),
            ("experiment: e\nworkers: 0", "x.yaml:2: workers: found \"0\"", "from 1 to 256"),
            ("experiment: e\nthreads: 0", "x.yaml:2: threads: found \"0\"", "from 1 to 64"),
            ("experiment: e\nworkers: four", "x.yaml:2: workers: found \"four\"", "whole number"),
            (
                "experiment: e\ntopology: ring\nmethod: {gtopk: {k: 1%}}",
                "x.yaml:2: topology: found gtopk on ring", "gtopk on tree"
            ),
            (
                "experiment: e\nmethod: {sketch: {rows: 0, columns: 64, k: 1%}}",
                "x.yaml:2: method.sketch.rows: found \"0\"", "from 1 to 64"
            ),
            (
                "experiment: e\nmethod: {sketch: {columns: 8, k: 1%}}",
                "method.sketch.columns: found \"8\"", "from 16"
            ),
            (
                "experiment: e\nmethod: {topk: {k: 101%}}", "method.topk.k: found \"101%\"",
                "up to 100%"
            ),
            ("experiment: e\nmethod: {topk: {}}", "method.topk.k: found nothing", "1% or 4096"),
            (
                "experiment: e\ntarget: {accuracy: 1.2}", "target.accuracy: found \"1.2\"",
                "cannot be met"
            ),
            (
                "experiment: e\noptimizer: {momentum: fast}", "optimizer.momentum: found \"fast\"",
                "below 1"
            ),
            (
                "experiment: e\nlink: {bandwidth: 1gbyte}", "link.bandwidth: found \"1gbyte\"",
                "100mbit"
            ),
            (
                "experiment: e\ntransport: shm\nlink: {latency: 1ms}", "transport: found \"shm\"",
                "tcp with an emulated link"
            ),
            ("experiment: e\nsteps: 3\nepochs: 2", "epochs: found \"2\"", "not both"),
            ("experiment: e\nseeds: [1, 1]", "seeds: found a list of 2", "different"),
            ("experiment: e\nvariants: []", "variants: found a list of 0", "a list of variants"),
            (
                "experiment: e\nvariants: [{name: a}, {name: a}]", "found \"a\" twice",
                "a name of its own"
            ),
            ("steps: 3", "experiment: found nothing", "a name"),
            ("experiment: [", "text that is not YAML", "the parser says"),
            ("", "an empty file", "configs/quickstart.yaml"),
            ("experiment: e\nworkers: 1\nworkers: 2", "x.yaml", "once"),
        ])
    func faults(text: String, found: String, allowed: String) {
        let words = error(text)
        #expect(words.contains(found) && (words.contains(allowed) || allowed == "once"), "\(words)")
    }

    @Test("of a line that is no YAML as much is shown as can be read")
    func longLine() {
        let words = error("experiment: e\nvariants: " + String(repeating: "[", count: 100_000))
        #expect(words.contains("text that is not YAML") && words.count < 1_000, "\(words)")
    }

    @Test("a file is read no further than it may be long")
    func endless() {
        let error = #expect(throws: ExperimentError.self) {
            try ExperimentLoader.load(path: "/dev/zero")
        }
        #expect(error?.description.contains("found more than 1 MiB") == true)
        #expect(throws: ExperimentError.self) { try ExperimentLoader.load(path: "/") }
    }

    @Test("a few aliases are fine, and as many as would multiply the text are refused")
    func aliases() throws {
        let few = "experiment: e\nlink: &l {latency: 1ms}\nvariants: [{name: a, link: *l}]"
        #expect(try ExperimentLoader.parse(text: few, source: "x").variants[0].link != nil)
        let many = "experiment: e\nx: [&a 1" + String(repeating: ", *a", count: 60) + "]"
        #expect(error(many).contains("found 60 aliases"))
    }

    @Test("a sent variant has the bounds of a file")
    func bounds() throws {
        let variant = try ExperimentLoader.parse(text: "experiment: e", source: "x").variants[0]
        #expect(try Variant(json: variant.canonicalJSON) == variant)
        for (changed, key) in [
            (variant.canonicalJSON.replacing("\"workers\":4", with: "\"workers\":-1"), "workers"),
            (variant.canonicalJSON.replacing("\"batch\":32", with: "\"batch\":1e15"), "batch"),
            ("{}", ""), (String(repeating: "[", count: 100_000), ""),
        ] {
            let error = #expect(throws: ExperimentError.self) { try Variant(json: changed) }
            #expect(error?.key == key)
        }
    }

    @Test("variants override keys above them, groups key by key")
    func variants() throws {
        let text = """
            experiment: e
            optimizer: {learningRate: 0.1, momentum: 0.9}
            variants:
              - {name: a, topology: tree, optimizer: {momentum: 0}}
              - {name: b, model: vgg11, threads: 2, steps: 7, link: {latency: 5ms}}
            """
        let plan = try ExperimentLoader.parse(text: text, source: "x")
        #expect(plan.variants.map(\.name) == ["a", "b"])
        #expect(plan.variants[0].optimizer.learningRate == 0.1)
        #expect(plan.variants[0].optimizer.momentum == 0)
        #expect(plan.variants[0].threads == 1 && plan.variants[1].threads == 2)
        #expect(plan.variants[1].model == .vgg11)
        #expect(plan.variants[1].steps == 7 && plan.variants[1].link?.latencySeconds == 0.005)
    }

    @Test("a matrix expands to its grid and names its cells")
    func matrix() throws {
        let text = "experiment: e\nmatrix: {workers: [1, 2], topology: [ring, tree]}"
        let plan = try ExperimentLoader.parse(text: text, source: "x")
        #expect(
            plan.variants.map(\.name) == [
                "workers1-ring", "workers1-tree", "workers2-ring", "workers2-tree",
            ])
        #expect(plan.variants.map(\.workers) == [1, 1, 2, 2])
    }

    @Test("--set changes nested keys and makes groups that are missing")
    func overrides() throws {
        let plan = try ExperimentLoader.parse(
            text: "experiment: e", source: "x",
            overrides: ["steps=5", "link.bandwidth=100mbit", "seeds=[3,4]"])
        #expect(plan.variants[0].steps == 5 && plan.seeds == [3, 4])
        #expect(plan.variants[0].link?.bandwidthBitsPerSecond == 1e8)
        #expect(plan.variants[0].link?.summary == "100mbit 0us")
        #expect(error("experiment: e", ["steps"]).contains("--set"))
    }

    @Test("a variant survives JSON, and equal variants give equal text")
    func canonical() throws {
        let text = "experiment: e\nmethod: {sketch: {columns: 64, k: 0.25%}}\ntopology: tree"
        let variant = try ExperimentLoader.parse(text: text, source: "x").variants[0]
        let decoded = try JSONDecoder().decode(
            Variant.self, from: Data(variant.canonicalJSON.utf8))
        #expect(decoded == variant && decoded.canonicalJSON == variant.canonicalJSON)
        #expect(variant.method.summary == "sketch k=0.25% r=5 c=64 p2=4")
    }

    @Test("words, buckets and overlap stand beside the method or among its options")
    func exchange() throws {
        let text = """
            experiment: e
            dtype: float16
            variants:
              - {name: a, buckets: 4MiB, overlap: true}
              - {name: b, method: {dense: {buckets: 512KiB, dtype: bfloat16}}}
              - {name: c, method: {sketch: {columns: 64, k: 1%, dtype: float32}}}
              - {name: d, method: {dense: {}}, dtype: float32}
            """
        let variants = try ExperimentLoader.parse(text: text, source: "x").variants
        #expect(
            variants.map(\.methodSummary) == [
                "dense float16 buckets=4MiB overlap", "dense bfloat16 buckets=512KiB",
                "sketch k=1% r=5 c=64 p2=4", "dense",
            ])
        #expect(variants[3].exchange == nil)
    }

    @Test(
        "what only sums can do is refused with other methods",
        arguments: [
            ("dtype: float16\nmethod: {topk: {k: 1%}}", "dtype", "linear method"),
            ("buckets: 4MiB\nmethod: {topk: {k: 1%}}", "buckets", "linear method"),
            ("overlap: true\ntopology: tree\nmethod: {gtopk: {k: 1%}}", "overlap", "linear method"),
            ("method: {dense: {buckets: 1KiB}}", "method.dense.buckets", "4KiB up"),
            ("method: {dense: {dtype: int8}}", "method.dense.dtype", "float32, float16, bfloat16"),
            ("method: {dense: 3}", "method.dense", "dtype, buckets, overlap"),
            ("method: {dense: {bucket: 4MiB}}", "method.dense.bucket", "did you mean buckets?"),
        ])
    func refusedExchange(text: String, key: String, allowed: String) {
        let words = error("experiment: e\n" + text)
        #expect(words.contains(key) && words.contains(allowed), "\(words)")
    }

    @Test("shares are of all parameters and at least one")
    func counts() {
        #expect(Count.percent(1).resolved(of: 431_080, atMost: 430_500) == 4_311)
        #expect(Count.percent(0.001).resolved(of: 100, atMost: 90) == 1)
        #expect(Count.percent(100).resolved(of: 100, atMost: 90) == 90)
        #expect(Count.absolute(9).resolved(of: 5, atMost: 4) == 9)
    }

    @Test("every experiment in configs loads")
    func configs() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("configs").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.contains("quickstart.yaml"))
        for file in files {
            #expect(!(try ExperimentLoader.load(path: "\(folder)/\(file)")).variants.isEmpty)
        }
    }

    @Test("an optimiser's summary names what differs from plain gradient descent")
    func optimizerSummary() {
        var options = OptimizerOptions()
        #expect(options.summary == "lr 0.05")
        options.momentum = 0.9
        options.weightDecay = 0.0005
        options.schedule = .cosine
        options.warmupSteps = 50
        #expect(options.summary == "lr 0.05, momentum 0.9, decay 0.0005, cosine, warm-up 50")
        options.nesterov = true
        #expect(options.summary.contains("nesterov 0.9"))
    }
}
