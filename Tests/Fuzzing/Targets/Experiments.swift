import Experiment

/// Files and options that people write.
extension FuzzTarget {
    private static let words =
        [
            "variants:", "matrix:", "seeds:", "workers", "method", "sketch", "topk", "gtopk", "k",
            "columns", "rows", "link:", "bandwidth", "latency", "name", "name:", "*a0", "&a0 ",
            "<<:", "!!int", "!!str", "!x", "---", "...", "|", ">", "#", "'", "\"", "- ", ": ",
            "{", "}", "[", "]", ",", "?", "~", "null", "yes", "%", "%YAML 1.1\n", "\t", "\n", "\0",
            "1%", "1gbit", "4MiB", "200us", "\u{FEFF}", "\u{2028}", "é",
        ] + TextMutator.numbers

    /// `ExperimentLoader.parse`: what it takes can be sent to daemons and read again.
    static let experiment = FuzzTarget("experiment", share: 8_000, .text(words)) {
        [experimentText, matrixText, plainText].map { Array($0.utf8) }
    } open: {
        { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let plan = try? ExperimentLoader.parse(text: text, source: "fuzz") else {
                return false
            }
            for variant in plan.variants.prefix(4) {
                let again = try? Variant(json: variant.canonicalJSON)
                guard again == variant else { throw Broken("a variant that daemons would refuse") }
                _ = variant.methodSummary + (variant.link?.summary ?? "")
            }
            return true
        }
    }

    /// `--set key=value`.
    static let override = FuzzTarget("override", share: 8_000, .text(words + ["=", "."])) {
        ["steps=5", "link.bandwidth=100mbit", "seeds=[3,4]", "method={topk: {k: 1%}}"].map {
            Array($0.utf8)
        }
    } open: {
        { bytes in
            let plan = try? ExperimentLoader.parse(
                text: "experiment: e", source: "fuzz",
                overrides: [String(decoding: bytes, as: UTF8.self)])
            return plan != nil
        }
    }

    /// Numbers with units.
    static let units = FuzzTarget(
        "units", share: 100_000,
        .text(
            ["gbit", "mbit", "kbit", "bit", "GiB", "MiB", "KiB", "B", "us", "ms", "s", " "]
                + TextMutator.numbers)
    ) {
        ["1gbit", "100mbit", "4MiB", "200us", "5s", "1.5KiB", "7"].map { Array($0.utf8) }
    } open: {
        { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let numbers = [Units.bitsPerSecond(text), Units.bytes(text), Units.seconds(text)]
            for case let number? in numbers {
                guard number.isFinite, number >= 0 else { throw Broken("\(number)") }
                _ = Units.text(bitsPerSecond: number) + Units.text(seconds: number)
            }
            return numbers.contains { $0 != nil }
        }
    }

    static let experimentText = """
        experiment: quickstart
        dataset: fashion-mnist
        model: lenet
        workers: 4
        batch: 32
        steps: 300
        seeds: [1, 2]
        optimizer: {learningRate: 0.05, momentum: 0.9, schedule: step, stepEvery: 50}
        evaluate: {every: 100}
        target: {accuracy: 0.85}
        link: {bandwidth: 1gbit, latency: 200us}
        augment: {flip: true, shift: 4}
        deadline: 30s
        baseline: ring
        variants:
          - {name: ring, topology: ring, method: dense, chunk: 64KiB}
          - {name: half, method: {dense: {dtype: float16, buckets: 4MiB, overlap: true}}}
          - {name: topk, topology: server, method: {topk: {k: 1%}}, epochs: 2, steps: 3}
          - name: sketched
            topology: tree
            method: {sketch: {rows: 5, columns: 8192, k: 1%, candidates: 4}}
            optimizer: {learningRate: 0.4, momentum: 0}
        """.replacing(", epochs: 2, steps: 3", with: "")

    private static let plainText = "experiment: e\nworkers: 2\nsteps: 5\n"

    private static let matrixText = """
        experiment: grid
        dataset: synthetic
        synthetic: {samples: 100, channels: 1, size: 8, classes: 4}
        matrix:
          workers: [1, 2, 4]
          method: [dense, {topk: {k: 10}}, {gtopk: {k: 5%}}]
          topology: [tree]
        """
}
