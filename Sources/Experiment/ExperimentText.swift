import Foundation
import Yams

/// The YAML of an experiment as nodes, bounded before anything grows.
///
/// Yams lays out aliases as it reads: a few lines of them can stand for more nodes than there is
/// memory, and comparing keys walks through all of them. So their number is bounded by what they
/// could multiply the text to. Nesting is bounded by libyaml, at 1,000 levels.
enum ExperimentText {
    /// Bytes of the longest text.
    static let maximumBytes = 1 << 20
    /// Bytes of the longest text, once every alias is written out.
    private static let maximumExpandedBytes = 1 << 22

    /// The root of a text; `nil` when it is empty.
    ///
    /// - Throws: `ExperimentError` when it is too long, multiplies or is not YAML.
    static func compose(_ text: String, source: String) throws(ExperimentError) -> Node? {
        try checkSize(text, source: source)
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ExperimentError(
                source: source, line: line(of: error), key: "",
                found: "text that is not YAML", allowed: "YAML; the parser says: \(short(error))")
        } catch {
            throw ExperimentError(
                source: source, line: nil, key: "", found: "\(error)", allowed: "YAML")
        }
    }

    private static func checkSize(_ text: String, source: String) throws(ExperimentError) {
        let count = text.utf8.count
        guard count <= maximumBytes else {
            throw ExperimentError(
                source: source, line: nil, key: "", found: "\(count) bytes",
                allowed: "UTF-8 text of at most 1 MiB")
        }
        // The most paths that so many references can make: three to each level below.
        let aliases = aliases(in: text)
        let growth = pow(3, (Double(aliases) / 3).rounded(.up))
        guard aliases == 0 || Double(count) * growth <= Double(maximumExpandedBytes) else {
            throw ExperimentError(
                source: source, line: nil, key: "", found: "\(aliases) aliases in \(count) bytes",
                allowed: "fewer; write out what some of the *names stand for")
        }
    }

    /// How often an alias may begin; more than there are where a text or comment looks like one.
    private static func aliases(in text: String) -> Int {
        var count = 0
        var previous = UInt8(ascii: " ")
        for byte in text.utf8 {
            if byte == UInt8(ascii: "*"), !isLetterOrDigit(previous) { count += 1 }
            previous = byte
        }
        return count
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// What the parser says, with as much of a line as can be read.
    private static func short(_ error: YamlError) -> String {
        let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.prefix(maximumShown) }.joined(separator: "\n")
    }

    private static let maximumShown = 160

    private static func line(of error: YamlError) -> Int? {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _),
            .composer(_, _, let mark, _):
            mark.line
        default: nil
        }
    }
}
