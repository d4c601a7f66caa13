import Foundation

/// What a checkpoint is of: the run, the moment and the place.
public struct CheckpointHeader: Codable, Equatable, Sendable {
    /// A part's name and length.
    public struct Part: Codable, Equatable, Sendable {
        /// As the owner calls it.
        public var name: String
        /// Number of floats.
        public var count: Int

        /// Memberwise.
        public init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// The run's UUID.
    public var run: String
    /// Hash of what the run was asked to do.
    public var configuration: UInt64
    /// The run's seed.
    public var seed: UInt64
    /// Steps that were done; the next one has this number.
    public var step: Int
    /// Epoch of the next batch.
    public var epoch: Int
    /// Samples of that epoch that were dealt already.
    public var offset: Int
    /// Whose state it is; a dedicated server's rank is the world size.
    public var rank: Int
    /// Number of workers.
    public var worldSize: Int
    /// The training clock: time of the steps, evaluations excluded.
    public var trainedNanoseconds: Int64
    /// What follows, in order; `CheckpointFile.write` fills it in.
    public var parts: [Part]

    /// Memberwise.
    public init(
        run: String, configuration: UInt64, seed: UInt64, step: Int, epoch: Int, offset: Int,
        rank: Int, worldSize: Int, trainedNanoseconds: Int64 = 0, parts: [Part] = []
    ) {
        self.run = run
        self.configuration = configuration
        self.seed = seed
        self.step = step
        self.epoch = epoch
        self.offset = offset
        self.rank = rank
        self.worldSize = worldSize
        self.trainedNanoseconds = trainedNanoseconds
        self.parts = parts
    }

    /// What is impossible in it, or `nil`.
    var trouble: String? {
        guard min(step, epoch, offset) >= 0 else { return "a negative step, epoch or offset" }
        guard worldSize > 0, (0...worldSize).contains(rank) else {
            return "rank \(rank) of \(worldSize) workers"
        }
        guard (0...(1 << 60)).contains(trainedNanoseconds) else {
            return "a training clock of \(trainedNanoseconds) ns"
        }
        guard Set(parts.map(\.name)).count == parts.count else { return "two parts of one name" }
        guard bytesOfParts != nil else { return "parts of an impossible length" }
        return nil
    }

    /// Bytes of all parts; `nil` when no memory has so many.
    var bytesOfParts: Int? {
        var bytes = 0
        for part in parts {
            let (size, isTooLong) = part.count.multipliedReportingOverflow(by: 4)
            let (sum, isTooMuch) = bytes.addingReportingOverflow(size)
            guard part.count >= 0, !isTooLong, !isTooMuch else { return nil }
            bytes = sum
        }
        return bytes
    }
}

/// The bytes before the parts: magic, version, length of the header, the header as JSON.
enum CheckpointPreamble {
    static let magic = Array("PRLSCKPT".utf8)
    static let version: UInt32 = 1
    /// Magic, version and length.
    static let fixedBytes = 16
    /// Bytes of a header at most.
    static let headerLimit = 1 << 20
    /// The checksum at the end.
    static let checksumBytes = 8

    static func encode(_ header: CheckpointHeader) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(header)
        guard json.count <= headerLimit else {
            throw CheckpointError(
                words: "a checkpoint's header: found \(json.count) bytes; "
                    + "allowed: \(headerLimit); use fewer parts")
        }
        let numbers = littleEndian(version) + littleEndian(UInt32(json.count))
        return magic + numbers + json
    }

    static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    static func number<Number: FixedWidthInteger>(
        _ bytes: [UInt8], at offset: Int, as type: Number.Type
    ) -> Number {
        bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type))
        }
    }
}
