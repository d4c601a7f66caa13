import Foundation

/// A data set and, for the synthetic one, its shape.
public enum DatasetKind: Equatable, Sendable {
    case digits, fashionMNIST, mnist, cifar10
    case synthetic(samples: Int, channels: Int, size: Int, classes: Int)

    /// Shape of the images, known before any file is read.
    public var shape: DatasetShape {
        switch self {
        case .digits: DatasetShape(channels: 1, height: 8, width: 8, classes: 10)
        case .fashionMNIST, .mnist: DatasetShape(channels: 1, height: 28, width: 28, classes: 10)
        case .cifar10: DatasetShape(channels: 3, height: 32, width: 32, classes: 10)
        case .synthetic(_, let channels, let size, let classes):
            DatasetShape(channels: channels, height: size, width: size, classes: classes)
        }
    }

    /// Training samples, known before any file is read.
    public var trainingSamples: Int {
        switch self {
        case .digits: Digits.trainCount
        case .fashionMNIST, .mnist: 60_000
        case .cifar10: 50_000
        case .synthetic(let samples, _, _, _): samples
        }
    }
}

/// Finds and reads data sets.
public enum DatasetLibrary {
    private static let imageSplits = [("train", "train"), ("test", "t10k")]

    /// `PEERLESS_DATA`, then `./data`, then the system's folders.
    public static func defaultSearchPaths(environment: [String: String]) -> [String] {
        let own = environment["PEERLESS_DATA"].map { [$0] } ?? []
        return own + ["data", "/usr/share/datasets", "/usr/local/share/datasets"]
    }

    /// Reads a data set.
    ///
    /// - Throws: `DatasetError` naming the file and the remedy.
    public static func load(
        _ kind: DatasetKind, searchPaths: [String]
    ) throws(DatasetError) -> Dataset {
        switch kind {
        case .digits: return try Digits.load()
        case .fashionMNIST:
            return try images(
                "fashion-mnist", searchPaths, remedy: "apt-get install dataset-fashion-mnist")
        case .mnist:
            return try images(
                "mnist", searchPaths, remedy: "put the four IDX files of MNIST there")
        case .cifar10: return try CIFAR10.load(searchPaths)
        case .synthetic(let samples, _, _, _):
            return Synthetic.make(samples: samples, shape: kind.shape)
        }
    }

    private static func images(
        _ name: String, _ searchPaths: [String], remedy: String
    ) throws(DatasetError) -> Dataset {
        var files: [(pixels: IDXFile, labels: IDXFile)] = []
        for (_, prefix) in imageSplits {
            let imageFile = try find("\(prefix)-images-idx3-ubyte", name, searchPaths, remedy)
            let labelFile = try find("\(prefix)-labels-idx1-ubyte", name, searchPaths, remedy)
            files.append(
                (
                    try IDXFile(path: imageFile, dimensions: 3),
                    try IDXFile(path: labelFile, dimensions: 1)
                ))
        }
        return try dataset(name, train: files[0], test: files[1], remedy: remedy)
    }

    /// A data set from images and labels.
    ///
    /// - Throws: `DatasetError` when labels or sizes do not fit each other; never traps.
    package static func dataset(
        _ name: String, train: (pixels: IDXFile, labels: IDXFile),
        test: (pixels: IDXFile, labels: IDXFile), remedy: String
    ) throws(DatasetError) -> Dataset {
        for (pixels, labels) in [train, test] {
            guard pixels.sizes[0] == labels.sizes[0], labels.bytes.allSatisfy({ $0 < 10 }) else {
                throw DatasetError(
                    "\(name): found \(labels.sizes[0]) labels for \(pixels.sizes[0]) images; "
                        + "allowed: one label from 0 to 9 for each; \(remedy)")
            }
        }
        let size = train.pixels.sizes[1...]
        guard test.pixels.sizes[1...] == size else {
            throw DatasetError(
                "\(name): found training images of \(Array(size)) pixels and test images of "
                    + "\(test.pixels.sizes[1...].map(\.self)); allowed: equal sizes; \(remedy)")
        }
        return Dataset(
            name: name,
            shape: DatasetShape(channels: 1, height: size[1], width: size[2], classes: 10),
            train: Split(pixels: train.pixels.bytes, labels: train.labels.bytes),
            test: Split(pixels: test.pixels.bytes, labels: test.labels.bytes))
    }

    /// The first file of that name, gzipped or not, in a folder of the data set or above it.
    static func find(
        _ file: String, _ name: String, _ searchPaths: [String], _ remedy: String
    ) throws(DatasetError) -> String {
        for folder in searchPaths {
            for path in ["\(folder)/\(name)/\(file)", "\(folder)/\(file)"] {
                for candidate in [path, path + ".gz"]
                where FileManager.default.isReadableFile(atPath: candidate) {
                    return candidate
                }
            }
        }
        throw DatasetError(
            "\(name): no file \(file) or \(file).gz in "
                + searchPaths.map { "\($0)/\(name)" }.joined(separator: ", ")
                + "; \(remedy), or set PEERLESS_DATA to the folder that has it")
    }
}
