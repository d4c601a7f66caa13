import Foundation

/// What a request asks for.
///
/// An experiment is `/experiments/NAME` or `/experiments?name=NAME`: the names `.` and `..` a browser
/// takes out of a path, however they are written.
enum DashboardRoute: Equatable {
    case index
    case experiment(String)
    case run(Int64)
    case script
    case events
    case metrics
    case health

    /// From a request's target, such as `/experiments/a%2Fb`; `nil` for one that is no page.
    init?(_ target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? String(parts[1]) : ""
        switch parts.first.map(String.init) {
        case "/": self = .index
        case "/live.js": self = .script
        case "/events": self = .events
        case "/metrics": self = .metrics
        case "/healthz": self = .health
        case "/experiments":
            guard let name = Self.value("name", of: query) else { return nil }
            self = .experiment(name)
        case .some(let path):
            if let name = Self.rest(of: path, after: "/experiments/") {
                self = .experiment(name)
            } else if let number = Self.rest(of: path, after: "/runs/").flatMap({ Int64($0) }) {
                self = .run(number)
            } else {
                return nil
            }
        case nil: return nil
        }
    }

    /// Where a page is.
    var target: String {
        switch self {
        case .index: "/"
        case .experiment(let name):
            [".", ".."].contains(name)
                ? "/experiments?name=\(name)" : "/experiments/\(Self.encoded(name))"
        case .run(let number): "/runs/\(number)"
        case .script: "/live.js"
        case .events: "/events"
        case .metrics: "/metrics"
        case .health: "/healthz"
        }
    }

    /// The one part of a path after a beginning, decoded.
    private static func rest(of path: String, after beginning: String) -> String? {
        guard path.hasPrefix(beginning) else { return nil }
        let rest = path.dropFirst(beginning.count)
        return rest.isEmpty || rest.contains("/") ? nil : String(rest).removingPercentEncoding
    }

    private static func value(_ key: String, of query: String) -> String? {
        let prefix = key + "="
        let pair = query.split(separator: "&").first { $0.hasPrefix(prefix) }
        return pair.flatMap { String($0.dropFirst(prefix.count)).removingPercentEncoding }
    }

    /// All but the unreserved characters of RFC 3986 as percent signs and digits.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
            return isPlain || "-._~".unicodeScalars.contains(scalar)
                ? String(Character(scalar))
                : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
