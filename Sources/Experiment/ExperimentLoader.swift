import Foundation
import Yams

/// Loads experiment files: strict, with the place of every fault, before anything starts.
public enum ExperimentLoader {
    private static let topKeys =
        ["experiment", "seeds", "baseline", "variants", "matrix"] + Reader.variantKeys.dropFirst()

    /// Reads a file and lays `overrides` ("key=value", nested keys joined by dots) over it.
    ///
    /// - Throws: the first fault, with file, line, key, what was found and what is allowed.
    public static func load(
        path: String, overrides: [String] = []
    ) throws(ExperimentError) -> ExperimentPlan {
        let data = try beginning(of: path)
        guard let text = String(data: data, encoding: .utf8),
            data.count <= ExperimentText.maximumBytes
        else {
            let isLong = data.count > ExperimentText.maximumBytes
            throw ExperimentError(
                source: path, line: nil, key: "",
                found: isLong ? "more than 1 MiB" : "\(data.count) bytes that are no text",
                allowed: "UTF-8 text of at most 1 MiB")
        }
        return try parse(text: text, source: path, overrides: overrides)
    }

    /// Reads an experiment from text of at most 1 MiB, with at most 4096 variants.
    ///
    /// - Throws: the first fault, as `load` does.
    public static func parse(
        text: String, source: String, overrides: [String] = []
    ) throws(ExperimentError) -> ExperimentPlan {
        var root = try compose(text, source: source)
        for override in overrides { root = try Override(override).applied(to: root) }
        let top = try Reader(root, path: "", source: source, known: topKeys)
        guard let name = try top.string("experiment") else {
            throw top.error("experiment", "a name for the experiment")
        }
        let nodes = try Expansion(top: top, source: source).variants()
        var variants: [Variant] = []
        var names: Set<String> = []
        for node in nodes {
            let reader = try Reader(
                node.node, path: node.path, source: source, known: Reader.variantKeys)
            let variant = try reader.variant(experiment: name)
            guard names.insert(variant.name).inserted else {
                throw ExperimentError(
                    source: source, line: reader.line, key: join(node.path, "name"),
                    found: "\"\(variant.name)\" twice", allowed: "a name of its own per variant")
            }
            variants.append(variant)
        }
        let baseline = try top.string("baseline")
        if let baseline, !variants.contains(where: { $0.name == baseline }) {
            throw top.error("baseline", variants.map(\.name).joined(separator: ", "))
        }
        return ExperimentPlan(
            name: name, source: source, text: text, seeds: try seeds(top), variants: variants,
            baseline: baseline)
    }

    /// A file's bytes, or so many of them that they are too many.
    private static func beginning(of path: String) throws(ExperimentError) -> Data {
        do {
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw CocoaError(.fileReadUnknown)
            }
            defer { try? file.close() }
            return try file.read(upToCount: ExperimentText.maximumBytes + 1) ?? Data()
        } catch {
            throw ExperimentError(
                source: path, line: nil, key: "", found: "no readable file",
                allowed: "the path of an experiment file, as in configs/quickstart.yaml")
        }
    }

    private static func compose(_ text: String, source: String) throws(ExperimentError) -> Node {
        guard let node = try ExperimentText.compose(text, source: source) else {
            throw ExperimentError(
                source: source, line: nil, key: "", found: "an empty file",
                allowed: "an experiment, as in configs/quickstart.yaml")
        }
        return node
    }

    private static func seeds(_ top: Reader) throws(ExperimentError) -> [UInt64] {
        let allowed = "a list of at most 1000 different whole numbers from 0 up, as in [1, 2, 3]"
        let seeds = try top.value("seeds", allowed) { node -> [UInt64]? in
            guard let list = node.sequence, (1...1000).contains(list.count) else { return nil }
            let numbers = list.compactMap { $0.scalar.flatMap { UInt64($0.string) } }
            return numbers.count == list.count && Set(numbers).count == list.count ? numbers : nil
        }
        return seeds ?? [1]
    }
}
