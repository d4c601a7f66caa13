import ArgumentParser
import Cluster
import Foundation

/// The folder of keys.
struct KeyArguments: ParsableArguments {
    @Option(
        name: .customLong("keys"),
        help: "Folder of keys, as 'peerless keys init' makes it. Default: PEERLESS_KEYS.")
    var named: String?

    /// The folder that option and environment come to; `nil` for no keys.
    var folder: String? {
        let path = named ?? ProcessInfo.processInfo.environment["PEERLESS_KEYS"] ?? ""
        return path.isEmpty ? nil : path
    }

    /// How a client's socket is protected; the folder is read.
    func security(as role: KeyRole) throws -> Security {
        guard let folder else { return .loopback }
        return .keys(try Credentials(folder: KeyFolder(path: folder), role: role))
    }
}

extension KeyArguments {
    /// In which role a coordinator can be asked with the folder's keys.
    func speaker() throws -> KeyRole {
        try folder.map { try KeyFolder(path: $0).speaker() } ?? .client
    }
}

/// Keys, or a word that there are none on purpose.
struct ListeningArguments: ParsableArguments {
    @OptionGroup var keys: KeyArguments

    @Flag(help: "Listen on the network without keys: whoever reaches the port takes part.")
    var insecure = false

    /// How a daemon's sockets are protected; the folder of keys is read.
    func security(as role: KeyRole) throws -> Security {
        guard insecure else { return try keys.security(as: role) }
        if let folder = keys.folder {
            throw ValidationError(
                "--insecure: found keys at \(folder), too; allowed: one of them (look at "
                    + "--keys and PEERLESS_KEYS)")
        }
        return .insecure
    }
}
