import Yams

/// Reads one mapping of the file strictly: every key must be known and every value fit.
struct Reader {
    let node: Node.Mapping
    let path: String
    let source: String
    let line: Int?

    /// A reader of a node that must be a mapping.
    init(_ node: Node, path: String, source: String, known: [String]) throws(ExperimentError) {
        self.path = path
        self.source = source
        line = node.mark?.line
        guard case .mapping(let mapping) = node else {
            throw ExperimentError(
                source: source, line: line, key: path, found: describe(node),
                allowed: "keys and values: \(known.joined(separator: ", "))")
        }
        self.node = mapping
        var seen: Set<String> = []
        for (key, _) in mapping {
            let name = key.string ?? describe(key)
            let place = join(path, name)
            guard known.contains(name) else {
                throw ExperimentError(
                    source: source, line: key.mark?.line, key: place, found: "an unknown key",
                    allowed: Self.suggestion(for: name, among: known))
            }
            guard seen.insert(name).inserted else {
                throw ExperimentError(
                    source: source, line: key.mark?.line, key: place, found: "the key twice",
                    allowed: "once")
            }
        }
    }

    func has(_ key: String) -> Bool { self[key] != nil }

    subscript(key: String) -> Node? {
        node.first { $0.key.string == key }?.value
    }

    /// The error for a key's value.
    func error(_ key: String, _ allowed: String) -> ExperimentError {
        ExperimentError(
            source: source, line: self[key]?.mark?.line ?? line, key: join(path, key),
            found: self[key].map(describe) ?? "nothing", allowed: allowed)
    }

    /// A value of a key that may be missing.
    func value<Value>(
        _ key: String, _ allowed: String, _ parse: (Node) -> Value?
    ) throws(ExperimentError) -> Value? {
        guard let node = self[key] else { return nil }
        guard let value = parse(node) else { throw error(key, allowed) }
        return value
    }

    func int(_ key: String, _ range: ClosedRange<Int>) throws(ExperimentError) -> Int? {
        let allowed =
            range.upperBound == .max
            ? "a whole number from \(range.lowerBound) up"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return try value(key, allowed) { node in
            node.scalar.flatMap { Int($0.string) }.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func double(
        _ key: String, _ allowed: String, _ fits: (Double) -> Bool
    ) throws(ExperimentError) -> Double? {
        try value(key, allowed) { node in
            node.scalar.flatMap { Double($0.string) }.flatMap {
                $0.isFinite && fits($0) ? $0 : nil
            }
        }
    }

    func bool(_ key: String) throws(ExperimentError) -> Bool? {
        try value(key, "true or false") { $0.bool }
    }

    func string(_ key: String) throws(ExperimentError) -> String? {
        let text = try value(key, "a text of at most 200 bytes") { node in
            node.scalar.flatMap { $0.string.utf8.count <= 200 ? $0.string : nil }
        }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Choice.Type
    ) throws(ExperimentError) -> Choice? where Choice.RawValue == String {
        let names = type.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(key, names) { $0.scalar.flatMap { Choice(rawValue: $0.string) } }
    }

    func count(_ key: String) throws(ExperimentError) -> Count? {
        try value(key, "a whole number from 1 up, or a share above 0% up to 100%") { node in
            guard let text = node.scalar?.string else { return nil }
            if text.hasSuffix("%"), let share = Double(text.dropLast()) {
                return share > 0 && share <= 100 ? .percent(share) : nil
            }
            return Int(text).flatMap { $0 >= 1 ? .absolute($0) : nil }
        }
    }

    /// A quantity with a unit, between bounds.
    func quantity(
        _ key: String, _ allowed: String, _ range: ClosedRange<Double>,
        _ parse: (String) -> Double?
    ) throws(ExperimentError) -> Double? {
        try value(key, allowed) { node in
            node.scalar.flatMap { parse($0.string) }.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private static func suggestion(for name: String, among known: [String]) -> String {
        let all = known.joined(separator: ", ")
        guard name.utf8.count <= 64 else { return all }
        let near = known.min { distance($0, name) < distance($1, name) }
        guard let near, distance(near, name) <= max(1, name.count / 3) else { return all }
        return "\(all) (did you mean \(near)?)"
    }

    /// Levenshtein distance.
    private static func distance(_ a: String, _ b: String) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}

/// A key below others.
func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? shortened(key) : "\(path).\(shortened(key))"
}

/// A text, or its first 100 bytes with a sign that there is more.
func shortened(_ text: String) -> String {
    text.utf8.count <= 100 ? text : String(decoding: text.utf8.prefix(100), as: UTF8.self) + "..."
}

/// What stands there, for an error; no more than the beginning of a long text.
func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): "\"\(shortened(scalar.string))\""
    case .mapping(let mapping): "a mapping of \(mapping.count) keys"
    case .sequence(let sequence): "a list of \(sequence.count)"
    case .alias: "an alias"
    }
}
