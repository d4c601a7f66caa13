/// Where the patches of a convolution lie, and the copying between images and columns.
///
/// Columns of a group: row (channel, ky, kx), column (image, y, x). With a stride of 1 a line of
/// columns is as wide as the padded image, so that a whole plane shifted by (ky, kx) is one copy; its
/// last `gap` columns belong to no output and carry a gradient of zero.
struct ConvolutionGeometry {
    let input: InputShape
    let kernel: Int
    let stride: Int
    let padding: Int
    /// Rows and columns of the output.
    let height: Int
    let width: Int
    /// Columns of one output row, and how many of them belong to no output.
    let lineWidth: Int
    let gap: Int

    init(input: InputShape, kernel: Int, stride: Int, padding: Int) {
        self.input = input
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        height = (input.height + 2 * padding - kernel) / stride + 1
        width = (input.width + 2 * padding - kernel) / stride + 1
        lineWidth = stride == 1 ? input.width + 2 * padding : width
        gap = lineWidth - width
    }

    /// Values of one patch: rows of the columns.
    var patch: Int { input.channels * kernel * kernel }
    /// Columns of one image.
    var columnCount: Int { height * lineWidth }
    /// Floats of a padded image; none where the image itself will do.
    var paddedCount: Int {
        stride == 1 && padding > 0 ? input.channels * paddedPlane : 0
    }

    /// Images to columns; `padded` has room for one padded image, zero at its borders.
    func unfold(
        _ images: ConstFloats, _ columns: Floats, images count: Int, padded: Floats
    ) {
        guard stride == 1 else { return unfoldLines(images, columns, count) }
        for image in 0..<count {
            var source = images + image * input.count
            if padding > 0 {
                eachInputLine { from, to in copyLine(source + from, padded + to, input.width) }
                source = ConstFloats(padded)
            }
            eachShift(image, of: count) { plane, place in
                (columns + place).update(from: source + plane, count: columnCount - gap)
            }
        }
    }

    /// Columns added back to images.
    func fold(_ columns: ConstFloats, _ images: Floats, images count: Int, padded: Floats) {
        images.update(repeating: 0, count: count * input.count)
        guard stride == 1 else { return foldLines(columns, images, count) }
        for image in 0..<count {
            let target = images + image * input.count
            let sum = padding > 0 ? padded : target
            // Zero between uses at the border only: the last image unfolded lies inside it.
            if padding > 0 { sum.update(repeating: 0, count: paddedCount) }
            eachShift(image, of: count) { plane, place in
                addLine(columns + place, sum + plane, columnCount - gap)
            }
            guard padding > 0 else { continue }
            eachInputLine { to, from in copyLine(padded + from, target + to, input.width) }
            // What fell on the padding is nobody's gradient, and the border must be zero again.
            padded.update(repeating: 0, count: paddedCount)
        }
    }

    private var paddedPlane: Int { (input.height + 2 * padding) * lineWidth }

    /// Every row of an image with its place in the padded image.
    @inline(__always)
    private func eachInputLine(_ body: (_ plain: Int, _ padded: Int) -> Void) {
        for channel in 0..<input.channels {
            for y in 0..<input.height {
                body(
                    channel * input.plane + y * input.width,
                    channel * paddedPlane + (y + padding) * lineWidth + padding)
            }
        }
    }

    /// Every patch element: where its shifted plane begins, and its row of this image's columns.
    @inline(__always)
    private func eachShift(
        _ image: Int, of count: Int, _ body: (_ plane: Int, _ place: Int) -> Void
    ) {
        var row = 0
        for channel in 0..<input.channels {
            for ky in 0..<kernel {
                for kx in 0..<kernel {
                    body(
                        channel * paddedPlane + ky * lineWidth + kx,
                        (row * count + image) * columnCount)
                    row += 1
                }
            }
        }
    }
}
