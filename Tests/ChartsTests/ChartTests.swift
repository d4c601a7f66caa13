import Charts
import Foundation
import FoundationXML
import Testing

private let hostile = "a<b>&\"'\u{1}\u{fffe}]]>é</text><script>alert(1)</script>"

private func isWellFormed(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

/// Noise that is the same every time.
private func noise(_ count: Int, seed: UInt64) -> [Point] {
    var state = seed
    return (0..<count).map { index in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Point(Double(index), Double(state >> 33) / Double(1 << 20) + 0.5)
    }
}

@Suite struct ChartTests {
    private func chart(_ names: [String], points: Int = 40) -> Chart {
        var series = names.enumerated().map { index, name in
            Series(name, noise(points, seed: UInt64(index)), look: index)
        }
        series[0].band = (0..<points).map { Series.Span(Double($0), 0.5...90) }
        var chart = Chart(
            hostile, x: Axis(hostile, unit: "s"), y: Axis("loss", isLogarithmic: true),
            series: series)
        chart.events = [Chart.Event(5, hostile), Chart.Event(5.1, "second")]
        return chart
    }

    @Test("pictures are well-formed XML whatever the names, and hold no script")
    func wellFormed() {
        let bars = BarChart(
            hostile, axis: Axis(hostile), parts: [hostile, "b"],
            bars: [.init(hostile, [1, .nan], note: hostile), .init("", [0, 0], note: "")])
        let heat = HeatStrip(
            hostile, axis: Axis(hostile), range: 0...9, unit: hostile,
            groups: [.init(hostile, [.init(hostile, [1, .nan, 0, 3]), .init("", [])])])
        let timeline = Timeline(
            hostile, axis: Axis(hostile), kinds: [hostile], moment: hostile,
            rows: [.init(hostile, length: 3, spans: [.init(1...9, kind: 0)], moments: [0, 4])])
        for image in [
            chart([hostile, "b"]).svg(), bars.svg(), heat.svg(), timeline.svg(),
            Chart("", x: Axis(""), y: Axis(""), series: []).svg(),
        ] {
            #expect(isWellFormed(image.file))
            #expect(isWellFormed(image.fragment))
            #expect(!image.file.contains("<script"))
        }
    }

    @Test("every point lies inside the picture", arguments: [1, 2, 3] as [UInt64])
    func inside(seed: UInt64) throws {
        var chart = chart(["a"])
        chart.series = [Series("a", noise(60, seed: seed), style: .points(hollow: false), look: 1)]
        chart.events = []
        let image = chart.svg(width: 400)
        let marks = image.fragment.matches(of: /class="mk [^"]*" d="M([0-9.-]+) ([0-9.-]+)/)
        #expect(marks.count == 61)
        for mark in marks {
            let (x, y) = (try #require(Double(mark.1)), try #require(Double(mark.2)))
            #expect((0...image.width).contains(x) && (0...image.height).contains(y))
        }
    }

    @Test(
        "thinning keeps the ends and the extremes, and the order",
        arguments: [1, 7, 99] as [UInt64])
    func thinning(seed: UInt64) {
        let points = noise(20_000, seed: seed)
        let thin = Thinning.extremes(points, columns: 100)
        #expect(thin.count <= 400)
        #expect(thin.first == points.first && thin.last == points.last)
        #expect(thin.map(\.y).max() == points.map(\.y).max())
        #expect(thin.map(\.y).min() == points.map(\.y).min())
        #expect(thin.map(\.x) == thin.map(\.x).sorted())
        #expect(Thinning.extremes(Array(points.prefix(50)), columns: 100).count == 50)
        // A range that no number holds has no equal parts.
        let wide = (0..<1_000).map { Point($0 < 500 ? -1e308 : 1e308, 0) }
        #expect(Thinning.extremes(wide, columns: 100).count == 1_000)
    }

    @Test("twenty-eight lines differ in colour or dash, neighbours in both")
    func looks() {
        let looks = (0..<28).map { "\($0 % Palette.seriesColours) \(Palette.dash($0))" }
        #expect(Set(looks).count == 28)
        for index in 1..<28 { #expect(Palette.dash(index) != Palette.dash(index - 1)) }
    }

    @Test("a legend names every line once, and none where a name stands beside its point")
    func legend() {
        let names = (0..<40).map { "variant \($0)" }
        let image = chart(names).svg()
        for name in names { #expect(image.fragment.ranges(of: ">\(name)<").count == 1) }
    }

    @Test("what is not finite breaks a line in two")
    func gap() {
        let points = [Point(0, 1), Point(1, 2), Point(2, .nan), Point(3, 1), Point(4, 2)]
        let chart = Chart(
            "", x: Axis("x"), y: Axis("y"), series: [Series("a", points, style: .guide, look: 0)])
        let path = chart.svg().fragment.firstMatch(of: /class="fr" d="([^"]*)"/)
        #expect(path?.1.count { $0 == "M" } == 2)
    }

    @Test("lines of a terminal's chart fit its width, and letters name the lines")
    func text() {
        for width in [24, 40, 80, 133, 200] {
            let text = chart(["first", "second\u{1b}[2J"]).text(width: width)
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width)")
            #expect(text.contains("  a first") && text.contains("  b second"))
            #expect(!text.contains("\u{1b}"))
            #expect(text.unicodeScalars.contains { (0x2801...0x28ff).contains($0.value) })
        }
    }
}
