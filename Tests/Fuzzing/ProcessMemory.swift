import Foundation

/// What Linux tells about the memory of a process, in bytes.
public enum ProcessMemory {
    /// In memory now.
    static var resident: Int { status("VmRSS", of: "self") }
    /// In memory at most, since the start or the last `forgetPeak`.
    static var peak: Int { status("VmHWM", of: "self") }

    /// In memory now, of another process; 0 when it is gone.
    public static func resident(of process: Int32) -> Int { status("VmRSS", of: "\(process)") }

    /// Counts the peak from now on, where the kernel allows it.
    static func forgetPeak() {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        try? file.write(contentsOf: Data("5".utf8))
        try? file.close()
    }

    private static func status(_ key: String, of process: String) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(key):") })
        else { return 0 }
        let kilobytes = line.split(separator: " ").lazy.compactMap { Int($0) }.first
        return 1024 * (kilobytes ?? 0)
    }
}
