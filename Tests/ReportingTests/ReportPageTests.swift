import Foundation
import Reporting
import RunStore
import Testing

@Suite struct ReportPageTests {
    private static let hostile = [
        "plain", "<script>alert(1)</script>", "a\"b'c", "]]>&amp;<!--", "-rf",
        "ü \u{1} \u{FFFF} 日本",
    ]

    @Test(
        "a page is well-formed, says its name and runs nothing, whatever names are",
        arguments: hostile)
    func hostileNames(name: String) throws {
        let scene = try ReportScene()
        try scene.complete(name, experiment: name, text: "experiment: \(name)\n</pre><b>")
        try scene.complete("other", experiment: name)
        let page = try ReportPage.html(experiment: name, from: scene.store)
        let reader = try PageReader(page)
        #expect(reader.all("script").isEmpty && reader.all("b").isEmpty)
        let plain = name.unicodeScalars.map { scalar in
            ["\u{1}", "\u{FFFF}"].contains(scalar) ? " " : Character(scalar)
        }
        #expect(reader.all("h1").map(\.text) == [String(plain)])
    }

    @Test("every figure has pictures with words, a caption and a table of its own")
    func figures() throws {
        let scene = try ReportScene()
        try scene.complete("small", workers: 2, bytes: 10)
        try scene.complete("large", workers: 4, bytes: 5000)
        let lost = try scene.complete("lossy")
        try scene.store.record(recovery: recovery(of: lost))
        let page = try ReportPage.html(experiment: "made", from: scene.store)
        let reader = try PageReader(page)
        let figures = reader.all("figure").compactMap { $0.attributes["id"] }
        #expect(
            figures == [
                "loss-step", "loss-seconds", "loss-bytes", "accuracy-seconds", "phases", "bytes",
                "front", "scaling", "waiting", "faults",
            ])
        func inside(_ name: String) -> Int {
            reader.all(name).count { $0.parents.contains("figure") }
        }
        #expect(inside("figcaption") == figures.count && inside("details") == figures.count)
        #expect(inside("table") == figures.count && inside("svg") == figures.count + 1)
        let words = reader.all("svg").compactMap { $0.attributes["aria-label"] }
        #expect(words.contains { $0.contains("small: 0.0333 at step 30") })
        #expect(words.contains { $0.contains("large: 4.88 KiB") })
        for picture in reader.all("svg") {
            #expect(picture.attributes["role"] == "img")
            #expect(picture.attributes["aria-label"]?.isEmpty == false)
        }
        let rows = reader.all("tr").count { $0.parents.contains("figure") }
        #expect(rows > 2 * figures.count)
        let identities = reader.elements.compactMap { $0.attributes["id"] }
        #expect(Set(identities).count == identities.count)
    }

    private func recovery(of run: Int64) -> RecoveryRow {
        var row = RecoveryRow(
            run: run, generation: 1, cause: .workerLost, detectedAt: Date(), step: 9,
            worldBefore: 2, worldAfter: 1)
        row.recoveredAt = Date(timeIntervalSinceNow: 0.5)
        row.node = "worker-1"
        return row
    }

    @Test("a page asks for nothing from elsewhere")
    func selfContained() throws {
        let scene = try ReportScene()
        try scene.complete("a", text: "see https://example.org/\n")
        let reader = try PageReader(try ReportPage.html(experiment: "made", from: scene.store))
        for element in reader.elements {
            for (name, value) in element.attributes {
                #expect(!["src", "srcset", "data", "action", "style"].contains(name), "\(value)")
                #expect(!name.hasPrefix("on"), "\(name)")
                if name == "href" { #expect(value.hasPrefix("#"), "\(value)") }
            }
        }
        for sheet in reader.all("style") {
            #expect(!sheet.text.contains("url(") && !sheet.text.contains("@import"))
        }
        #expect(["link", "script", "iframe", "object"].allSatisfy { reader.all($0).isEmpty })
    }

    @Test("the same database gives the same bytes")
    func deterministic() throws {
        let scene = try ReportScene()
        for variant in ["a", "b", "c"] {
            for seed in 1...3 { try scene.complete(variant, seed: UInt64(seed)) }
        }
        let first = try ReportPage.html(experiment: "made", from: scene.store)
        let again = try RunStore(path: scene.store.path, readOnly: true)
        #expect(try ReportPage.html(experiment: "made", from: again) == first)
    }

    @Test("an experiment whose every run failed says why, and draws how far they came")
    func failedOnly() throws {
        let scene = try ReportScene()
        try scene.fail("a")
        try scene.fail("b", seed: 2)
        let page = try ReportPage.html(experiment: "made", from: scene.store)
        let reader = try PageReader(page)
        let alarms = reader.all("li").filter { $0.text.contains("worker 1 <was> lost") }
        #expect(alarms.count == 2)
        #expect(reader.all("text").contains { $0.text == "a: failed" })
        #expect(reader.all("p").contains { $0.text.hasPrefix("2 variants, 2 runs: 2 failed.") })
    }

    @Test("an experiment without a step says so")
    func empty() throws {
        let scene = try ReportScene()
        try scene.fail("a", steps: 0)
        let reader = try PageReader(try ReportPage.html(experiment: "made", from: scene.store))
        #expect(reader.all("figure").isEmpty)
        #expect(reader.all("p").contains { $0.text.hasPrefix("No step is recorded") })
    }

    @Test("a seed that failed is shown beside the median of the others, and counted")
    func troubledSeed() throws {
        let scene = try ReportScene()
        try scene.complete("a", seed: 1)
        try scene.complete("a", seed: 2)
        try scene.fail("a", seed: 3)
        let reader = try PageReader(try ReportPage.html(experiment: "made", from: scene.store))
        let texts = reader.all("text").map(\.text)
        #expect(texts.contains("a (2 seeds)") && texts.contains("a seed 3: failed"))
        #expect(reader.all("td").contains { $0.text == "2 of 3 seeds, 1 failed" })
    }

    @Test("a served page has the server's script and links to runs, and nothing else of it")
    func framed() throws {
        let scene = try ReportScene()
        let run = try scene.complete("a")
        let frame = ReportFrame(script: "/live.js", home: ("/", "Peerless")) { "/runs/\($0)" }
        let page = try ReportPage.html(experiment: "made", from: scene.store, frame: frame)
        let reader = try PageReader(page)
        #expect(reader.all("script").map { $0.attributes["src"] } == ["/live.js"])
        let links = Set(reader.all("a").compactMap { $0.attributes["href"] })
        #expect(links.filter { !$0.hasPrefix("#") }.sorted() == ["/", "/runs/\(run)"])
    }

    @Test("an experiment that is not there is named")
    func unknown() throws {
        let scene = try ReportScene()
        try scene.complete("a")
        #expect(throws: StoreError.self) {
            try ReportPage.html(experiment: "nothing", from: scene.store)
        }
    }
}
