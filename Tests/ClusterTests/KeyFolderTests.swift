import Cluster
import Foundation
import Testing

@Suite("Key folder")
final class KeyFolderTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent(
        "peerless-keys-\(UUID().uuidString)"
    ).path
    private var folder: KeyFolder { KeyFolder(path: path) }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    private func mode(_ file: String) throws -> Int {
        let facts = try FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
        return try #require(facts[.posixPermissions] as? Int)
    }

    @Test("init makes a key of every role with the right modes, and never overwrites")
    func makes() throws {
        try folder.initialize()
        #expect(try mode("") == 0o700 && mode("authorized") == 0o700)
        for role in ["coordinator", "server", "worker", "client"] {
            #expect(try mode("\(role).key") == 0o600 && mode("\(role).pub") == 0o644)
        }
        let list = try folder.list()
        #expect(list.map(\.name) == ["client", "coordinator", "server", "worker"])
        #expect(list.map(\.isAuthorized) == [true, false, true, true])
        #expect(list.filter(\.hasSecret).count == 4)
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(path)/worker.key"))
        #expect(throws: SecurityError.self) { try self.folder.initialize() }
        #expect(throws: SecurityError.self) { try self.folder.add("worker", role: .worker) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(path)/worker.key")) == before)
    }

    @Test(
        "keys are made with all their files or none, whichever of them is there already",
        arguments: ["gpu7.key", "gpu7.pub", "authorized/gpu7.pub"])
    func wholeOrNot(file: String) throws {
        try folder.initialize()
        let taken = "\(path)/\(file)"
        try "x".write(toFile: taken, atomically: false, encoding: .utf8)
        let before = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        do {
            try folder.add("gpu7", role: .worker)
            Issue.record("made")
        } catch {
            #expect(error.description.contains(taken), "\(error)")
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: path).sorted() == before)
        try FileManager.default.removeItem(atPath: taken)
        try folder.add("gpu7", role: .worker)
    }

    @Test("a damaged file beside a key does not keep it from being revoked")
    func revokeBesideDamage() throws {
        try folder.initialize()
        try "x".write(toFile: "\(path)/authorized/a.pub", atomically: false, encoding: .utf8)
        #expect(try folder.revoke("worker") == ["worker"])
    }

    @Test("an empty folder of one's own is taken, one that others can look into is not")
    func existing() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
        try "x".write(toFile: "\(path)/note", atomically: false, encoding: .utf8)
        #expect(throws: SecurityError.self) { try self.folder.initialize() }
        try FileManager.default.removeItem(atPath: "\(path)/note")
        try folder.initialize()
        #expect(try mode("") == 0o700)
    }

    @Test("a key of its own is added and revoked; the others stay")
    func addAndRevoke() throws {
        try folder.initialize()
        try folder.add("gpu7", role: .worker)
        for bad in ["", "a/b", "..", ".x", String(repeating: "a", count: 65), "a b"] {
            #expect(throws: SecurityError.self) { try self.folder.add(bad, role: .worker) }
        }
        #expect(throws: SecurityError.self) { try self.folder.add("boss", role: .coordinator) }
        #expect(try folder.list().first { $0.name == "gpu7" }?.isAuthorized == true)
        #expect(try folder.revoke("gpu7") == ["gpu7"])
        #expect(try folder.list().first { $0.name == "gpu7" }?.isAuthorized == false)
        #expect(try folder.list().filter(\.isAuthorized).count == 3)
        #expect(throws: SecurityError.self) { _ = try self.folder.revoke("gpu7") }
        #expect(throws: SecurityError.self) { _ = try self.folder.revoke("nobody") }
    }

    @Test("revoking a key takes every copy of it off the list")
    func copies() throws {
        try folder.initialize()
        let text = try String(contentsOfFile: "\(path)/worker.pub", encoding: .utf8)
        try text.replacingOccurrences(of: "name: worker", with: "name: twin").write(
            toFile: "\(path)/authorized/twin.pub", atomically: true, encoding: .utf8)
        #expect(try folder.revoke("worker") == ["twin", "worker"])
    }

    @Test(
        "what would let others in or show a secret is refused with the command to type",
        arguments: [
            ("worker.key", 0o640), ("worker.key", 0o604), ("", 0o770), ("authorized", 0o777),
            ("authorized/server.pub", 0o646), ("coordinator.pub", 0o664),
        ]
    )
    func open(file: String, mode: Int) throws {
        try folder.initialize()
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: "\(path)/\(file)")
        do {
            _ = try Credentials(folder: folder, role: .worker)
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("type: chmod"), "\(error)")
        }
    }

    @Test(
        "what belongs to another user is refused, unless that is root or root runs this",
        arguments: [
            (owner: 1000, user: 1000, isAllowed: true), (0, 1000, true), (1001, 1000, false),
            (1001, 0, true), (1000, 1001, false),
        ] as [(owner: uid_t, user: uid_t, isAllowed: Bool)])
    func owners(owner: uid_t, user: uid_t, isAllowed: Bool) {
        var facts = stat()
        facts.st_mode = S_IFDIR | 0o755
        facts.st_uid = owner
        let keeping = FileKeeping("/keys", facts)
        do throws(SecurityError) {
            try keeping.requireOwn(mode: 0o700, "put keys in", user: user)
            #expect(isAllowed)
        } catch {
            #expect(!isAllowed && error.description.contains("user \(owner)"), "\(error)")
        }
    }

    @Test("a machine's only key of a role is found under any name; two are refused")
    func ownKey() throws {
        try folder.initialize()
        try folder.add("gpu7", role: .worker)
        try FileManager.default.removeItem(atPath: "\(path)/worker.key")
        _ = try Credentials(folder: folder, role: .worker)
        try folder.add("gpu8", role: .worker)
        #expect(throws: SecurityError.self) {
            _ = try Credentials(folder: self.folder, role: .worker)
        }
        try FileManager.default.removeItem(atPath: "\(path)/coordinator.pub")
        #expect(throws: SecurityError.self) {
            _ = try Credentials(folder: self.folder, role: .client)
        }
    }
}
