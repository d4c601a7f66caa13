import Yams

/// A `--set key=value` of the command line.
struct Override {
    private let text: String
    private let keys: [String]
    private let value: Node

    init(_ text: String) throws(ExperimentError) {
        self.text = text
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty,
            let value = try? ExperimentText.compose(String(parts[1]), source: "--set")
        else {
            throw ExperimentError(
                source: "--set", line: nil, key: "", found: "\"\(text)\"",
                allowed: "key=value, as in steps=50 or link.bandwidth=100mbit")
        }
        keys = parts[0].split(separator: ".").map(String.init)
        guard (1...8).contains(keys.count) else {
            throw ExperimentError(
                source: "--set", line: nil, key: "", found: "\(keys.count) keys joined by dots",
                allowed: "1 to 8, as in link.bandwidth=100mbit")
        }
        self.value = value
    }

    /// The root with the value in its place; groups that are missing are made.
    func applied(to root: Node) throws(ExperimentError) -> Node {
        try put(into: root, keys[...])
    }

    private func put(into node: Node, _ keys: ArraySlice<String>) throws(ExperimentError) -> Node {
        guard let key = keys.first else { return value }
        guard case .mapping(var mapping) = node else {
            throw ExperimentError(
                source: "--set", line: nil, key: text, found: "\(describe(node)) above \(key)",
                allowed: "a key of a group of keys")
        }
        let below = mapping.first { $0.key.string == key }?.value
        let rest = keys.dropFirst()
        let name = mapping.first { $0.key.string == key }?.key ?? Node(key)
        mapping[name] = try put(into: rest.isEmpty ? value : below ?? .mapping([:]), rest)
        return .mapping(mapping)
    }
}
