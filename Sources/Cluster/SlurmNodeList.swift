/// Slurm's compressed list of nodes, such as `node[01-03,07],gpu1`: the nodes in order.
///
/// ```
/// list  = item *("," item)
/// item  = 1*(text | "[" range *("," range) "]")
/// range = digits ["-" digits]           ; equal widths keep leading zeros
/// ```
package struct SlurmNodeList: Equatable, Sendable {
    /// Longest text and most nodes that are taken; a list is read before anything is started.
    private static let limit = 65_536
    /// Bytes of a domain name at most (RFC 1035); also bounds the names' memory.
    private static let longestName = 253

    /// Names in the list's order.
    package let nodes: [String]

    /// Reads a list.
    ///
    /// - Throws: `ClusterError` with the list and what is wrong with it.
    package init(parsing text: String) throws(ClusterError) {
        guard !text.isEmpty, text.utf8.count <= Self.limit else {
            throw ClusterError("a list of nodes has 1 to \(Self.limit) characters")
        }
        var nodes: [String] = []
        for item in try Self.items(of: text) {
            nodes += try Self.expand(item, of: text)
            guard nodes.count <= Self.limit else {
                throw Self.error(text, "more than \(Self.limit) nodes")
            }
        }
        self.nodes = nodes
    }

    /// Cuts at the commas outside brackets.
    private static func items(of text: String) throws(ClusterError) -> [Substring] {
        var items: [Substring] = []
        var start = text.startIndex
        var isInside = false
        for position in text.indices {
            switch text[position] {
            case "[" where isInside: throw error(text, "a [ within [ ]")
            case "[": isInside = true
            case "]" where !isInside: throw error(text, "a ] without a [")
            case "]": isInside = false
            case "," where !isInside:
                items.append(text[start..<position])
                start = text.index(after: position)
            default: break
            }
        }
        guard !isInside else { throw error(text, "a [ without a ]") }
        return items + [text[start...]]
    }

    /// Every name of an item: the product of its texts and brackets.
    private static func expand(_ item: Substring, of text: String) throws(ClusterError) -> [String]
    {
        var names = [""]
        var rest = item
        guard !rest.isEmpty else { throw error(text, "an empty name") }
        while !rest.isEmpty {
            let plain = rest.prefix { $0 != "[" }
            guard plain.allSatisfy(isNameCharacter) else {
                throw error(text, "the name \(plain.prefix(80))")
            }
            let longest = names.map(\.utf8.count).max() ?? 0
            guard longest + plain.utf8.count <= longestName else {
                throw error(text, "a name of more than \(longestName) characters")
            }
            names = names.map { $0 + plain }
            rest = rest.dropFirst(plain.count)
            guard !rest.isEmpty else { break }
            let inside = rest.dropFirst().prefix { $0 != "]" }
            let numbers = try self.numbers(in: inside, of: text)
            guard names.count * numbers.count <= limit else {
                throw error(text, "more than \(limit) nodes")
            }
            names = names.flatMap { name in numbers.map { name + $0 } }
            rest = rest.dropFirst(inside.count + 2)
        }
        return names
    }

    private static func numbers(
        in ranges: Substring, of text: String
    ) throws(ClusterError) -> [String] {
        var numbers: [String] = []
        for range in ranges.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = range.split(separator: "-", omittingEmptySubsequences: false)
            let values = ends.compactMap { digits in
                digits.allSatisfy { $0.isASCII && $0.isNumber } && digits.count <= 9
                    ? Int(digits) : nil
            }
            guard (1...2).contains(ends.count), values.count == ends.count,
                values[0] <= values[values.count - 1]
            else { throw error(text, "the range [\(range.prefix(80))]") }
            guard values[values.count - 1] - values[0] < limit, numbers.count < limit else {
                throw error(text, "more than \(limit) nodes")
            }
            numbers += (values[0]...values[values.count - 1]).map {
                let digits = String($0)
                return String(repeating: "0", count: max(0, ends[0].count - digits.count)) + digits
            }
        }
        return numbers
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || "-_.".contains(character))
    }

    private static func error(_ text: String, _ found: String) -> ClusterError {
        ClusterError(
            "the node list \(text.prefix(80)): found \(found); allowed: names with ranges, as in "
                + "node[01-03,07],gpu1")
    }
}
