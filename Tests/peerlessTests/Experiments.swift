/// Experiment files of the tests.
enum Experiments {
    /// Every method on every topology that it knows, on the embedded digits.
    static func everything(workers: Int, steps: Int) -> String {
        """
        experiment: everything
        dataset: digits
        model: softmax
        workers: \(workers)
        batch: 8
        steps: \(steps)
        chunk: 4KiB
        optimizer: {learningRate: 0.1, momentum: 0}
        baseline: dense-server
        variants:
        """ + "\n"
            + ["server", "ring", "tree", "halvingDoubling"].flatMap { topology in
                [
                    "  - {name: dense-\(topology), topology: \(topology), method: dense}",
                    "  - {name: sketch-\(topology), topology: \(topology), "
                        + "method: {sketch: {rows: 3, columns: 64, k: 10%}}}",
                ]
            }.joined(separator: "\n") + "\n" + """
                  - {name: sketch-everywhere, topology: tree, method: {sketch: {columns: 64, k: 10%, decode: everywhere}}}
                  - {name: sketch-estimated, topology: tree, method: {sketch: {columns: 64, k: 5, values: estimated}}}
                  - {name: topk-ring, topology: ring, method: {topk: {k: 10%}}}
                  - {name: topk-server, topology: server, method: {topk: {k: 10%}}}
                  - {name: gtopk-tree, topology: tree, method: {gtopk: {k: 10%}}}

                """
    }

    /// Four workers on every topology and one worker with the fourfold batch.
    static func equivalence(model: String, dataset: String, extra: String = "") -> String {
        """
        experiment: equivalence
        dataset: \(dataset)
        model: \(model)
        workers: 4
        batch: 8
        steps: 50
        \(extra)
        optimizer: {learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.0005}
        variants:
          - {name: one, topology: ring, method: dense, workers: 1, batch: 32}
          - {name: server, topology: server, method: dense}
          - {name: ring, topology: ring, method: dense}
          - {name: tree, topology: tree, method: dense}
          - {name: halvingDoubling, topology: halvingDoubling, method: dense}

        """
    }

    /// Four workers on the embedded digits, for faults in the middle.
    static func faults(variants: [String], extra: String) -> String {
        let standard = [
            "steps": "steps: 60", "optimizer": "optimizer: {learningRate: 0.1, momentum: 0.9}",
            "topology": "topology: ring",
        ].filter { !extra.contains("\($0.key):") }.map(\.value).sorted()
        return """
            experiment: faults
            dataset: digits
            model: mlp
            workers: 4
            batch: 8
            deadline: 10s
            \(standard.joined(separator: "\n"))
            \(extra)
            variants:
            """ + "\n" + variants.map { "  - \($0)" }.joined(separator: "\n") + "\n"
    }

    /// A run that goes on until somebody ends it.
    static let endless = """
        experiment: endless
        dataset: digits
        model: mlp
        workers: 2
        batch: 32
        steps: 100000000
        variants:
          - {name: one, topology: server, method: dense}
          - {name: two, topology: ring, method: dense}

        """
}
