extension CheckpointFile {
    /// What a file says it is, from its first bytes; its length fits, its checksum is not looked at.
    ///
    /// - Throws: `CheckpointError` when it is no checkpoint, or cut.
    public static func header(of path: String) throws(CheckpointError) -> CheckpointHeader {
        try CheckpointInput(path).header
    }

    /// Reads all of a file, in little memory.
    ///
    /// - Throws: `CheckpointError` when a bit of it is not as it was written.
    @discardableResult
    public static func verify(_ path: String) throws(CheckpointError) -> CheckpointHeader {
        let input = try CheckpointInput(path)
        try input.verify()
        return input.header
    }

    /// Reads a file's floats into memory that has exactly the names and lengths of its parts.
    ///
    /// - Throws: `CheckpointError` when it is damaged or of another shape. The parts have not been
    ///   touched then, unless the file changed while it was read.
    @discardableResult
    public static func read(
        _ path: String, into parts: [CheckpointPart]
    ) throws(CheckpointError) -> CheckpointHeader {
        let input = try CheckpointInput(path)
        try requireSame(input.header.parts, parts, path)
        try input.verify()
        try input.read(into: parts)
        return input.header
    }

    private static func requireSame(
        _ found: [CheckpointHeader.Part], _ wanted: [CheckpointPart], _ path: String
    ) throws(CheckpointError) {
        func words(_ parts: [CheckpointHeader.Part]) -> String {
            parts.map { "\($0.name) of \($0.count)" }.joined(separator: ", ")
        }
        let allowed = wanted.map {
            CheckpointHeader.Part(name: $0.name, count: $0.floats.count)
        }
        guard found == allowed else {
            throw CheckpointError(
                refusing: path, "parts: found \(words(found)); allowed: \(words(allowed))")
        }
    }
}
