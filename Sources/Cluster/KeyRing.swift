import Foundation
import Logging
import Synchronization
import ZeroMQ

/// The list of a folder's `authorized/` as it is now; looked at about once a second.
final class KeyRing: Sendable {
    private struct State {
        var list = AllowList()
        var signature: [String] = []
    }

    private let folder: KeyFolder
    private let state = Mutex(State())

    /// Reads the list; here one bad file is an error.
    init(_ folder: KeyFolder) throws(SecurityError) {
        self.folder = folder
        try folder.check()
        let signature = try signature()
        let files = try folder.authorized()
        guard !files.isEmpty else {
            throw SecurityError(
                "\(folder.authorizedPath): found no public key, so nobody could be let in; copy the "
                    + ".pub files of the peers there")
        }
        state.withLock { $0 = State(list: Self.list(of: files), signature: signature) }
    }

    /// The list in memory.
    var current: AllowList { state.withLock { $0.list } }

    /// Whether a message's sender is on the list.
    func allows(_ user: String?, in domain: String) -> Bool {
        guard let user else { return false }
        return state.withLock { $0.list.allows(user: user, in: domain) }
    }

    /// The list when the folder has changed; a file that is not understood is left out, so that
    /// its key is refused while the others' go on.
    ///
    /// - Parameter complain: hears of files that are left out.
    func refreshed(_ complain: (String) -> Void) -> AllowList? {
        guard let signature = try? signature() else {
            // A folder that cannot be read at this moment is no reason to throw everybody out.
            return nil
        }
        guard signature != state.withLock({ $0.signature }) else { return nil }
        var files: [KeyFile] = []
        for path in (try? folder.files("pub", in: folder.authorizedPath)) ?? [] {
            do throws(SecurityError) {
                files.append(try KeyFile(path: path, isSecret: false))
            } catch {
                complain("this key is not let in: \(error)")
            }
        }
        if files.isEmpty {
            complain(
                "\(folder.authorizedPath) holds no public key any more, so nobody is let in: daemons "
                    + "will be lost; copy the .pub files of the peers there")
        }
        let list = Self.list(of: files)
        state.withLock { $0 = State(list: list, signature: signature) }
        return list
    }

    /// What changes whenever the folder's files do.
    private func signature() throws(SecurityError) -> [String] {
        try folder.files("pub", in: folder.authorizedPath).map { path in
            var facts = stat()
            guard stat(path, &facts) == 0 else { return path }
            let time = facts.st_mtim
            return "\(path) \(facts.st_ino) \(facts.st_size) \(time.tv_sec).\(time.tv_nsec)"
        }
    }

    private static func list(of files: [KeyFile]) -> AllowList {
        var list = AllowList()
        for file in files {
            let entry = list[file.publicKey]
            list[file.publicKey] = .init(
                name: entry?.name ?? file.name,
                domains: file.role.domains.union(entry?.domains ?? []))
        }
        return list
    }
}
