/// CIFAR-10 in its binary version: records of one label and 3 * 32 * 32 pixels.
package enum CIFAR10 {
    private static let record = 3_073
    private static let recordsOfFile = 10_000
    private static let remedy =
        "get the binary version of CIFAR-10 (cifar-10-batches-bin) from its authors"

    static func load(_ searchPaths: [String]) throws(DatasetError) -> Dataset {
        var train = (pixels: [UInt8](), labels: [UInt8]())
        for number in 1...5 {
            let part = try read("data_batch_\(number).bin", searchPaths)
            train.pixels += part.pixels
            train.labels += part.labels
        }
        let test = try read("test_batch.bin", searchPaths)
        return Dataset(
            name: "cifar10",
            shape: DatasetShape(channels: 3, height: 32, width: 32, classes: 10),
            train: Split(pixels: train.pixels, labels: train.labels),
            test: Split(pixels: test.pixels, labels: test.labels))
    }

    private static func read(
        _ file: String, _ searchPaths: [String]
    ) throws(DatasetError) -> (pixels: [UInt8], labels: [UInt8]) {
        let path = try DatasetLibrary.find(file, "cifar-10-batches-bin", searchPaths, remedy)
        return try parse(
            try CompressedFile.read(path, limit: record * recordsOfFile), path: path)
    }

    /// - Throws: `DatasetError` for a length or a label that cannot be; never traps.
    package static func parse(
        _ bytes: [UInt8], path: String
    ) throws(DatasetError) -> (pixels: [UInt8], labels: [UInt8]) {
        guard !bytes.isEmpty, bytes.count % record == 0 else {
            throw DatasetError(
                "\(path): damaged: \(bytes.count) bytes are no multiple of \(record); \(remedy)")
        }
        var pixels: [UInt8] = []
        var labels: [UInt8] = []
        pixels.reserveCapacity(bytes.count)
        for start in stride(from: 0, to: bytes.count, by: record) {
            guard bytes[start] < 10 else {
                throw DatasetError(
                    "\(path): damaged: label \(bytes[start]) in record \(start / record)")
            }
            labels.append(bytes[start])
            pixels += bytes[(start + 1)..<(start + record)]
        }
        return (pixels, labels)
    }
}
