/// Seeded images that can be learnt: a pattern per class under noise. The same on every machine.
enum Synthetic {
    static func make(samples: Int, shape: DatasetShape) -> Dataset {
        var generator = SampleGenerator(0x53_594E, UInt64(shape.pixels), UInt64(shape.classes))
        let patterns = (0..<shape.classes).map { _ in
            (0..<shape.pixels).map { _ in Int.random(in: 64...191, using: &generator) }
        }
        func split(_ count: Int) -> Split {
            var pixels: [UInt8] = []
            var labels: [UInt8] = []
            pixels.reserveCapacity(count * shape.pixels)
            for index in 0..<count {
                let label = index % shape.classes
                labels.append(UInt8(label))
                for value in patterns[label] {
                    pixels.append(UInt8(value + Int.random(in: -64...64, using: &generator)))
                }
            }
            return Split(pixels: pixels, labels: labels)
        }
        let train = split(samples)
        let test = split(max(shape.classes, samples / 5))
        return Dataset(name: "synthetic", shape: shape, train: train, test: test)
    }
}
