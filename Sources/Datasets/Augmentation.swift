/// Random mirror and shift of training images, drawn from seed, epoch and sample.
public struct Augmentation: Equatable, Sendable {
    private let flip: Bool
    private let shift: Int
    private let seed: UInt64
    private let epoch: Int

    /// - Parameter shift: pixels at most, in each direction; what moves in is zero.
    public init(flip: Bool, shift: Int, seed: UInt64, epoch: Int) {
        self.flip = flip
        self.shift = shift
        self.seed = seed
        self.epoch = epoch
    }

    /// Changes one normalised image in place.
    func change(_ image: UnsafeMutableBufferPointer<Float>, _ shape: DatasetShape, sample: Int) {
        var generator = SampleGenerator(seed, UInt64(epoch), UInt64(sample))
        let mirrored = flip && Bool.random(using: &generator)
        let right = Int.random(in: -shift...shift, using: &generator)
        let down = Int.random(in: -shift...shift, using: &generator)
        let original = Array(image)
        for channel in 0..<shape.channels {
            for row in 0..<shape.height {
                for column in 0..<shape.width {
                    let fromRow = row - down
                    var fromColumn = column - right
                    if mirrored { fromColumn = shape.width - 1 - fromColumn }
                    let isInside =
                        (0..<shape.height).contains(fromRow)
                        && (0..<shape.width).contains(fromColumn)
                    let plane = channel * shape.height
                    image[(plane + row) * shape.width + column] =
                        isInside ? original[(plane + fromRow) * shape.width + fromColumn] : 0
                }
            }
        }
    }
}
