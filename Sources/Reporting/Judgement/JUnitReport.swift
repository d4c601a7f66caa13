public import Judging

/// What a gate found as JUnit XML, which CI systems show: a suite for every case, a test for every
/// figure.
public enum JUnitReport {
    /// The whole file.
    public static func render(_ judgement: Judgement, _ sides: JudgedSides) -> String {
        let suites = suites(judgement)
        let cases = suites.flatMap(\.cases)
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites name=\"\(XMLText.attribute(sides.words))\" \(counts(cases))>\n"
        for suite in suites {
            let name = XMLText.attribute(suite.name)
            xml += "  <testsuite name=\"\(name)\" \(counts(suite.cases))>\n"
            for one in suite.cases { xml += line(one, of: suite.name) }
            xml += "  </testsuite>\n"
        }
        return xml + "</testsuites>\n"
    }

    private struct Case {
        enum Result { case passed, failed, skipped }
        var name: String
        var result: Result
        var word: String
        var reason: String
    }

    private struct Suite {
        var name: String
        var cases: [Case]
    }

    private static func suites(_ judgement: Judgement) -> [Suite] {
        var suites: [Suite] = []
        func add(_ one: Case, to name: String) {
            if let place = suites.firstIndex(where: { $0.name == name }) {
                suites[place].cases.append(one)
            } else {
                suites.append(Suite(name: name, cases: [one]))
            }
        }
        for finding in judgement.findings {
            add(
                Case(
                    name: finding.metric.rawValue, result: result(finding), word: finding.word,
                    reason: finding.reason), to: "\(finding.experiment)/\(finding.variant)")
        }
        for one in judgement.differences {
            add(
                Case(
                    name: one.key, result: .failed, word: "differs",
                    reason: "not compared: \(one.words)"), to: "context")
        }
        return suites
    }

    private static func result(_ finding: Finding) -> Case.Result {
        switch finding.outcome {
        case .worse: .failed
        case .cannotTell: .skipped
        case .same, .better, .suspicious, .tolerated, .notConfirmed: .passed
        }
    }

    private static func counts(_ cases: [Case]) -> String {
        let failed = cases.filter { $0.result == .failed }.count
        let skipped = cases.filter { $0.result == .skipped }.count
        return "tests=\"\(cases.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"\(skipped)\""
    }

    private static func line(_ one: Case, of suite: String) -> String {
        let open =
            "    <testcase classname=\"\(XMLText.attribute(suite))\" "
            + "name=\"\(XMLText.attribute(one.name))\""
        let message = XMLText.attribute("\(one.word): \(one.reason)")
        switch one.result {
        case .failed:
            return "\(open)><failure message=\"\(message)\" type=\"regression\"/></testcase>\n"
        case .skipped: return "\(open)><skipped message=\"\(message)\"/></testcase>\n"
        case .passed:
            return "\(open)><system-out>\(message)</system-out></testcase>\n"
        }
    }
}
