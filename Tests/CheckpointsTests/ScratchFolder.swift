import Checkpoints
import Foundation

/// A folder of a test's own, gone with it.
final class ScratchFolder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("peerless-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A path in it.
    subscript(name: String) -> String { "\(path)/\(name)" }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: self[name])))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
    }
}

/// Parts with memory of their own.
final class TestParts {
    let parts: [CheckpointPart]

    init(_ values: KeyValuePairs<String, [Float]>) {
        parts = values.map { name, values in
            let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
            _ = floats.initialize(from: values)
            return CheckpointPart(name: name, floats: floats)
        }
    }

    deinit {
        for part in parts { part.floats.deallocate() }
    }

    var bits: [[UInt32]] { parts.map { $0.floats.map(\.bitPattern) } }

    /// The same shape, full of something else.
    init(shapedLike other: TestParts) {
        parts = other.parts.map { part in
            let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: part.floats.count)
            floats.initialize(repeating: 77)
            return CheckpointPart(name: part.name, floats: floats)
        }
    }
}
