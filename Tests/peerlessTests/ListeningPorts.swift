import Foundation

/// Ports of this machine on which a process listens.
func listeningPorts(of pid: pid_t) -> [UInt16] {
    let sockets = Set(
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? [])
            .compactMap {
                try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(pid)/fd/\($0)")
            })
    let table = (try? String(contentsOfFile: "/proc/\(pid)/net/tcp", encoding: .utf8)) ?? ""
    return table.split(separator: "\n").dropFirst().compactMap { line in
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", sockets.contains("socket:[\(fields[9])]")
        else { return nil }
        return fields[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
}
