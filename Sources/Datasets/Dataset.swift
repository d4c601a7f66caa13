/// Shape of a data set's images and number of its classes.
public struct DatasetShape: Equatable, Sendable {
    /// Planes, rows and columns of an image.
    public var channels, height, width: Int
    /// Number of labels.
    public var classes: Int

    /// Pixels of one image.
    public var pixels: Int { channels * height * width }
}

/// Labelled images, plane by plane, row by row.
public struct Split: Sendable {
    /// Number of images.
    public var count: Int { labels.count }
    /// `count * shape.pixels` bytes.
    public let pixels: [UInt8]
    /// One label per image.
    public let labels: [UInt8]
}

/// Which images.
public enum SplitName: Sendable {
    case train, test
}

/// A data set in memory, with what normalises its pixels.
public final class Dataset: Sendable {
    /// Its name.
    public let name: String
    /// Shape of every image.
    public let shape: DatasetShape
    /// Images to learn from.
    public let train: Split
    /// Images to be judged by.
    public let test: Split
    /// Order-sensitive checksum of all pixels and labels.
    public let checksum: UInt64
    private let mean: [Float]
    private let factor: [Float]

    /// Takes the splits and measures mean and deviation of the training pixels per channel.
    init(name: String, shape: DatasetShape, train: Split, test: Split) {
        self.name = name
        self.shape = shape
        self.train = train
        self.test = test
        (mean, factor) = Self.moments(train, shape)
        checksum = [train.pixels, train.labels, test.pixels, test.labels].reduce(14_695) {
            Self.hash($1, seed: $0)
        }
    }

    /// Writes normalised images and their labels for training or evaluation.
    ///
    /// - Parameter augmentation: random changes that depend on the sample, never on the rank.
    public func fill(
        images: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<UInt8>,
        from name: SplitName, indices: ArraySlice<Int32>, augmentation: Augmentation?
    ) {
        let split = name == .train ? train : test
        let size = shape.pixels
        precondition(images.count >= indices.count * size, "too little room for the images")
        split.pixels.withUnsafeBufferPointer { pixels in
            for (position, index) in indices.enumerated() {
                let source = pixels[(Int(index) * size)..<((Int(index) + 1) * size)]
                let target = images[(position * size)..<((position + 1) * size)]
                normalise(.init(rebasing: source), .init(rebasing: target))
                augmentation?.change(.init(rebasing: target), shape, sample: Int(index))
                labels[position] = split.labels[Int(index)]
            }
        }
    }

    private func normalise(
        _ source: UnsafeBufferPointer<UInt8>, _ target: UnsafeMutableBufferPointer<Float>
    ) {
        let plane = shape.height * shape.width
        for channel in 0..<shape.channels {
            let (mean, factor) = (mean[channel], factor[channel])
            for index in (channel * plane)..<((channel + 1) * plane) {
                target[index] = (Float(source[index]) - mean) * factor
            }
        }
    }

    private static func moments(_ split: Split, _ shape: DatasetShape) -> ([Float], [Float]) {
        let plane = shape.height * shape.width
        var sums = [Int](repeating: 0, count: shape.channels)
        var squares = sums
        split.pixels.withUnsafeBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: plane) {
                let channel = start / plane % shape.channels
                var (sum, square) = (0, 0)
                for index in start..<(start + plane) {
                    let value = Int(pixels[index])
                    sum &+= value
                    square &+= value &* value
                }
                sums[channel] += sum
                squares[channel] += square
            }
        }
        let count = Double(max(1, split.count * plane))
        let means = sums.map { Double($0) / count }
        let factors = zip(squares, means).map { square, mean in
            1 / max(1e-6, Double(square) / count - mean * mean).squareRoot()
        }
        return (means.map { Float($0) }, factors.map { Float($0) })
    }

    private static func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            var sum = seed ^ UInt64(raw.count)
            for index in 0..<(raw.count / 8) {
                let word = raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
                sum = (sum ^ word) &* 0x9FB2_1C65_1E98_DF25
                sum ^= sum >> 29
            }
            for byte in raw.suffix(raw.count % 8) {
                sum = (sum ^ UInt64(byte)) &* 0x9FB2_1C65_1E98_DF25
            }
            return sum
        }
    }
}
