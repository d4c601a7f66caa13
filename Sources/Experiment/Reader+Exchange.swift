import Yams

/// How a linear method's words are exchanged: beside the method, or among its own options.
extension Reader {
    static let exchangeKeys = ["dtype", "buckets", "overlap"]

    /// The options, those of the method's group laid over those beside it; `nil` for the defaults.
    func exchange(of method: Method) throws(ExperimentError) -> ExchangeOptions? {
        let standard = ExchangeOptions()
        var options = try exchange(over: standard, method)
        if let group = try methodGroup(of: method) {
            options = try group.exchange(over: options, method)
        }
        return options == standard ? nil : options
    }

    private func methodGroup(of method: Method) throws(ExperimentError) -> Reader? {
        guard case .mapping? = self["method"], method.isLinear else { return nil }
        let group = try child("method", known: Method.names)
        let known = method == .dense ? Self.exchangeKeys : Self.sketchKeys
        return try group?.child(method.name, known: known)
    }

    private func exchange(
        over standard: ExchangeOptions, _ method: Method
    ) throws(ExperimentError) -> ExchangeOptions {
        var options = standard
        options.dtype = try choice("dtype", ExchangeOptions.DataType.self) ?? options.dtype
        let bytes = try quantity(
            "buckets", "a size from 4KiB up, as in 4MiB", 4096...1e12, Units.bytes)
        options.bucketBytes = bytes.map { Int($0) / 4 * 4 } ?? options.bucketBytes
        options.overlap = try bool("overlap") ?? options.overlap
        try refuse("dtype", of: method, unless: options.dtype == .float32 || method.isLinear)
        try refuse("buckets", of: method, unless: options.bucketBytes == nil || method.isLinear)
        try refuse("overlap", of: method, unless: !options.overlap || method.isLinear)
        return options
    }

    private func refuse(
        _ key: String, of method: Method, unless fits: Bool
    ) throws(ExperimentError) {
        guard !fits else { return }
        let others = key == "dtype" ? "float32, or " : ""
        throw ExperimentError(
            source: source, line: self[key]?.mark?.line ?? line, key: join(path, key),
            found: "\(self[key].map(describe) ?? key) with \(method.name)",
            allowed: others + "a linear method: dense, sketch")
    }
}
