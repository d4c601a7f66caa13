import Foundation
import Glibc

/// A run's checkpoints on this machine: `ROOT/RUN/step-00000200-rank-2-of-4.ckpt`.
///
/// Only names of that form are looked at, and none leads out of the folder.
public struct CheckpointFolder: Sendable {
    private static let suffix = ".ckpt"
    /// The run's folder.
    public let path: String

    /// Makes the folder where there is none.
    ///
    /// - Parameter run: the run's UUID.
    /// - Throws: `CheckpointError` when it cannot be made, or something else has its name.
    public init(root: String, run: String) throws(CheckpointError) {
        path = try Self.path(root: root, run: run)
        do {
            try FileManager.default.createDirectory(
                atPath: root, withIntermediateDirectories: true)
        } catch {
            throw CheckpointError(words: "checkpoints in \(root): \(error.localizedDescription)")
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw CheckpointError("mkdir", path)
        }
        var state = stat()
        guard lstat(path, &state) == 0 else { throw CheckpointError("lstat", path) }
        guard state.st_mode & S_IFMT == S_IFDIR else {
            throw CheckpointError(
                words: "checkpoints in \(path): it is not a folder; move it away")
        }
    }

    /// Where a run's folder is, or would be, as an absolute path.
    ///
    /// - Throws: `CheckpointError` for what is no UUID.
    public static func path(root: String, run: String) throws(CheckpointError) -> String {
        guard UUID(uuidString: run) != nil else {
            throw CheckpointError(words: "a run's checkpoints: found \(run); allowed: its UUID")
        }
        return URL(fileURLWithPath: root).appendingPathComponent(run, isDirectory: false).path
    }

    /// Where the state of a rank after so many steps is, or will be.
    public func path(step: Int, rank: Int, worldSize: Int) -> String {
        "\(path)/\(Self.name(step, rank, worldSize))"
    }

    /// The steps after which a rank was written, the newest first; what is in the files is not
    /// looked at.
    ///
    /// - Throws: `CheckpointError` when the folder cannot be read.
    public func steps(rank: Int, worldSize: Int) throws(CheckpointError) -> [Int] {
        try names().compactMap { name in
            let digits = name.dropFirst("step-".count).prefix { $0 != "-" }
            guard let step = Int(digits), Self.name(step, rank, worldSize) == name else {
                return nil
            }
            return step
        }.sorted(by: >)
    }

    /// Deletes a rank's checkpoints but the newest `keep`.
    ///
    /// - Throws: `CheckpointError` with the first file that could not be deleted; others are.
    public func prune(rank: Int, worldSize: Int, keep: Int) throws(CheckpointError) {
        let old = try steps(rank: rank, worldSize: worldSize).dropFirst(max(0, keep))
        try delete(old.map { Self.name($0, rank, worldSize) })
    }

    /// Deletes what a rank's broken-off writing left; no other process writes for it.
    ///
    /// - Throws: `CheckpointError` with the first file that could not be deleted; others are.
    public func removeLeftovers(rank: Int, worldSize: Int) throws(CheckpointError) {
        let end = "-rank-\(rank)-of-\(worldSize)\(Self.suffix)."
        try delete(
            names().filter {
                $0.hasPrefix("step-") && $0.hasSuffix(".tmp") && $0.contains(end)
            })
    }

    private func delete(_ names: [String]) throws(CheckpointError) {
        var failure: CheckpointError?
        for name in names where unlink("\(path)/\(name)") != 0 && errno != ENOENT {
            failure = failure ?? CheckpointError("unlink", "\(path)/\(name)")
        }
        if let failure { throw failure }
    }

    private func names() throws(CheckpointError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw CheckpointError(words: "checkpoints in \(path): \(error.localizedDescription)")
        }
    }

    private static func name(_ step: Int, _ rank: Int, _ worldSize: Int) -> String {
        let digits = String(step)
        let zeros = String(repeating: "0", count: max(0, 8 - digits.count))
        return "step-\(zeros)\(digits)-rank-\(rank)-of-\(worldSize)\(suffix)"
    }
}
