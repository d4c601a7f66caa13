import Foundation
import FoundationXML
import Judging
import Reporting
import Testing

@Suite struct JudgementReportTests {
    private static let hostile = "a|b<script>&\"'`*@x]]>\u{1B}[31m\u{1}\n# c"

    private func runs(_ name: String, steps: [Double], bytes: Double = 100) -> [MeasuredRun] {
        steps.enumerated().map { index, milliseconds in
            var run = MeasuredRun(
                name: "run \(index)", experiment: name, variant: name, seed: UInt64(index),
                caseHash: "c", contextHash: "x")
            run.values = [.bytesSent: bytes, .step: milliseconds, .finalLoss: 0.5]
            return run
        }
    }

    private let times = [20.1, 19.9, 20.0, 20.25, 19.8, 20.05, 19.95]

    private func judged(_ name: String) -> (Judgement, JudgedSides) {
        let judgement = Judgement(
            baseline: runs(name, steps: times),
            candidate: runs(name, steps: times.map { $0 * 1.07 }, bytes: 101))
        let sides = JudgedSides(
            baseline: name, candidate: "4-6", baselineRuns: ["run 1"], candidateRuns: ["run 4"])
        return (judgement, sides)
    }

    /// What a parser finds.
    private final class Found: NSObject, XMLParserDelegate {
        var suites: [String] = []
        var tests: [String] = []
        var failures: [String] = []
        var counts: [String: String] = [:]

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            switch name {
            case "testsuites": counts = attributes
            case "testsuite": suites.append(attributes["name"] ?? "")
            case "testcase": tests.append(attributes["name"] ?? "")
            case "failure": failures.append(attributes["message"] ?? "")
            default: break
            }
        }
    }

    @Test("JUnit XML parses, with every finding as a test", arguments: ["ci", hostile])
    func junit(name: String) throws {
        let (judgement, sides) = judged(name)
        let found = Found()
        let parser = XMLParser(data: Data(JUnitReport.render(judgement, sides).utf8))
        parser.delegate = found
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(found.tests == ["bytesSent", "finalLoss", "step"])
        #expect(found.suites.count == 1)
        #expect(found.failures.count == 2)
        #expect(found.failures.first?.hasPrefix("more: 7 of 7 count more") == true)
        #expect(found.counts["tests"] == "3" && found.counts["failures"] == "2")
        if name == "ci" { #expect(found.suites == ["ci/ci"]) }
    }

    @Test("a mismatch is a failed test for every key")
    func mismatch() throws {
        var others = runs("ci", steps: times)
        for index in others.indices { others[index].contextHash = "y<" }
        let judgement = Judgement(baseline: runs("ci", steps: times), candidate: others)
        let found = Found()
        let parser = XMLParser(data: Data(JUnitReport.render(judgement, judged("ci").1).utf8))
        parser.delegate = found
        #expect(parser.parse() && found.failures.count == 1 && found.suites == ["context"])
        let text = JudgementReport.text(judgement, judged("ci").1, width: nil)
        #expect(text.contains("Not compared") && text.contains("--ignore-context context"))
    }

    @Test("the Markdown table has a row for every finding, and no markup comes from names")
    func markdown() {
        let (judgement, sides) = judged(Self.hostile)
        let text = JudgementReport.markdown(judgement, sides)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count == 2 + 3)
        let bars = rows.map { row in row.replacing("\\|", with: "").filter { $0 == "|" }.count }
        #expect(Set(bars).count == 1)
        #expect(!text.contains("<script>") && !text.contains("\u{1B}") && !text.contains("@x"))
        #expect(!text.contains("\n# c") && text.hasPrefix("### Regression: 2 of 3 got worse."))
    }

    @Test("the table says the change, the interval, p and the verdict")
    func table() {
        let (judgement, sides) = judged("ci")
        let text = JudgementReport.text(judgement, sides, width: nil)
        #expect(text.hasPrefix("Regression: 2 of 3 got worse. Candidate 4-6 (1 runs) against"))
        #expect(text.contains("+7.00 %") && text.contains("slower") && text.contains(" same\n"))
        #expect(text.contains("the smallest that these runs could give is 0.016"))
        let narrow = JudgementReport.text(judgement, sides, width: 80)
        let table = narrow.split(separator: "\n").filter { $0.contains("bytesSent  ") }
        #expect(table.allSatisfy { $0.count <= 80 })
    }

    @Test("JSON has every key of every finding")
    func json() throws {
        let (judgement, sides) = judged(Self.hostile)
        let text = JudgementReport.json(judgement, sides)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["verdict"] as? String == "regression")
        let findings = try #require(object["findings"] as? [[String: Any]])
        #expect(findings.count == 3 && findings.allSatisfy { $0.count == 14 })
        #expect(findings[0]["experiment"] as? String == Self.hostile)
        #expect(findings[0]["evidence"] is NSNull)
        let evidence = try #require(findings[2]["evidence"] as? [String: Any])
        #expect(evidence["noiseFloor"] is NSNull && evidence["test"] as? String == "signed-rank")
    }
}
