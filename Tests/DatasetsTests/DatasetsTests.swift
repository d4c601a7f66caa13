import Datasets
import Foundation
import Testing

@Suite("DatasetLibrary")
struct DatasetLibraryTests {
    @Test("the embedded digits are real: 1,437 and 360, every class in both")
    func digits() throws {
        let digits = try DatasetLibrary.load(.digits, searchPaths: [])
        #expect(digits.train.count == 1_437 && digits.test.count == 360)
        for split in [digits.train, digits.test] {
            #expect(Set(split.labels) == Set(0...9))
            #expect(split.pixels.count == split.count * 64)
        }
    }

    @Test("filled images are normalised: mean 0, deviation 1")
    func normalised() throws {
        let digits = try DatasetLibrary.load(.digits, searchPaths: [])
        var images = [Float](repeating: 0, count: 1_437 * 64)
        var labels = [UInt8](repeating: 0, count: 1_437)
        images.withUnsafeMutableBufferPointer { images in
            labels.withUnsafeMutableBufferPointer {
                digits.fill(
                    images: images, labels: $0, from: .train, indices: Array(0..<1_437)[...],
                    augmentation: nil)
            }
        }
        let mean = images.reduce(0.0) { $0 + Double($1) } / Double(images.count)
        let square = images.reduce(0.0) { $0 + Double($1 * $1) } / Double(images.count)
        #expect(abs(mean) < 1e-3 && abs(square - 1) < 1e-3)
        #expect(labels == digits.train.labels)
    }

    @Test("a missing file is named with where it was looked for and how to get it")
    func missing() {
        let error = #expect(throws: DatasetError.self) {
            _ = try DatasetLibrary.load(.fashionMNIST, searchPaths: ["nowhere"])
        }
        let words = error?.description ?? ""
        for part in ["train-images-idx3-ubyte", "nowhere/fashion-mnist", "dataset-fashion-mnist"] {
            #expect(words.contains(part))
        }
    }

    @Test("damaged files are errors, never traps", arguments: [UInt64(1), 2, 3])
    func damaged(seed: UInt64) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("peerless-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3] + Array(0..<18)
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]
        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
        for prefix in ["train", "t10k"] {
            try write("\(prefix)-images-idx3-ubyte", images)
            try write("\(prefix)-labels-idx1-ubyte", labels)
        }
        let whole = try DatasetLibrary.load(.mnist, searchPaths: [folder.path])
        #expect(whole.train.count == 2 && whole.shape.height == 3)
        let small: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] + Array(0..<8)
        try write("t10k-images-idx3-ubyte", small)
        let sizes = #expect(throws: DatasetError.self) {
            _ = try DatasetLibrary.load(.mnist, searchPaths: [folder.path])
        }
        #expect(sizes?.description.contains("found training images of [3, 3]") == true)
        try write("t10k-images-idx3-ubyte", images)
        for cut in 0..<images.count {
            try write("train-images-idx3-ubyte", Array(images.prefix(cut)))
            #expect(throws: DatasetError.self) {
                _ = try DatasetLibrary.load(.mnist, searchPaths: [folder.path])
            }
        }
        var state = seed
        for _ in 0..<300 {
            var noise = images
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                noise[Int(state >> 33) % 16] = UInt8(truncatingIfNeeded: state >> 24)
            }
            try write("train-images-idx3-ubyte", noise)
            _ = try? DatasetLibrary.load(.mnist, searchPaths: [folder.path])
        }
    }

    @Test("synthetic images are the same every time and can be told apart")
    func synthetic() throws {
        let kind = DatasetKind.synthetic(samples: 100, channels: 1, size: 8, classes: 5)
        let (a, b) = (
            try DatasetLibrary.load(kind, searchPaths: []),
            try DatasetLibrary.load(kind, searchPaths: [])
        )
        #expect(a.checksum == b.checksum && Set(a.train.labels) == Set(0..<5))
    }
}
