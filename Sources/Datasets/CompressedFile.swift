import CZlib

/// Reads a file whole, gzipped or not.
package enum CompressedFile {
    /// No data set of ours is larger.
    package static let maximumBytes = 1 << 30

    /// - Parameter limit: bytes of the longest content; nothing beyond it is kept.
    /// - Throws: `DatasetError` when it cannot be read, is damaged or too long.
    package static func read(
        _ path: String, limit: Int = maximumBytes
    ) throws(DatasetError) -> [UInt8] {
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
            guard Int(count) <= limit - bytes.count else {
                throw DatasetError("\(path): more than \(limit) bytes; not a data set of ours")
            }
            bytes += chunk.prefix(Int(count))
        }
        // A cut gzip file reads as if it had ended; only closing state tells.
        var code: Int32 = 0
        _ = gzerror(file, &code)
        guard code == Z_OK || code == Z_STREAM_END else {
            throw DatasetError("\(path): the gzip data is cut off; fetch the file again")
        }
        return bytes
    }

    /// Unpacks gzipped bytes that are in memory.
    ///
    /// - Parameter limit: bytes of the longest content.
    /// - Throws: `DatasetError` when they are damaged or unpack to more.
    package static func inflate(
        _ bytes: [UInt8], name: String, limit: Int = maximumBytes
    ) throws(DatasetError) -> [UInt8] {
        var stream = z_stream()
        let gzip = MAX_WBITS + 16
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, gzip, ZLIB_VERSION, size) == Z_OK else {
            throw DatasetError("\(name): zlib cannot be used; install zlib1g-dev and build again")
        }
        defer { inflateEnd(&stream) }
        var unpacked: [UInt8] = []
        var status = Z_OK
        bytes.withUnsafeBufferPointer { source in
            stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.avail_in = UInt32(source.count)
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while status == Z_OK, unpacked.count <= limit {
                let room = chunk.count
                let left = chunk.withUnsafeMutableBufferPointer { chunk in
                    stream.next_out = chunk.baseAddress
                    stream.avail_out = UInt32(chunk.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return Int(stream.avail_out)
                }
                unpacked += chunk.prefix(room - left)
            }
        }
        guard unpacked.count <= limit else {
            throw DatasetError("\(name): more than \(limit) bytes; not a data set of ours")
        }
        guard status == Z_STREAM_END else {
            throw DatasetError("\(name): damaged gzip data; build again from a fresh clone")
        }
        return unpacked
    }
}
