import Cluster
import Foundation
import Testing
import ZeroMQ

@Suite("Key file")
struct KeyFileTests {
    private static let publicKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    private static let secretKey = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
    private static let good =
        "# a comment\nname: gpu-7\nrole: worker\npublic: \(publicKey)\nsecret: \(secretKey)\n"

    private func parse(_ text: String) throws -> KeyFile {
        try KeyFile(parsing: Array(text.utf8), file: "gpu-7.key")
    }

    @Test("a good file is understood, with and without a secret")
    func good() throws {
        let file = try parse(Self.good)
        #expect(file.name == "gpu-7" && file.role == .worker)
        #expect(file.publicKey.z85 == Self.publicKey && file.secretKey?.z85 == Self.secretKey)
        let open = Self.good.split(separator: "\n").dropLast().joined(separator: "\n")
        #expect(try parse(open).secretKey == nil)
    }

    @Test(
        "a bad file is refused with its name, and no error shows the secret",
        arguments: [
            ("name: gpu-7\n", ""), ("role: worker\n", ""), ("role: worker", "role: boss"),
            ("name: gpu-7", "name: ../../etc/passwd"), ("name: gpu-7", "name: "),
            ("name: gpu-7", "name: .hidden"), ("# a", "a"), ("role: worker", "role:worker"),
            ("role: worker", "role: worker\nrole: server"), ("secret: J", "secret: K"),
            ("secret: ", "secret: " + "J"), ("secret: ", "secret "), ("secret: ", "secrets: "),
            ("public: rq", "public: qr"), ("public: rq", "public: "), ("gpu-7", "gpu\u{7}"),
            ("gpu-7", "gpü"), ("\n", "\r\n"), ("# a", "# " + String(repeating: "a", count: 5_000)),
        ])
    func bad(found: String, replacement: String) {
        let text = Self.good.replacingOccurrences(of: found, with: replacement)
        do {
            _ = try parse(text)
            Issue.record("accepted: \(text)")
        } catch {
            let words = String(describing: error)
            #expect(words.contains("gpu-7.key") && !words.contains(Self.secretKey.dropFirst(2)))
        }
    }

    @Test("random bytes and cut or changed files never trap", arguments: [1, 2, 3] as [UInt64])
    func noise(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<2_000 {
            var bytes = Array(Self.good.utf8)
            for _ in 0..<(next() % 4) {
                bytes[Int(next()) % bytes.count] = UInt8(truncatingIfNeeded: next())
            }
            bytes = Array(bytes.prefix(Int(next()) % (bytes.count + 1)))
            _ = try? KeyFile(parsing: bytes, file: "x")
        }
    }
}
