import Testing

import Statistics

@Suite("Wild values")
struct WildValueTests {
    private func noise(_ count: Int, _ seed: Int, _ level: (Int) -> Double) -> [Double] {
        var generator = SeededGenerator(seed: UInt64(seed))
        return (0..<count).map { level($0) + Double(generator.next() % 1_000) / 1_000 }
    }

    @Test("one that is far off is found wherever it stands", arguments: 0..<12)
    func found(place: Int) {
        for seed in 1...20 {
            var values = noise(12, seed) { _ in 20 }
            values[place] = 200
            #expect(WildValues.places(in: values) == [place], "seed \(seed)")
        }
    }

    @Test("noise has none", arguments: 1...50)
    func noise(seed: Int) {
        #expect(WildValues.places(in: noise(30, seed) { _ in 20 }).isEmpty)
    }

    @Test("a new level is none, once two values have it", arguments: 2...18)
    func level(place: Int) {
        for seed in 1...20 {
            let values = noise(20, seed) { $0 < place ? 20 : 60 }
            #expect(WildValues.places(in: values).isEmpty, "seed \(seed)")
        }
    }

    @Test("where most values are equal, nothing is")
    func constants() {
        #expect(WildValues.places(in: []).isEmpty)
        #expect(WildValues.places(in: [7]).isEmpty)
        #expect(WildValues.places(in: [4, 4, 4, 5, 4, 4, 4]).isEmpty)
    }
}
