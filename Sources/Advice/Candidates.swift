public import Experiment

extension AdviceQuestion {
    /// Every method on every topology that has its operations, as an experiment's variants.
    ///
    /// - Parameter parameters: of the model.
    /// - Throws: `ExperimentError` for what an experiment file may not say.
    public func candidates(parameters: Int) throws(ExperimentError) -> [Variant] {
        let columns = columns ?? Self.columns(parameters: parameters)
        // Momentum on the workers breaks a small sketch, so it is tried without, as on its page.
        let sketch =
            "method: {sketch: {rows: \(rows), columns: \(columns), k: \(kPercent)%}}, "
            + "optimizer: {learningRate: 0.4, momentum: 0}"
        let methods = [
            ("dense", "method: dense"), ("topk", "method: {topk: {k: \(kPercent)%}}"),
            ("gtopk", "method: {gtopk: {k: \(kPercent)%}}"), ("sketch", sketch),
        ]
        let lines = methods.flatMap { name, text in
            Topology.allCases.filter { name != "gtopk" || $0 == .tree }.map { topology in
                "  - {name: \(name)-\(topology.rawValue), topology: \(topology.rawValue), \(text)}\n"
            }
        }
        let plan = try ExperimentLoader.parse(
            text: """
                experiment: advise
                dataset: \(dataset.rawValue)
                model: \(model.rawValue)
                workers: \(workers)
                batch: \(batch)
                threads: \(threads)
                steps: 1
                optimizer: {learningRate: 0.05, momentum: 0.9}
                variants:
                \(lines.joined())
                """, source: "advise")
        return plan.variants.map { variant in
            var variant = variant
            variant.link = link
            return variant
        }
    }
}
