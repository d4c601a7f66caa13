/// An IDX file of bytes: magic, big-endian sizes, data (the format of MNIST).
package struct IDXFile {
    package let sizes: [Int]
    package let bytes: [UInt8]

    /// Five times MNIST's images.
    private static let maximumBytes = 1 << 28

    /// Reads a file of at most 256 MiB, gzipped or not.
    init(path: String, dimensions: Int) throws(DatasetError) {
        try self.init(
            try CompressedFile.read(path, limit: Self.maximumBytes), path: path,
            dimensions: dimensions)
    }

    /// - Throws: `DatasetError` with what was expected and found; never traps.
    package init(_ file: [UInt8], path: String, dimensions: Int) throws(DatasetError) {
        let header = 4 + 4 * dimensions
        guard file.count >= header else {
            throw DatasetError("\(path): damaged: \(file.count) bytes are less than its header")
        }
        guard file[0] == 0, file[1] == 0, file[2] == 8, Int(file[3]) == dimensions else {
            throw DatasetError(
                "\(path): damaged: found type \(Array(file.prefix(4))); allowed: "
                    + "[0, 0, 8, \(dimensions)], bytes in \(dimensions) dimensions")
        }
        sizes = (0..<dimensions).map { dimension in
            (0..<4).reduce(0) { $0 << 8 | Int(file[4 + 4 * dimension + $1]) }
        }
        var expected = 1
        for size in sizes {
            guard size > 0, size <= Self.maximumBytes / expected else {
                throw DatasetError("\(path): damaged: impossible sizes \(sizes)")
            }
            expected *= size
        }
        guard file.count == header + expected else {
            throw DatasetError(
                "\(path): damaged: sizes \(sizes) need \(expected) bytes, found "
                    + "\(file.count - header)")
        }
        bytes = Array(file[header...])
    }
}
