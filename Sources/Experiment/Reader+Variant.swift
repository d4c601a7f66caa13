import Yams

/// A variant from the file's keys, those of the variant laid over those above it.
extension Reader {
    static let variantKeys = [
        "name", "dataset", "synthetic", "model", "workers", "batch", "threads", "steps",
        "epochs", "optimizer", "evaluate", "observe", "target", "link", "topology", "method",
        "augment",
        "chunk", "transport", "checksumEvery", "deadline", "dtype", "buckets", "overlap",
        "onLoss", "onServerLoss", "rejoin", "checkpoint", "faults",
    ]

    func variant(experiment: String) throws(ExperimentError) -> Variant {
        let topology = try choice("topology", Topology.self) ?? .ring
        let method = try method()
        guard method.topologies.contains(topology) else {
            let allowed = method.topologies.map(\.rawValue).joined(separator: ", ")
            throw ExperimentError(
                source: source, line: self["topology"]?.mark?.line ?? line,
                key: join(path, "topology"), found: "\(method.name) on \(topology.rawValue)",
                allowed: "\(method.name) on \(allowed)")
        }
        var variant = Variant(
            experiment: experiment,
            name: try string("name") ?? "\(method.name)-\(topology.rawValue)",
            dataset: try choice("dataset", DatasetName.self) ?? .digits,
            model: try choice("model", ModelName.self) ?? .softmax,
            workers: try int("workers", 1...256) ?? 4, batch: try int("batch", 1...65_536) ?? 32,
            topology: topology, method: method)
        variant.threads = try int("threads", 1...64) ?? 1
        variant.exchange = try exchange(of: method)
        try duration(&variant)
        variant.optimizer = try optimizer()
        variant.link = try link()
        try evaluation(&variant)
        try surroundings(&variant)
        variant.reliability = try reliability(of: variant)
        return variant
    }

    private func duration(_ variant: inout Variant) throws(ExperimentError) {
        variant.steps = try int("steps", 1...Variant.maximumSteps)
        variant.epochs = try double("epochs", "a number above 0 up to 100000") {
            $0 > 0 && $0 <= 1e5
        }
        if variant.steps != nil, variant.epochs != nil {
            throw error("epochs", "either steps or epochs, not both")
        }
        if variant.steps == nil, variant.epochs == nil { variant.steps = 300 }
    }

    private func evaluation(_ variant: inout Variant) throws(ExperimentError) {
        if let reader = try child("evaluate", known: ["every"]) {
            variant.evaluate.every = try reader.int("every", 1 ... .max)
        }
        try observation(&variant)
        if let reader = try child("target", known: ["accuracy"]) {
            let allowed = "a test accuracy above 0 and below 1; another target cannot be met"
            guard let accuracy = try reader.double("accuracy", allowed, { $0 > 0 && $0 < 1 })
            else { throw reader.error("accuracy", allowed) }
            variant.target = TargetOptions(accuracy: accuracy)
        }
    }

    /// A variant may say `none` where the file above it says `{every: N}`.
    private func observation(_ variant: inout Variant) throws(ExperimentError) {
        if let text = self["observe"]?.scalar?.string, ["none", "null", "~", ""].contains(text) {
            return
        }
        guard let reader = try child("observe", known: ["every"]) else { return }
        guard let every = try reader.int("every", 1 ... .max) else {
            throw reader.error("every", "a number of steps, a whole number from 1 up")
        }
        variant.observe = ObserveOptions(every: every)
    }

    private func surroundings(_ variant: inout Variant) throws(ExperimentError) {
        if let reader = try child("augment", known: ["flip", "shift"]) {
            variant.augment.flip = try reader.bool("flip") ?? false
            variant.augment.shift = try reader.int("shift", 0...16) ?? 0
        }
        if let reader = try child("synthetic", known: ["samples", "channels", "size", "classes"]) {
            let standard = SyntheticOptions()
            variant.synthetic = SyntheticOptions(
                samples: try reader.int("samples", 1...10_000_000) ?? standard.samples,
                channels: try reader.int("channels", 1...64) ?? standard.channels,
                size: try reader.int("size", 1...512) ?? standard.size,
                classes: try reader.int("classes", 2...256) ?? standard.classes)
        }
        let chunk = try quantity(
            "chunk", "a size from 4KiB to 256MiB", 4096...268_435_456, Units.bytes)
        variant.chunkBytes = chunk.map { Int($0) / 4 * 4 } ?? variant.chunkBytes
        variant.transport = try choice("transport", TransportName.self) ?? .auto
        if variant.link != nil, variant.transport == .shm || variant.transport == .ipc {
            throw error("transport", "auto or tcp with an emulated link")
        }
        variant.checksumEvery = try int("checksumEvery", 1 ... .max) ?? variant.checksumEvery
        variant.deadlineSeconds =
            try quantity(
                "deadline", "a time from 100ms to 1h, as in 30s", 0.1...3600, Units.seconds)
            ?? variant.deadlineSeconds
    }
}
