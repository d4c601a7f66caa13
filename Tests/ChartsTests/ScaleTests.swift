import Charts
import Testing

@Suite struct ScaleTests {
    private static let ranges: [(Double, Double)] = [
        (0, 1), (0.337, 2.31), (-5, 7), (1e-7, 3e-7), (12, 1.3e9), (99.5, 100.5), (-3, -2), (4, 4),
    ]

    @Test("ticks are in order, inside the range, at most as many as asked for, and at least two")
    func ticks() {
        for (low, high) in Self.ranges {
            for isLogarithmic in [false, true] where !isLogarithmic || low > 0 {
                let scale = Scale(covering: [low, high], isLogarithmic: isLogarithmic)
                for count in 2...9 {
                    let ticks = scale.ticks(atMost: count)
                    #expect(ticks.count <= count, "\(low) \(high) \(count)")
                    #expect(ticks.allSatisfy { scale.range.contains($0) })
                    #expect(ticks == ticks.sorted() && Set(ticks).count == ticks.count)
                }
                #expect(scale.ticks(atMost: 7).count >= 2, "\(low) \(high) \(isLogarithmic)")
            }
        }
    }

    @Test("numbers beyond every picture have a range, and points of them columns")
    func extremes() {
        let ends = [1e308, -1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, 1]
        for low in ends {
            for high in ends {
                for isLogarithmic in [false, true] {
                    let scale = Scale(
                        covering: [low, high], isLogarithmic: isLogarithmic,
                        fromZero: !isLogarithmic)
                    let width = scale.range.upperBound - scale.range.lowerBound
                    #expect(width > 0 && width.isFinite, "\(low) \(high) \(isLogarithmic)")
                    #expect(scale.ticks(atMost: 5).allSatisfy(scale.range.contains))
                }
            }
        }
        let points = (0..<50).map { Point(-1.7e308 + Double($0) * 6.8e306, 1) }
        let kept = Thinning.extremes(points, columns: 5)
        #expect(kept.first == points.first && kept.last == points.last && kept.count < 21)
    }

    @Test("linear ticks are whole multiples of a round step")
    func round() {
        for (low, high) in Self.ranges {
            let ticks = Scale(covering: [low, high]).ticks(atMost: 6)
            let step = zip(ticks.dropFirst(), ticks).map { $0 - $1 }.min() ?? 1
            let round = Scale.roundStep(step * 0.999)
            #expect(abs(round - step) < step * 1e-6)
            for tick in ticks { #expect(abs((tick / step).rounded() - tick / step) < 1e-6) }
        }
    }

    @Test("labels of neighbouring ticks differ, and those across do not touch")
    func labels() {
        for (low, high) in Self.ranges {
            let scale = Scale(covering: [low, high])
            let texts = TickLabel.texts(scale.ticks(atMost: 6))
            #expect(Set(texts).count == texts.count, "\(texts)")
            for width in [120.0, 300, 700] {
                var end = -Double.infinity
                let ticks = scale.separateTicks(width: width)
                for (value, text) in ticks where ticks.count > 2 {
                    let half = TextWidth.of(text, size: 11) / 2
                    let x = (scale.fraction(value) ?? -1) * width
                    #expect(x - half >= end)
                    end = x + half
                }
            }
        }
    }

    @Test("a scale places what it covers, and nothing that is not finite or not positive")
    func placing() {
        let linear = Scale(covering: [3, .nan, 9, .infinity])
        #expect(linear.fraction(3) != nil && linear.fraction(9) != nil)
        #expect(linear.fraction(.nan) == nil && linear.fraction(1e9) == nil)
        let logarithmic = Scale(covering: [0, -2, 1, 100], isLogarithmic: true)
        #expect(logarithmic.fraction(10) == 0.5 && logarithmic.fraction(0) == nil)
        #expect(Scale(covering: []).ticks(atMost: 5).count >= 2)
    }
}
