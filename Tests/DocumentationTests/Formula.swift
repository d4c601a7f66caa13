/// Evaluates the arithmetic of the formulas on the pages: numbers, names, `+ - * /`, parentheses.
struct Formula {
    struct Mistake: Error {
        var text: String
    }

    private var rest: Substring
    private let values: [String: Double]

    /// - Throws: `Mistake` for what is no formula, or names nothing.
    static func value(of text: String, _ values: [String: Double]) throws -> Double {
        var formula = Formula(rest: text[...], values: values)
        let value = try formula.sum()
        guard formula.next() == nil else { throw Mistake(text: "\(formula.rest) in \(text)") }
        return value
    }

    private mutating func sum() throws -> Double {
        var value = try product()
        while let sign = take("+-") {
            let term = try product()
            value = sign == "+" ? value + term : value - term
        }
        return value
    }

    private mutating func product() throws -> Double {
        var value = try atom()
        while let sign = take("*/") {
            let factor = try atom()
            value = sign == "*" ? value * factor : value / factor
        }
        return value
    }

    private mutating func atom() throws -> Double {
        if take("(") != nil {
            let value = try sum()
            guard take(")") != nil else { throw Mistake(text: "no ) before \(rest)") }
            return value
        }
        _ = next()
        let word = rest.prefix { $0.isLetter || $0.isNumber }
        rest = rest.dropFirst(word.count)
        guard let value = Double(word) ?? values[String(word)] else {
            throw Mistake(text: "nothing is named \(word) before \(rest)")
        }
        return value
    }

    private mutating func next() -> Character? {
        rest = rest.drop { $0 == " " }
        return rest.first
    }

    private mutating func take(_ any: String) -> Character? {
        guard let found = next(), any.contains(found) else { return nil }
        rest = rest.dropFirst()
        return found
    }
}
