import Checkpoints
import Foundation
import Glibc
import Testing

@Suite("CheckpointFolder")
struct CheckpointFolderTests {
    private static let run = "0F8FAD5B-D9CB-469F-A165-70867728950E"
    private let root: ScratchFolder
    private let folder: CheckpointFolder

    init() throws {
        root = try ScratchFolder()
        folder = try CheckpointFolder(root: root["new/root"], run: Self.run)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    private func touch(_ path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
    }

    @Test("a path tells run, step, rank and world size")
    func path() {
        let path = folder.path(step: 200, rank: 2, worldSize: 4)
        #expect(path == root["new/root/\(Self.run)/step-00000200-rank-2-of-4.ckpt"])
    }

    @Test("steps are those of the rank in this world, the newest first")
    func steps() throws {
        for step in [7, 123_456_789_012, 200, 0] {
            try touch(folder.path(step: step, rank: 1, worldSize: 4))
        }
        try touch(folder.path(step: 9, rank: 11, worldSize: 4))
        try touch(folder.path(step: 9, rank: 1, worldSize: 3))
        let foreign = [
            "step-+0000300-rank-1-of-4.ckpt", "step-300-rank-1-of-4.ckpt", "notes",
            "step-00000300-rank-1-of-4.ckpt.bak", "step--0000300-rank-1-of-4.ckpt",
            "step-99999999999999999999-rank-1-of-4.ckpt", "step-rank-1-of-4.ckpt",
        ]
        for name in foreign { try touch("\(folder.path)/\(name)") }
        #expect(try folder.steps(rank: 1, worldSize: 4) == [123_456_789_012, 200, 7, 0])
        #expect(try folder.steps(rank: 2, worldSize: 4).isEmpty)
    }

    @Test("pruning keeps the newest of a rank and all of others")
    func prune() throws {
        for rank in 0..<2 {
            for step in [100, 200, 300, 400] {
                try touch(folder.path(step: step, rank: rank, worldSize: 2))
            }
        }
        try touch("\(folder.path)/notes")
        try folder.prune(rank: 1, worldSize: 2, keep: 2)
        #expect(try folder.steps(rank: 1, worldSize: 2) == [400, 300])
        #expect(try folder.steps(rank: 0, worldSize: 2) == [400, 300, 200, 100])
        try folder.prune(rank: 0, worldSize: 2, keep: 9)
        try folder.prune(rank: 1, worldSize: 2, keep: 0)
        #expect(try names.count == 5)
    }

    @Test("leftovers of this rank go, everything else stays")
    func leftovers() throws {
        let checkpoint = folder.path(step: 100, rank: 1, worldSize: 2)
        let kept = [
            checkpoint, folder.path(step: 100, rank: 0, worldSize: 2) + ".1f.tmp",
            folder.path(step: 100, rank: 1, worldSize: 3) + ".1f.tmp", "\(folder.path)/other.tmp",
        ]
        for path in kept + ["\(checkpoint).1f.tmp", "\(checkpoint).2e.tmp"] { try touch(path) }
        try folder.removeLeftovers(rank: 1, worldSize: 2)
        #expect(try names.map { "\(folder.path)/\($0)" } == kept.sorted())
    }

    @Test("what a broken-off writing leaves counts as a leftover, not as a checkpoint")
    func brokenOff() throws {
        let header = CheckpointHeader(
            run: Self.run, configuration: 1, seed: 1, step: 5, epoch: 0, offset: 0, rank: 0,
            worldSize: 1)
        var during: [String] = []
        let path = folder.path(step: 5, rank: 0, worldSize: 1)
        try CheckpointFile.write(header, [], to: path) { file, bytes in
            during = (try? names) ?? []
            return write(file, bytes.baseAddress, bytes.count)
        }
        let leftover = try #require(during.first)
        try touch("\(folder.path)/\(leftover)")
        #expect(try folder.steps(rank: 0, worldSize: 1) == [5])
        try folder.removeLeftovers(rank: 0, worldSize: 1)
        #expect(try names == ["step-00000005-rank-0-of-1.ckpt"])
    }

    @Test(
        "a run's name that is no UUID leads nowhere",
        arguments: ["..", "a", "", "../\(run)", "\(run)/..", "/tmp"])
    func foreignRun(name: String) {
        #expect(throws: CheckpointError.self) {
            _ = try CheckpointFolder(root: root["other"], run: name)
        }
        #expect(!FileManager.default.fileExists(atPath: root["other"]))
    }

    @Test("a link in the place of the folder is refused, and links in it are not followed")
    func links() throws {
        let outside = root["outside"]
        try touch(outside)
        let link = folder.path(step: 1, rank: 0, worldSize: 1)
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: outside)
        #expect(throws: CheckpointError.self) { try CheckpointFile.header(of: link) }
        try folder.prune(rank: 0, worldSize: 1, keep: 0)
        #expect(try names.isEmpty && FileManager.default.fileExists(atPath: outside))
        let run = UUID().uuidString
        try FileManager.default.createSymbolicLink(
            atPath: root["new/root/\(run)"], withDestinationPath: root.path)
        #expect(throws: CheckpointError.self) {
            _ = try CheckpointFolder(root: root["new/root"], run: run)
        }
    }
}
