import CZlib

/// Reads a file whole, gzipped or not.
enum CompressedFile {
    /// No data set of ours is larger.
    static let maximumBytes = 1 << 30

    static func read(_ path: String) throws(DatasetError) -> [UInt8] {
        guard let file = gzopen(path, "rb") else {
            throw DatasetError("\(path): cannot be opened; check that it is readable")
        }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = gzread(file, &chunk, UInt32(chunk.count))
            guard count >= 0 else {
                throw DatasetError("\(path): damaged gzip data; fetch the file again")
            }
            guard count > 0 else { break }
            bytes += chunk.prefix(Int(count))
            guard bytes.count <= maximumBytes else {
                throw DatasetError(
                    "\(path): more than \(maximumBytes) bytes; not a data set of ours")
            }
        }
        // A cut gzip file reads as if it had ended; only closing state tells.
        var code: Int32 = 0
        _ = gzerror(file, &code)
        guard code == Z_OK || code == Z_STREAM_END else {
            throw DatasetError("\(path): the gzip data is cut off; fetch the file again")
        }
        return bytes
    }
}
