import Foundation

/// How much of the machine's processors this process may use.
package struct CPULimits: Equatable, Sendable {
    /// Cores that the kernel runs.
    package var online: Int
    /// Cores that affinity and cpuset leave to this process.
    package var allowed: Int
    /// Time per time that the control group grants, in cores; `nil` without a limit.
    package var quotaCores: Double?

    /// Memberwise.
    package init(online: Int, allowed: Int, quotaCores: Double? = nil) {
        self.online = online
        self.allowed = allowed
        self.quotaCores = quotaCores
    }

    /// Asks the system's files.
    ///
    /// - Parameter read: a file's text, or `nil` when it cannot be read.
    /// - Returns: `nil` where the kernel does not tell.
    package init?(read: (String) -> String?) {
        guard let online = read("/sys/devices/system/cpu/online").flatMap(Self.count),
            let status = read("/proc/self/status"),
            let line = status.split(separator: "\n").first(where: {
                $0.hasPrefix("Cpus_allowed_list:")
            }),
            let allowed = Self.count(String(line.drop { $0 != ":" }.dropFirst()))
        else { return nil }
        self.init(
            online: online, allowed: min(online, allowed), quotaCores: Self.quota(read: read))
    }

    /// How many cores a list such as `0-3,8` names.
    package static func count(_ list: String) -> Int? {
        var count = 0
        for range in list.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 20
            else { return nil }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }

    /// The least quota of this process's control group and those above it.
    private static func quota(read: (String) -> String?) -> Double? {
        let lines = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
        let quotas = lines.flatMap { line -> [Double] in
            let fields = line.split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            if fields[0] == "0" { return unified(fields[2], read: read) }
            return fields[1].split(separator: ",").contains("cpu")
                ? divided(fields[2], controllers: fields[1], read: read) : []
        }
        return quotas.min()
    }

    private static func unified(_ group: Substring, read: (String) -> String?) -> [Double] {
        folders(group).compactMap { folder in
            guard let text = read("/sys/fs/cgroup\(folder)/cpu.max") else { return nil }
            let values = text.split { $0 == " " || $0 == "\n" }.map { Double($0) }
            guard values.count == 2, let quota = values[0], let period = values[1], period > 0
            else { return nil }
            return quota / period
        }
    }

    private static func divided(
        _ group: Substring, controllers: Substring, read: (String) -> String?
    ) -> [Double] {
        folders(group).compactMap { folder in
            func value(_ name: String) -> Double? {
                let text =
                    read("/sys/fs/cgroup/\(controllers)\(folder)/\(name)")
                    ?? read("/sys/fs/cgroup/cpu\(folder)/\(name)")
                return text.flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            }
            guard let quota = value("cpu.cfs_quota_us"), quota > 0,
                let period = value("cpu.cfs_period_us"), period > 0
            else { return nil }
            return quota / period
        }
    }

    /// A group's folder and those above it, up to the root, which is empty.
    private static func folders(_ group: Substring) -> [String] {
        let names = group.split(separator: "/")
        return (0...names.count).map { names.prefix($0).map { "/\($0)" }.joined() }
    }

    /// What it means for a worker.
    package var finding: DoctorFinding {
        let share =
            allowed == online ? "all \(online) cores" : "\(allowed) of \(online) cores (affinity)"
        guard let quotaCores, quotaCores < Double(allowed) else {
            return DoctorFinding("processors", .ok, "\(share), no quota")
        }
        let quota = String(format: "%.2f", quotaCores)
        return DoctorFinding(
            "processors", .warning,
            "\(share), but a quota of \(quota) cores: the kernel stops the process in every period",
            remedy: "give whole cores by cpuset or affinity in place of a quota, or raise the quota"
        )
    }
}
