import Foundation
public import ZeroMQ

/// A folder of keys: `NAME.key` (secret), `NAME.pub`, and in `authorized/` the public keys of those
/// who are let in.
public struct KeyFolder: Sendable {
    /// Where it is.
    public let path: String

    static let mostFiles = 10_000

    /// A folder that may not be there yet.
    public init(path: String) {
        self.path = path
    }

    var authorizedPath: String { "\(path)/authorized" }
    private var revokedPath: String { "\(path)/revoked" }

    /// Makes the folder with a key of every role, and lets all but the coordinator's in.
    ///
    /// - Throws: `SecurityError` when something of it is there already; nothing is overwritten.
    public func initialize() throws(SecurityError) {
        try makeFolder(path)
        try makeFolder(authorizedPath)
        try make(KeyRole.allCases.map { ($0.rawValue, $0) }, remedy: "name another folder")
    }

    /// Makes a key of its own for one machine or person, and lets it in.
    public func add(_ name: String, role: KeyRole) throws(SecurityError) {
        guard KeyFile.isName(name) else {
            throw SecurityError("key name: found '\(name)'; allowed: \(KeyFile.nameRule)")
        }
        guard role != .coordinator else {
            throw SecurityError("--role: found coordinator; allowed: worker, server, client")
        }
        try check()
        try makeFolder(authorizedPath)
        try make(
            [(name, role)], remedy: "name another key, or remove what is left of this one yourself")
    }

    /// Takes a key off the list, under whatever names its copies are; what was taken off.
    public func revoke(_ name: String) throws(SecurityError) -> [String] {
        try check()
        // A bad file beside it, which no process lets in, must not keep a key on the list.
        let listed = try files("pub", in: authorizedPath).compactMap {
            try? KeyFile(path: $0, isSecret: false)
        }
        guard let key = listed.first(where: { $0.name == name })?.publicKey else {
            let names = listed.map(\.name).joined(separator: ", ")
            throw SecurityError(
                "\(authorizedPath): found no key '\(name)'; there are: \(names); "
                    + "see: peerless keys list \(path)")
        }
        try makeFolder(revokedPath)
        let names = listed.filter { $0.publicKey == key }.map(\.name)
        for name in names {
            guard rename("\(authorizedPath)/\(name).pub", "\(revokedPath)/\(name).pub") == 0 else {
                throw SecurityError.system("\(authorizedPath)/\(name).pub")
            }
        }
        return names
    }

    /// One key of the folder.
    public struct Listing: Sendable {
        /// Name of the key.
        public var name: String
        /// What it is for.
        public var role: KeyRole
        /// What peers know it by.
        public var publicKey: CurvePublicKey
        /// Whether its secret is in this folder.
        public var hasSecret: Bool
        /// Whether it is let in; nobody has to let the coordinator in.
        public var isAuthorized: Bool
    }

    /// Every key of the folder by name.
    public func list() throws(SecurityError) -> [Listing] {
        try check()
        var found: [CurvePublicKey: Listing] = [:]
        func add(_ file: KeyFile, isAuthorized: Bool = false) {
            let known = found[file.publicKey]
            found[file.publicKey] = Listing(
                name: file.name, role: file.role, publicKey: file.publicKey,
                hasSecret: file.secretKey != nil || known?.hasSecret == true,
                isAuthorized: isAuthorized || known?.isAuthorized == true)
        }
        for file in try files("key", in: path) { add(try KeyFile(path: file, isSecret: true)) }
        for folder in [path, revokedPath] {
            for file in try files("pub", in: folder) {
                add(try KeyFile(path: file, isSecret: false))
            }
        }
        for file in try authorized() { add(file, isAuthorized: true) }
        return found.values.sorted { $0.name < $1.name }
    }

    /// In which role a machine with this folder can ask a coordinator: as a client, else as the
    /// daemon whose key it has.
    public func speaker() throws(SecurityError) -> KeyRole {
        try check()
        let roles = try files("key", in: path).compactMap {
            try? KeyFile(path: $0, isSecret: true).role
        }
        return [.client, .worker, .server].first(where: roles.contains) ?? .client
    }

