import Foundation
import ZeroMQ

/// The part of `peerless doctor` that looks at this machine alone.
public enum DoctorMachine {
    /// Least room for a database: a long experiment with a row per step takes some hundred MiB.
    private static let roomBytes: UInt64 = 1 << 30
    private static let leastRoomBytes: UInt64 = 16 << 20

    /// Looks at processors, open files, libzmq and the disk of the database.
    ///
    /// - Parameter database: where a coordinator started here would write.
    public static func findings(database: String) -> [DoctorFinding] {
        [
            CPULimits(read: text)?.finding
                ?? DoctorFinding("processors", .warning, "the kernel does not tell their limits"),
            openFiles(limits: text("/proc/self/limits") ?? ""),
            zeroMQ(version: Capabilities.version, hasCURVE: Capabilities.hasCurve),
            disk(of: database),
        ]
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }

    /// The limit of open files in the text of `/proc/self/limits`.
    package static func openFiles(limits: String) -> DoctorFinding {
        let topic = "open files"
        let line = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        let words = line?.split(separator: " ").dropFirst(3) ?? []
        guard let soft = words.first else {
            return DoctorFinding(topic, .warning, "the kernel does not tell their limit")
        }
        let remedy = "raise it with ulimit -n 4096, or LimitNOFILE= of the service"
        switch UInt64(soft) {
        case .some(..<128):
            return DoctorFinding(
                topic, .trouble, "at most \(soft): too few for sockets and database",
                remedy: remedy)
        case .some(..<1024):
            return DoctorFinding(
                topic, .warning, "at most \(soft): enough for some hundred peers", remedy: remedy)
        default: return DoctorFinding(topic, .ok, "at most \(soft)")
        }
    }

    /// What the libzmq of this machine can do.
    package static func zeroMQ(version: String, hasCURVE: Bool) -> DoctorFinding {
        guard hasCURVE else {
            return DoctorFinding(
                "libzmq", .warning, "\(version) without CURVE: --keys cannot be used here",
                remedy: "install a libzmq that is built with libsodium, as Debian's libzmq5 is")
        }
        return DoctorFinding("libzmq", .ok, "\(version) with CURVE")
    }

    /// The free space where a database is or would be.
    private static func disk(of database: String) -> DoctorFinding {
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else {
            return DoctorFinding(
                "disk", .warning, "\(folder): \(String(cString: strerror(errno)))",
                remedy: "a coordinator here needs another --db")
        }
        return disk(
            folder: folder, freeBytes: UInt64(facts.f_bavail) * UInt64(facts.f_frsize),
            isWritable: access(folder, W_OK) == 0)
    }

    /// What a folder's free space means for a coordinator's database.
    package static func disk(folder: String, freeBytes: UInt64, isWritable: Bool) -> DoctorFinding {
        let room = "\(freeBytes >> 20) MiB free in \(folder)"
        let remedy = "a coordinator here needs another --db"
        guard isWritable else {
            return DoctorFinding(
                "disk", .warning, "\(folder) cannot be written by this user", remedy: remedy)
        }
        guard freeBytes >= leastRoomBytes else {
            return DoctorFinding("disk", .trouble, "only \(room)", remedy: remedy)
        }
        return freeBytes < roomBytes
            ? DoctorFinding("disk", .warning, "only \(room)", remedy: remedy)
            : DoctorFinding("disk", .ok, room)
    }
}
