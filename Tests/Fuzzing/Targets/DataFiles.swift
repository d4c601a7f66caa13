import CZlib
import Datasets

/// Files of data sets.
extension FuzzTarget {
    private static let gzipLimit = 1 << 18

    /// IDX files in one and three dimensions.
    static let idx = FuzzTarget(
        "idx", share: 100_000,
        .binary([.init(3, 1)] + (0..<3).map { .init(4 + 4 * $0, 4, bigEndian: true) })
    ) {
        [
            [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3] + (0..<18),
            [0, 0, 8, 1, 0, 0, 0, 2, 7, 9],
        ]
    } open: {
        { bytes in
            let images = try? IDXFile(bytes, path: "fuzz", dimensions: 3)
            let labels = try? IDXFile(bytes, path: "fuzz", dimensions: 1)
            for file in [images, labels].compactMap(\.self)
            where file.sizes.reduce(1, *) != file.bytes.count { throw Broken("\(file.sizes)") }
            return images != nil || labels != nil
        }
    }

    /// The four files of MNIST's family together, each behind its length in two bytes.
    static let images = FuzzTarget("images", share: 50_000, .binary(imageFields)) {
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3] + (0..<18)
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]
        let files = [images, labels, images, labels]
        return [files.flatMap { [UInt8($0.count), 0] + $0 }]
    } open: {
        { bytes in
            var left = bytes[...]
            var files: [IDXFile] = []
            for dimensions in [3, 1, 3, 1] {
                guard left.count >= 2 else { return false }
                let count = Int(left[left.startIndex]) | Int(left[left.startIndex + 1]) << 8
                let file = Array(left.dropFirst(2).prefix(count))
                left = left.dropFirst(2 + count)
                guard let read = try? IDXFile(file, path: "fuzz", dimensions: dimensions) else {
                    return false
                }
                files.append(read)
            }
            let set = try? DatasetLibrary.dataset(
                "fuzz", train: (files[0], files[1]), test: (files[2], files[3]), remedy: "")
            return set != nil
        }
    }

    private static let imageFields: [InputFormat.Field] = [0, 48].flatMap { start in
        [6, 10, 14, 40].map { .init(start + $0, 4, bigEndian: true) }
            + [.init(start, 2), .init(start + 36, 2)]
    }

    /// CIFAR-10 in its binary version.
    static let cifar = FuzzTarget("cifar", share: 10_000, .binary([.init(0, 1), .init(3_073, 1)])) {
        [1, 2].map { count in
            (0..<count).flatMap { [UInt8($0)] + [UInt8](repeating: 9, count: 3_072) }
        }
    } open: {
        { bytes in
            guard let parsed = try? CIFAR10.parse(bytes, path: "fuzz") else { return false }
            guard parsed.pixels.count == 3_072 * parsed.labels.count else { throw Broken("pixels") }
            return true
        }
    }

    /// Gzipped bytes, bounded before they grow.
    static let gzip = FuzzTarget(
        "gzip", share: 5_000, .binary([.init(0, 2), .init(2, 1), .init(3, 1), .init(4, 4)])
    ) {
        [GzipSamples.small, GzipSamples.bomb]
    } open: {
        { bytes in
            let unpacked = try? CompressedFile.inflate(bytes, name: "fuzz", limit: gzipLimit)
            guard let unpacked else { return false }
            guard unpacked.count <= gzipLimit else { throw Broken("\(unpacked.count) bytes") }
            return true
        }
    }

    /// Files, gzipped or not, as they are read from a disk.
    static let file = FuzzTarget(
        "file", share: 5_000, .binary([.init(0, 2), .init(2, 1), .init(3, 1), .init(4, 4)])
    ) {
        [GzipSamples.small, GzipSamples.bomb, GzipSamples.small + GzipSamples.small, [1, 2, 3]]
    } open: {
        let file = try MemoryFile()
        return { bytes in
            try file.fill(with: bytes)
            let read = try? CompressedFile.read(file.path, limit: gzipLimit)
            guard let read else { return false }
            guard read.count <= gzipLimit else { throw Broken("\(read.count) bytes") }
            return true
        }
    }
}

/// A stream that unpacks to a few bytes, and one that unpacks to four times what is allowed.
private enum GzipSamples {
    static let small = pack((0..<64).map { UInt8($0) })
    static let bomb = pack([UInt8](repeating: 0, count: 4 << 20))

    private static func pack(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(
            &stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        var source = bytes
        var packed = [UInt8](repeating: 0, count: bytes.count / 64 + 256)
        source.withUnsafeMutableBufferPointer { source in
            packed.withUnsafeMutableBufferPointer { packed in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = packed.baseAddress
                stream.avail_out = UInt32(packed.count)
                deflate(&stream, Z_FINISH)
            }
        }
        return Array(packed.prefix(packed.count - Int(stream.avail_out)))
    }
}
