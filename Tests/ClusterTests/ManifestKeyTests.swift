import Cluster
import Foundation
import Testing

/// `deploy/kubernetes.yaml` names the files of a secret one by one: they are held against what
/// `peerless keys init` makes, and against what each pod needs.
@Suite("Keys of the Kubernetes manifest")
final class ManifestKeyTests {
    private let root = FileManager.default.temporaryDirectory.appendingPathComponent(
        "peerless-manifest-\(UUID().uuidString)")

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    /// The part of the manifest that makes a role's pods, and the files that it takes.
    private func files(of role: KeyRole) throws -> [(key: String, path: String)] {
        let manifest = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../deploy/kubernetes.yaml")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        let part = try #require(
            text.components(separatedBy: "\n---\n").first {
                $0.contains("labels: {app: peerless, role: \(role.rawValue)}")
                    && $0.contains("secretName: peerless-keys")
            })
        return part.matches(of: /- \{key: (\S+), path: (\S+)\}/).map {
            (String($0.output.1), String($0.output.2))
        }
    }

    /// A pod's folder: copies of the secret's files, as its init container makes them.
    private func folder(of role: KeyRole) throws -> KeyFolder {
        let made = KeyFolder(path: root.appendingPathComponent("keys").path)
        let pod = root.appendingPathComponent("pod")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try made.initialize()
        try FileManager.default.createDirectory(
            at: pod.appendingPathComponent("authorized"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: pod.path)
        for file in try files(of: role) {
            let copy = pod.appendingPathComponent(file.path).path
            try FileManager.default.copyItem(
                atPath: root.appendingPathComponent("keys/\(file.key)").path, toPath: copy)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy)
        }
        return KeyFolder(path: pod.path)
    }

    @Test(
        "a pod's files are among those of `keys init`, and are all that its role needs",
        arguments: [KeyRole.coordinator, .server, .worker])
    func pod(role: KeyRole) throws {
        let folder = try folder(of: role)
        _ = try Credentials(folder: folder, role: role)
        let letsIn = Set(try folder.list().filter(\.isAuthorized).map(\.name))
        #expect(letsIn.isSuperset(of: ["server", "worker"]))
        #expect(letsIn.contains("client") == (role == .coordinator))
        // Commands are typed in the coordinator's pod, and no other has a foreign secret.
        let secrets = Set(try folder.list().filter(\.hasSecret).map(\.name))
        #expect(secrets == (role == .coordinator ? ["coordinator", "client"] : [role.rawValue]))
        if role == .coordinator { _ = try Credentials(folder: folder, role: .client) }
    }
}
