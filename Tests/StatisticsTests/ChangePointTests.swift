import Testing

import Statistics

@Suite("Change points")
struct ChangePointTests {
    private func level(_ mean: Double, _ count: Int, _ generator: inout SeededGenerator) -> [Double]
    {
        (0..<count).map { _ in mean + Double(generator.next() % 1_000) / 10_000 }
    }

    @Test("the places where a level begins are found", arguments: 1...10)
    func found(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let history =
            level(1, 12, &generator) + level(1.3, 10, &generator) + level(0.9, 8, &generator)
        #expect(ChangePoints.places(in: history) == [12, 22])
    }

    @Test("noise alone changes nothing", arguments: 1...20)
    func noise(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        #expect(ChangePoints.places(in: level(1, 30, &generator)).isEmpty)
    }

    @Test("constants, short histories and one wild value are no change")
    func none() {
        #expect(ChangePoints.places(in: []).isEmpty)
        #expect(ChangePoints.places(in: [1, 1, 1, 1, 1, 1, 1]).isEmpty)
        #expect(ChangePoints.places(in: [1, 2, 3, 4, 5]).isEmpty)
        #expect(ChangePoints.places(in: [1, 1.1, 1, 1.1, 9, 1, 1.1, 1, 1.1]).isEmpty)
    }

    @Test("an exact jump of constants is found")
    func jump() {
        #expect(ChangePoints.places(in: [4, 4, 4, 4, 5, 5, 5]) == [4])
    }

    /// Sums of 12 even draws: nearly normal, with a deviation of 1.
    private func normal(_ generator: inout SeededGenerator) -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double(generator.next() >> 11) / 0x1p53 }
    }

    /// In how many of 1,000 histories of 20 values, the last 10 of which are `shift` deviations
    /// higher, a change is found, and in how many of these at its place or the next.
    private func found(shift: Double) -> (somewhere: Int, there: Int) {
        var generator = SeededGenerator(seed: 1)
        var (somewhere, there) = (0, 0)
        for _ in 0..<1_000 {
            let values = (0..<20).map { normal(&generator) + ($0 < 10 ? 0 : shift) }
            let places = ChangePoints.places(in: values)
            if !places.isEmpty { somewhere += 1 }
            if places.contains(where: { (9...11).contains($0) }) { there += 1 }
        }
        return (somewhere, there)
    }

    /// The figures of docs/statistics.md; a logarithm's last bit may differ between machines.
    @Test(
        "as many are found as the page on statistics says",
        arguments: [(0, 25, 1), (1, 157, 92), (2, 736, 624), (3, 992, 951), (4, 1_000, 994)])
    func told(shift: Double, somewhere: Int, there: Int) {
        let found = found(shift: shift)
        #expect(abs(found.somewhere - somewhere) <= 2 && abs(found.there - there) <= 2, "\(found)")
    }
}
