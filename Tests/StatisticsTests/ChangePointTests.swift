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
}
