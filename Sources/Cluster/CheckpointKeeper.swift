import Checkpoints
import Compression
import Datasets
import Experiment
import Glibc
import Logging
import Sketching
import Wire

/// Writes one node's checkpoints of one run, and finds them again.
final class CheckpointKeeper {
    private let every: Int
    private let keep: Int
    private let root: String
    private let uuid: String
    private let configuration: UInt64
    private let logger: Logger
    private let mailbox: Mailbox
    /// Where a state was found: its file.
    private var files: [Int: String] = [:]
    /// States that were found on disk, newest first.
    private(set) var recalled: [HeldState] = []
    /// Where they were looked for, in words.
    private(set) var searched: String?

    /// `nil` when the experiment asks for no checkpoints.
    init?(
        _ variant: Variant, _ assignment: Assignment, options: DaemonOptions, mailbox: Mailbox
    ) {
        guard let every = variant.checkpointEvery else { return nil }
        self.every = every
        keep = variant.checkpointKeep
        root = options.checkpoints
        uuid = assignment.uuid
        configuration = Array(assignment.config.utf8).withUnsafeBytes { Checksum.of(bytes: $0) }
        logger = options.logger
        self.mailbox = mailbox
    }

    /// Whether the experiment asks for one after so many steps.
    func isDue(after steps: Int) -> Bool { steps > 0 && steps % every == 0 }

    /// Writes one and drops those that are older than asked for. A disk that refuses is told, and
    /// the run goes on.
    func write(
        _ assignment: Assignment, position: DataPosition, trained nanoseconds: Int64,
        parts: [CheckpointPart], checksum: UInt64
    ) {
        let (rank, world) = (assignment.rank, assignment.worldSize)
        let began = MonotonicClock.now()
        do {
            let folder = try CheckpointFolder(root: root, run: uuid)
            let path = folder.path(step: position.step, rank: rank, worldSize: world)
            try CheckpointFile.write(
                header(assignment, position, trained: nanoseconds), parts, to: path)
            let bytes = parts.reduce(0) { $0 + 4 * $1.floats.count }
            mailbox.send(
                .checkpointed(
                    run: assignment.run, generation: assignment.generation, rank: rank,
                    CheckpointNote(
                        step: position.step, worldSize: world, path: path, bytes: bytes,
                        nanoseconds: Int64(MonotonicClock.now() - began), checksum: checksum)))
            try folder.prune(rank: rank, worldSize: world, keep: keep)
        } catch {
            tell(assignment.run, kind: "no checkpoint", "after step \(position.step): \(error)")
        }
    }

    /// Reads what this rank has on disk. What is damaged is named and passed over.
    ///
    /// - Parameter checksum: of the parameters, once they are read into `parts`.
    func recall(_ assignment: Assignment, into parts: [CheckpointPart], checksum: () -> UInt64) {
        recalled = []
        do {
            let path = try CheckpointFolder.path(root: root, run: uuid)
            guard access(path, F_OK) == 0 else {
                searched = "\(path) (there is no such folder)"
                return
            }
            searched = path
            let folder = try CheckpointFolder(root: root, run: uuid)
            let (rank, world) = (assignment.rank, assignment.worldSize)
            for step in try folder.steps(rank: rank, worldSize: world).prefix(keep + 1) {
                let path = folder.path(step: step, rank: rank, worldSize: world)
                recall(step, path, assignment, into: parts, checksum)
            }
        } catch {
            tell(assignment.run, kind: "no checkpoint", "\(error)")
        }
    }

    private func recall(
        _ step: Int, _ path: String, _ assignment: Assignment, into parts: [CheckpointPart],
        _ checksum: () -> UInt64
    ) {
        do {
            let header = try read(path, into: parts)
            try require(header, is: assignment, step: step, path)
            files[step] = path
            recalled.append(
                HeldState(
                    step: step, checksum: checksum(), epoch: header.epoch, offset: header.offset))
        } catch {
            tell(assignment.run, kind: "damaged checkpoint", "\(error)")
        }
    }

    /// A state is of one rank among so many workers: its residual is nobody else's, and its data
    /// position is in shares of their number. What was renamed or copied is not taken for another.
    private func require(
        _ header: CheckpointHeader, is assignment: Assignment, step: Int, _ path: String
    ) throws {
        func words(_ rank: Int, _ world: Int, _ step: Int) -> String {
            "rank \(rank) of \(world) after step \(step)"
        }
        let found = words(header.rank, header.worldSize, header.step)
        let wanted = words(assignment.rank, assignment.worldSize, step)
        guard header.run == assignment.uuid, header.seed == assignment.seed else {
            throw ClusterError("\(path): of another run; not used")
        }
        guard found == wanted else {
            throw ClusterError("\(path): found \(found); not used for \(wanted)")
        }
    }

    /// Reads a recalled state; the training clock at that moment.
    func restore(step: Int, into parts: [CheckpointPart]) throws -> Int64 {
        guard let path = files[step] else {
            throw ClusterError("no checkpoint after step \(step) was found here")
        }
        let header = try read(path, into: parts)
        recalled = []
        return header.trainedNanoseconds
    }

    private func read(_ path: String, into parts: [CheckpointPart]) throws -> CheckpointHeader {
        let header = try CheckpointFile.read(path, into: parts)
        guard header.configuration == configuration else {
            throw ClusterError("\(path): written by another configuration of the run; not used")
        }
        return header
    }

    private func header(
        _ assignment: Assignment, _ position: DataPosition, trained nanoseconds: Int64
    ) -> CheckpointHeader {
        CheckpointHeader(
            run: assignment.uuid, configuration: configuration, seed: assignment.seed,
            step: position.step, epoch: position.epoch, offset: position.offset,
            rank: assignment.rank, worldSize: assignment.worldSize,
            trainedNanoseconds: nanoseconds)
    }
    private func tell(_ run: Int64, kind: String, _ detail: String) {
        logger.warning("\(kind): \(detail)")
        mailbox.send(.notice(run: run, kind: kind, detail: detail))
    }
}
