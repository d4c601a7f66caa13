import Experiment

/// The keys that the reader accepts, found by asking it: a key that nobody knows is refused with all
/// those that are known there.
enum AcceptedKeys {
    private static let nobody = "nobodyKnowsThis"
    /// Groups that take the keys of a variant again.
    private static let repetitions: Set<String> = ["variants[]", "matrix"]

    /// Paths of every key, as in `optimizer.momentum` and `faults[].at`; those of `variants` are
    /// named once, at the top.
    static let all: Set<String> = {
        var found: Set<String> = []
        for key in known(in: []) ?? [] { add([key], to: &found) }
        let above = Set(known(in: []) ?? [])
        let inVariants = Set(known(in: ["variants[]"]) ?? [])
        return found.union(inVariants.subtracting(above).map { "variants[].\($0)" })
    }()

    private static func add(_ path: [String], to found: inout Set<String>) {
        found.insert(path.joined(separator: "."))
        for group in [path, path.dropLast() + [(path.last ?? "") + "[]"]] {
            guard !repetitions.contains(group.joined(separator: ".")) else { continue }
            for key in known(in: group) ?? [] { add(group + [key], to: &found) }
        }
    }

    /// Keys of a group; `nil` when the reader takes no keys there.
    private static func known(in group: [String]) -> [String]? {
        var text = "\(nobody): 1"
        for name in group.reversed() {
            let isList = name.hasSuffix("[]")
            text = "\(name.replacing("[]", with: "")): \(isList ? "[{\(text)}]" : "{\(text)}")"
        }
        do {
            _ = try ExperimentLoader.parse(text: "experiment: e\n\(text)\n", source: "")
        } catch  where error.key.hasSuffix(nobody) && error.found == "an unknown key" {
            let place = (group + [nobody]).joined(separator: ".").replacing("[]", with: "[0]")
            guard error.key == place else { return nil }
            let list = error.allowed.split(separator: " (did you mean").first ?? ""
            return list.split(separator: ", ").map(String.init)
        } catch {}
        return nil
    }
}
