import Foundation

/// What a daemon keeps for a coordinator that is away.
extension FuzzTarget {
    /// Calls of a spool, three bytes each, while its file is cut and overwritten: what it gives back
    /// is what it was given, in order, or counted as given up; its bounds hold.
    static let spool = FuzzTarget("spool", share: 10_000, .binary()) {
        let kept: [[UInt8]] = (0..<40).map { [0, $0 * 5, 3] }
        let growing = kept.joined() + [1, 10, 0, 2, 0, 0]
        let mixed: [[UInt8]] = (0..<30).map { [$0 % 3, $0 * 7, 2] }
        let large: [[UInt8]] = (0..<30).map { [0, 200, $0] }
        let damaged: [UInt8] = [3, 9, 0, 2, 0, 0, 4, 0, 0, 2, 0, 0]
        return [growing, Array(mixed.joined()), large.prefix(8).joined() + damaged]
    } open: {
        let folder = try ScratchFolder()
        return { bytes in
            let calls = SpoolCalls(folder: folder.path)
            for start in stride(from: 0, to: bytes.count - 2, by: 3).prefix(300) {
                try calls.make(bytes[start], bytes[start + 1], bytes[start + 2])
            }
            guard try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty else {
                throw Broken("a file has a name")
            }
            return calls.isWhole
        }
    }
}
