import Foundation
import ZeroMQ

extension KeyFolder {
    /// The key that a process of a role shows: `ROLE.key`, else the only one of that role.
    func own(_ role: KeyRole) throws(SecurityError) -> KeyFile {
        let standard = "\(path)/\(role.rawValue).key"
        if FileManager.default.fileExists(atPath: standard) {
            let file = try KeyFile(path: standard, isSecret: true)
            guard file.role == role else {
                throw SecurityError(
                    "\(standard): found a key of a \(file.role.rawValue); "
                        + "allowed here: one of a \(role.rawValue)")
            }
            return file
        }
        var found: [(path: String, file: KeyFile)] = []
        for path in try files("key", in: path) {
            let file = try KeyFile(path: path, isSecret: true)
            if file.role == role { found.append((path, file)) }
        }
        guard found.count <= 1 else {
            let names = found.map { $0.file.name }.joined(separator: ", ")
            throw SecurityError(
                "\(path): found \(found.count) keys of a \(role.rawValue): \(names); allowed on one "
                    + "machine: one; keep the others elsewhere")
        }
        guard let only = found.first else {
            throw SecurityError(
                "\(path): found no key of a \(role.rawValue); copy \(role.rawValue).key here from "
                    + "the folder that was made with: peerless keys init")
        }
        return only.file
    }

    /// What this folder knows the coordinator by.
    func coordinatorKey() throws(SecurityError) -> CurvePublicKey {
        let file = try KeyFile(path: "\(path)/coordinator.pub", isSecret: false)
        guard file.role == .coordinator else {
            throw SecurityError(
                "\(path)/coordinator.pub: found a key of a \(file.role.rawValue); "
                    + "copy coordinator.pub from the coordinator's folder")
        }
        return file.publicKey
    }

    /// The name under which a key was revoked here.
    func revokedName(of key: CurvePublicKey) -> String? {
        guard let files = try? files("pub", in: "\(path)/revoked") else { return nil }
        for file in files {
            guard let file = try? KeyFile(path: file, isSecret: false) else { continue }
            if file.publicKey == key { return file.name }
        }
        return nil
    }
}
