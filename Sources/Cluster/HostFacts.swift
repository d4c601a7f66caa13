import Foundation
import Kernels
import RunStore

/// What a measurement depends on besides the experiment.
public struct HostFacts: Codable, Equatable, Sendable {
    /// Host name.
    public var host: String
    /// Processor model as the kernel names it.
    public var processor: String
    /// Cores that this process may use.
    public var cores: Int
    /// Memory in bytes.
    public var memoryBytes: UInt64
    /// Operating system and kernel.
    public var system: String
    /// Version of this binary.
    public var peerless: String
    /// Kernel set that OpenBLAS chose.
    public var blas: String
    /// What computes convolutions, its version and instruction set.
    public var engine: String
    /// Kernel set of sketching, selection and 16-bit conversion.
    public var kernel: String

    /// Facts of this machine.
    ///
    /// - Parameters:
    ///   - blas: names the OpenBLAS kernels.
    ///   - engine: names what computes convolutions.
    public init(blas: String, engine: String) {
        host = Self.hostName
        processor = Self.field("model name", of: "/proc/cpuinfo") ?? "unknown"
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryBytes = ProcessInfo.processInfo.physicalMemory
        let release = Self.firstLine(of: "/proc/sys/kernel/osrelease") ?? ""
        system = "\(ProcessInfo.processInfo.operatingSystemVersionString) \(release)"
        peerless = PeerlessVersion.current
        self.blas = blas
        self.engine = engine
        kernel = Kernel.best.name
    }

    /// What figures depend on, as a JSON object with sorted keys: all but the host's name, so that
    /// machines of one kind, such as those of a CI, are one context.
    var context: String {
        let encoder = JSONEncoder()
        guard let data = try? encoder.encode(self),
            var facts = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        else { return "{}" }
        facts["host"] = nil
        let text = try? JSONSerialization.data(
            withJSONObject: facts, options: [.sortedKeys, .withoutEscapingSlashes])
        return text.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Hash of the context, as runs record it.
    public var contextHash: String { RunDescription.hash(context) }

    /// The host's name.
    public static var hostName: String { ProcessInfo.processInfo.hostName }

    /// Identity of the booted machine; processes with equal ones share a monotonic clock.
    public static var bootID: String {
        firstLine(of: "/proc/sys/kernel/random/boot_id") ?? hostName
    }

    /// Identity of the network namespace that this process is in; empty where there is none.
    public static var network: String {
        let link = "/proc/self/ns/net"
        return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? ""
    }

    private static func firstLine(of path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first.map(String.init)
    }

    private static func field(_ name: String, of path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: ":").last.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }
}

/// The version that daemons compare before they work together.
public enum PeerlessVersion {
    /// Of this binary.
    public static let current = "0.1.0"
}
