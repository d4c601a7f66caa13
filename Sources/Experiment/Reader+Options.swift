import Yams

/// The groups of keys of a variant.
extension Reader {
    func child(_ key: String, known: [String]) throws(ExperimentError) -> Reader? {
        guard let node = self[key] else { return nil }
        return try Reader(node, path: join(path, key), source: source, known: known)
    }

    func optimizer() throws(ExperimentError) -> OptimizerOptions {
        var options = OptimizerOptions()
        let known = [
            "learningRate", "momentum", "nesterov", "weightDecay", "schedule", "stepEvery",
            "stepFactor", "warmupSteps",
        ]
        guard let reader = try child("optimizer", known: known) else { return options }
        options.learningRate =
            try reader.double("learningRate", "a number above 0") { $0 > 0 }
            ?? options.learningRate
        options.momentum =
            try reader.double("momentum", "a number from 0 to below 1") { $0 >= 0 && $0 < 1 }
            ?? options.momentum
        options.nesterov = try reader.bool("nesterov") ?? options.nesterov
        options.weightDecay =
            try reader.double("weightDecay", "a number from 0 up") { $0 >= 0 }
            ?? options.weightDecay
        options.schedule =
            try reader.choice("schedule", OptimizerOptions.Schedule.self) ?? options.schedule
        options.stepEvery = try reader.int("stepEvery", 1 ... .max)
        options.stepFactor =
            try reader.double("stepFactor", "a number above 0 up to 1") { $0 > 0 && $0 <= 1 }
            ?? options.stepFactor
        options.warmupSteps = try reader.int("warmupSteps", 0 ... .max) ?? options.warmupSteps
        if options.schedule == .step, options.stepEvery == nil {
            throw reader.error("stepEvery", "a whole number from 1 up, with schedule: step")
        }
        return options
    }

    func link() throws(ExperimentError) -> LinkOptions? {
        if let text = self["link"]?.scalar?.string, ["none", "null", "~", ""].contains(text) {
            return nil
        }
        guard let reader = try child("link", known: ["bandwidth", "latency"]) else { return nil }
        let bandwidth = try reader.quantity(
            "bandwidth", "bits per second from 1kbit up, as in 100mbit or 1gbit", 1e3...1e15,
            Units.bitsPerSecond)
        let latency = try reader.quantity(
            "latency", "a time from 0 to 10s, as in 200us or 5ms", 0...10, Units.seconds)
        guard bandwidth != nil || latency != nil else {
            throw error("link", "bandwidth, latency, or both")
        }
        return LinkOptions(bandwidthBitsPerSecond: bandwidth, latencySeconds: latency ?? 0)
    }

    func method() throws(ExperimentError) -> Method {
        let names =
            "dense, {dense: {dtype, buckets, overlap}}, {topk: {k}}, {gtopk: {k}} or "
            + "{sketch: {rows, columns, k}}"
        guard let node = self["method"] else { return .dense }
        if let name = node.scalar?.string {
            guard name == "dense" else { throw error("method", names) }
            return .dense
        }
        guard case .mapping(let mapping) = node, mapping.count == 1 else {
            throw error("method", names)
        }
        let reader = try Reader(
            node, path: join(path, "method"), source: source, known: Method.names)
        if reader.has("dense") { return .dense }
        if reader.has("sketch") { return .sketch(try reader.sketch()) }
        let name = reader.has("topk") ? "topk" : "gtopk"
        guard
            let options = try reader.child(name, known: ["k", "masking", "momentumCorrection"])
        else { throw error("method", names) }
        guard let k = try options.count("k") else {
            throw options.error("k", "a number of coordinates, as in 1% or 4096")
        }
        let made = TopKOptions(
            k: k, masking: try options.bool("masking") ?? true,
            momentumCorrection: try options.bool("momentumCorrection") ?? (name == "topk"))
        return name == "topk" ? .topk(made) : .gtopk(made)
    }

    static let sketchKeys =
        [
            "rows", "columns", "k", "candidates", "values", "hash", "masking", "decode", "applyAll",
        ] + exchangeKeys

    private func sketch() throws(ExperimentError) -> SketchOptions {
        guard let reader = try child("sketch", known: Self.sketchKeys) else {
            throw error("sketch", Self.sketchKeys.joined(separator: ", "))
        }
        guard let columns = try reader.int("columns", 16...(1 << 30)) else {
            throw reader.error("columns", "a whole number from 16 up")
        }
        guard let k = try reader.count("k") else {
            throw reader.error("k", "a number of coordinates, as in 1% or 4096")
        }
        var options = SketchOptions(columns: columns, k: k)
        options.rows = try reader.int("rows", 1...64) ?? options.rows
        guard options.rows * columns <= 1 << 28 else {
            throw reader.error("columns", "rows * columns of at most 2^28 cells, 1 GiB")
        }
        options.candidates = try reader.int("candidates", 1...1024) ?? options.candidates
        options.values = try reader.choice("values", SketchOptions.Values.self) ?? options.values
        options.hash = try reader.choice("hash", SketchOptions.Hash.self) ?? options.hash
        options.masking = try reader.bool("masking") ?? options.masking
        options.decode = try reader.choice("decode", SketchOptions.Decode.self) ?? options.decode
        options.applyAll = try reader.bool("applyAll") ?? options.applyAll
        return options
    }
}
