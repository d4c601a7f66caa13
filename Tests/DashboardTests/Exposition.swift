/// A reader of Prometheus' text format that accepts nothing but its grammar.
enum Exposition {
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Violation: Error {
        var line: String
    }

    static func samples(_ text: String) throws -> [Sample] {
        guard text.hasSuffix("\n") else { throw Violation(line: "no line end at the end") }
        var samples: [Sample] = []
        var described: Set<String> = []
        var current = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# HELP ") {
                current = String(line.split(separator: " ")[2])
                // All lines of a metric stand together.
                guard described.insert(current).inserted else {
                    throw Violation(line: String(line))
                }
            } else if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                guard words.count == 4, words[2] == current,
                    ["gauge", "counter"].contains(words[3])
                else { throw Violation(line: String(line)) }
            } else {
                let sample = try sample(String(line))
                guard sample.name == current else { throw Violation(line: String(line)) }
                samples.append(sample)
            }
        }
        return samples
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = Array(line.unicodeScalars)[...]
        func fail() -> Violation { Violation(line: line) }
        func word() -> String {
            var word = ""
            while let first = rest.first,
                first == "_" || first == ":" || (first.isASCII && first.properties.isAlphabetic)
                    || (first.isASCII && first.properties.numericType != nil && !word.isEmpty)
            {
                word.unicodeScalars.append(first)
                rest.removeFirst()
            }
            return word
        }
        let name = word()
        guard !name.isEmpty else { throw fail() }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest.removeFirst()
                let key = word()
                guard !key.isEmpty, rest.popFirst() == "=", rest.popFirst() == "\"" else {
                    throw fail()
                }
                var value = ""
                while let next = rest.popFirst(), next != "\"" {
                    guard next == "\\" else {
                        value.unicodeScalars.append(next)
                        continue
                    }
                    switch rest.popFirst() {
                    case "n": value += "\n"
                    case "\\": value += "\\"
                    case "\"": value += "\""
                    default: throw fail()
                    }
                }
                guard labels.updateValue(value, forKey: key) == nil else { throw fail() }
            } while rest.first == ","
            guard rest.popFirst() == "}" else { throw fail() }
        }
        guard rest.popFirst() == " ",
            let number = Double(String(String.UnicodeScalarView(rest)))
        else { throw fail() }
        return Sample(name: name, labels: labels, value: number)
    }
}
