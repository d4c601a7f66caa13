/// Convolutions with a stride: line by line.
extension ConvolutionGeometry {
    func unfoldLines(_ images: ConstFloats, _ columns: Floats, _ count: Int) {
        eachLine(count) { column, image, row, offset in
            let target = columns + column
            guard (0..<input.height).contains(row) else {
                return target.update(repeating: 0, count: width)
            }
            let source = images + image + row * input.width
            let valid = validColumns(offset)
            for x in 0..<valid.lowerBound { target[x] = 0 }
            for x in valid.upperBound..<width { target[x] = 0 }
            for x in valid { target[x] = source[x * stride + offset] }
        }
    }

    /// Adds to images that are zero.
    func foldLines(_ columns: ConstFloats, _ images: Floats, _ count: Int) {
        eachLine(count) { column, image, row, offset in
            guard (0..<input.height).contains(row) else { return }
            let source = columns + column
            let target = images + image + row * input.width
            for x in validColumns(offset) { target[x * stride + offset] += source[x] }
        }
    }

    /// Output columns whose input column `x * stride + offset` lies inside the image.
    private func validColumns(_ offset: Int) -> Range<Int> {
        let first = offset >= 0 ? 0 : (-offset + stride - 1) / stride
        let last = (input.width - offset + stride - 1) / stride
        return min(first, width)..<max(min(first, width), min(last, width))
    }

    /// Calls `body` for every output line of every patch element: offset of the line in the
    /// columns, offset of the plane in the images, input row, and column offset.
    @inline(__always)
    private func eachLine(
        _ count: Int, _ body: (_ column: Int, _ plane: Int, _ row: Int, _ offset: Int) -> Void
    ) {
        var column = 0
        for channel in 0..<input.channels {
            for ky in 0..<kernel {
                for kx in 0..<kernel {
                    for image in 0..<count {
                        let plane = image * input.count + channel * input.plane
                        for y in 0..<height {
                            body(column, plane, y * stride + ky - padding, kx - padding)
                            column += width
                        }
                    }
                }
            }
        }
    }
}
