import Yams

/// Lays variants or the cells of a matrix over the keys above them.
struct Expansion {
    let top: Reader
    let source: String

    /// Variants of one experiment.
    static let maximumVariants = 4096
    /// Keys of a group; none that is known has so many.
    private static let maximumGroupKeys = 64

    private static let topOnly: Set<String> = [
        "experiment", "seeds", "baseline", "variants", "matrix",
    ]

    /// One merged node per variant, with its path for errors.
    func variants() throws(ExperimentError) -> [(path: String, node: Node)] {
        if top.has("variants"), top.has("matrix") {
            throw top.error("matrix", "either variants or matrix, not both")
        }
        if let node = top["variants"] { return try listed(node) }
        if let node = top["matrix"] { return try grid(node) }
        return [("", merged(with: Node.Mapping([])))]
    }

    private func listed(_ node: Node) throws(ExperimentError) -> [(path: String, node: Node)] {
        guard let list = node.sequence, (1...Self.maximumVariants).contains(list.count) else {
            throw top.error(
                "variants", "a list of variants, each with a name, \(Self.maximumVariants) at most")
        }
        var result: [(path: String, node: Node)] = []
        for (index, item) in list.enumerated() {
            let path = "variants[\(index)]"
            let reader = try Reader(
                item, path: path, source: source, known: Reader.variantKeys)
            result.append((path, merged(with: reader.node)))
        }
        return result
    }

    /// The product of the lists, the last key changing fastest; names are the values joined.
    private func grid(_ node: Node) throws(ExperimentError) -> [(path: String, node: Node)] {
        let reader = try Reader(
            node, path: "matrix", source: source,
            known: Reader.variantKeys.filter { $0 != "name" })
        var cells: [(name: [String], mapping: Node.Mapping)] = [([], Node.Mapping([]))]
        for (key, value) in reader.node {
            guard let list = value.sequence, !list.isEmpty, let name = key.string else {
                throw reader.error(key.string ?? "", "a list of values")
            }
            guard list.count <= Self.maximumVariants / cells.count else {
                throw reader.error(
                    name, "lists whose product has \(Self.maximumVariants) cells at most")
            }
            cells = cells.flatMap { cell in
                list.map { item in
                    var mapping = cell.mapping
                    mapping[key] = item
                    return (cell.name + [label(name, item)], mapping)
                }
            }
        }
        return cells.map { cell in
            var mapping = cell.mapping
            mapping["name"] = Node(cell.name.joined(separator: "-"))
            return ("matrix", merged(with: mapping))
        }
    }

    /// What a value adds to the name of its cell, which is refused later when it is too long.
    private func label(_ key: String, _ value: Node, depth: Int = 0) -> String {
        switch value {
        case .scalar(let scalar):
            Int(scalar.string) == nil
                ? shortened(scalar.string) : shortened(key) + shortened(scalar.string)
        case .mapping(let mapping) where depth < 3 && mapping.count <= Self.maximumGroupKeys:
            shortened(
                mapping.map { label($0.key.string ?? "", $0.value, depth: depth + 1) }
                    .joined(separator: "-"))
        default: shortened(key)
        }
    }

    /// Keys of the variant over those of the file; groups are merged key by key, except methods
    /// and links, which only make sense whole.
    private func merged(with variant: Node.Mapping) -> Node {
        var result = Node.Mapping([], .implicit, .any, variant.mark ?? top.node.mark)
        for (key, value) in top.node where !Self.topOnly.contains(key.string ?? "") {
            result[key] = value
        }
        for (key, value) in variant {
            if case .mapping(let over) = value, case .mapping(var under)? = result[key],
                !["method", "link"].contains(key.string),
                over.count + under.count <= Self.maximumGroupKeys
            {
                for (inner, item) in over { under[inner] = item }
                result[key] = .mapping(under)
            } else {
                result[key] = value
            }
        }
        return .mapping(result)
    }
}
