/// The embedded data set: 1,797 real handwritten digits of 8x8 pixels (UCI, CC BY 4.0; see
/// Resources/ATTRIBUTION.md). The first 1,437 are for training, the last 360 for tests.
enum Digits {
    static let trainCount = 1_437

    static func load() throws(DatasetError) -> Dataset {
        let name = "the embedded digits"
        let text = try CompressedFile.inflate(PackageResources.digits_csv_gz, name: name)
        let (pixels, labels) = try parse(text, path: name)
        guard labels.count > trainCount else {
            throw DatasetError("\(name): damaged: only \(labels.count) digits")
        }
        let cut = trainCount * 64
        return Dataset(
            name: "digits", shape: DatasetKind.digits.shape,
            train: Split(
                pixels: Array(pixels[..<cut]), labels: Array(labels[..<trainCount])),
            test: Split(
                pixels: Array(pixels[cut...]), labels: Array(labels[trainCount...])))
    }

    static func parse(
        _ bytes: [UInt8], path: String
    ) throws(DatasetError) -> (pixels: [UInt8], labels: [UInt8]) {
        var pixels: [UInt8] = []
        var labels: [UInt8] = []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        for (number, line) in lines.enumerated() {
            let values = line.split(separator: ",").compactMap { UInt8($0) }
            guard values.count == 65, values[64] < 10, values.allSatisfy({ $0 <= 16 }) else {
                throw DatasetError(
                    "\(path): damaged: line \(number + 1) is not 64 pixels from 0 to 16 and a label"
                )
            }
            pixels += values.prefix(64)
            labels.append(values[64])
        }
        return (pixels, labels)
    }
}