    /// Refuses a folder in which others can change who is let in.
    func check() throws(SecurityError) {
        for folder in [path, authorizedPath] {
            var facts = stat()
            guard stat(folder, &facts) == 0 else {
                guard errno == ENOENT else { throw SecurityError.system(folder) }
                if folder == authorizedPath { continue }
                throw SecurityError(
                    "\(folder): is not there; make it: peerless keys init \(folder)")
            }
            guard facts.st_mode & S_IFMT == S_IFDIR else {
                throw SecurityError("\(folder): found no folder; allowed: a folder of keys")
            }
            try FileKeeping(folder, facts).requireOwn(mode: 0o700, "put keys in")
        }
    }

    /// The keys that are let in; one bad file fails them all.
    func authorized() throws(SecurityError) -> [KeyFile] {
        try files("pub", in: authorizedPath).map { file throws(SecurityError) in
            try KeyFile(path: file, isSecret: false)
        }
    }

    /// Paths of the folder's files of a kind, by name; none when the folder is not there.
    func files(_ kind: String, in folder: String) throws(SecurityError) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
            return []
        } catch {
            throw SecurityError("\(folder): \(error.localizedDescription)")
        }
        let chosen = names.filter { $0.hasSuffix(".\(kind)") && !$0.hasPrefix(".") }
        guard chosen.count <= Self.mostFiles else {
            throw SecurityError(
                "\(folder): found \(chosen.count) files; allowed: \(Self.mostFiles)")
        }
        return chosen.sorted().map { "\(folder)/\($0)" }
    }

    /// Makes keys with all their files, or none.
    private func make(
        _ keys: [(name: String, role: KeyRole)], remedy: String
    ) throws(SecurityError) {
        var files: [(path: String, text: String, mode: mode_t)] = []
        for (name, role) in keys {
            let file = KeyFile(name: name, role: role, pair: try Self.pair())
            files.append(("\(path)/\(name).key", file.secretText ?? "", 0o600))
            files.append(("\(path)/\(name).pub", file.publicText, 0o644))
            guard role != .coordinator else { continue }
            files.append(("\(authorizedPath)/\(name).pub", file.publicText, 0o644))
        }
        var facts = stat()
        let taken = files.map(\.path).filter { lstat($0, &facts) == 0 }
        guard taken.isEmpty else {
            let more = taken.count > 3 ? " and \(taken.count - 3) more" : ""
            throw SecurityError(
                "\(taken.prefix(3).joined(separator: ", "))\(more): there already, and keys are "
                    + "never overwritten; \(remedy)")
        }
        var made: [String] = []
        do throws(SecurityError) {
            for file in files {
                try KeyFile.create(file.path, file.text, mode: file.mode)
                made.append(file.path)
            }
        } catch {
            for path in made { unlink(path) }
            throw error
        }
    }

    private static func pair() throws(SecurityError) -> CurveKeyPair {
        do {
            return try CurveKeyPair.generate()
        } catch {
            throw SecurityError("\(error); this libzmq has no CURVE, see: peerless doctor")
        }
    }

    /// Makes a folder of one's own; one that is there must be one's own already, or empty.
    private func makeFolder(_ folder: String) throws(SecurityError) {
        if mkdir(folder, 0o700) == 0 { return }
        guard errno == EEXIST else { throw SecurityError.system(folder) }
        var facts = stat()
        guard stat(folder, &facts) == 0 else { throw SecurityError.system(folder) }
        guard facts.st_mode & S_IFMT == S_IFDIR else {
            throw SecurityError("\(folder): found no folder; name another")
        }
        if facts.st_mode & 0o077 == 0 { return }
        let isEmpty = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty
        guard isEmpty == true, chmod(folder, 0o700) == 0 else {
            throw SecurityError(
                "\(folder): found mode \(SecurityError.octal(facts.st_mode)); allowed: 700; "
                    + "type: chmod 700 \(folder)")
        }
    }
}
