import Foundation
package import ZeroMQ

/// One key as text: comment lines, then `name:`, `role:`, `public:`, and `secret:` in a secret one.
///
/// No error shows what stands in a file's place for a secret.
package struct KeyFile: Sendable {
    /// Name of the key, and of its file.
    package let name: String
    /// What it is for.
    package let role: KeyRole
    /// What peers know it by.
    package let publicKey: CurvePublicKey
    /// Only in a file that ends in `.key`.
    package let secretKey: CurveSecretKey?

    private static let maximumBytes = 4_096
    private static let fields = ["name", "role", "public", "secret"]

    init(name: String, role: KeyRole, pair: CurveKeyPair) {
        self.name = name
        self.role = role
        publicKey = pair.publicKey
        secretKey = pair.secretKey
    }

    /// Reads the text of a file.
    ///
    /// - Parameter file: how errors name it.
    /// - Throws: `SecurityError` with line, what was found and what is allowed.
    package init(parsing bytes: [UInt8], file: String) throws(SecurityError) {
        let values = try Self.values(of: bytes, file: file)
        func value(_ field: String) throws(SecurityError) -> String {
            guard let value = values[field] else {
                throw SecurityError("\(file): found no line '\(field): ...'; \(Self.remedy)")
            }
            return value
        }
        name = try value("name")
        guard Self.isName(name) else {
            throw SecurityError("\(file): name: found another text; allowed: \(Self.nameRule)")
        }
        let roleText = try value("role")
        guard let role = KeyRole(rawValue: roleText) else {
            let allowed = KeyRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw SecurityError("\(file): role: found another word; allowed: \(allowed)")
        }
        self.role = role
        guard let publicKey = CurvePublicKey(try value("public")) else {
            throw SecurityError("\(file): public: \(Self.keyRule)")
        }
        self.publicKey = publicKey
        secretKey = try values["secret"].map { text throws(SecurityError) in
            try Self.secret(text, of: publicKey, file: file)
        }
    }

    /// The text of the public file.
    var publicText: String {
        """
        # A public key of Peerless: no secret. Its copy in a folder's authorized/ lets the owner in.
        name: \(name)
        role: \(role.rawValue)
        public: \(publicKey.z85)

        """
    }

    /// The text of the secret file; `nil` without a secret.
    var secretText: String? {
        secretKey.map {
            """
            # A secret key of Peerless: keep it on its machine, readable by its user only.
            name: \(name)
            role: \(role.rawValue)
            public: \(publicKey.z85)
            secret: \($0.z85)

            """
        }
    }

    static let nameRule = "1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit"

    /// Whether a key, and so a file, may have this name.
    static func isName(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard (1...64).contains(text.utf8.count), text.utf8.first.map(isPlain) == true else {
            return false
        }
        return text.utf8.allSatisfy { isPlain($0) || [45, 46, 95].contains($0) }
    }

    private static let remedy = "make keys with: peerless keys init DIR"
    private static let keyRule = "found no key; allowed: 40 characters of Z85; \(remedy)"

    private static func values(
        of bytes: [UInt8], file: String
    ) throws(SecurityError) -> [String: String] {
        guard bytes.count <= maximumBytes else {
            throw SecurityError(
                "\(file): found more than \(maximumBytes) bytes, which is no key file; \(remedy)")
        }
        guard bytes.allSatisfy({ $0 == 10 || (32...126).contains($0) }) else {
            throw SecurityError("\(file): found bytes that are no plain text; \(remedy)")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        var values: [String: String] = [:]
        for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let place = "\(file), line \(number + 1)"
            let allowed = "allowed: 'FIELD: VALUE' with \(fields.joined(separator: ", "))"
            guard let field = fields.first(where: { line.hasPrefix("\($0): ") }) else {
                throw SecurityError("\(place): found something else; \(allowed)")
            }
            guard values[field] == nil else {
                throw SecurityError("\(place): found a second '\(field):'; allowed: one")
            }
            values[field] = String(line.dropFirst(field.count + 2))
        }
        return values
    }

    private static func secret(
        _ text: String, of publicKey: CurvePublicKey, file: String
    ) throws(SecurityError) -> CurveSecretKey {
        guard let secret = CurveSecretKey(text) else {
            throw SecurityError("\(file): secret: \(keyRule)")
        }
        guard (try? CurveKeyPair(secret))?.publicKey == publicKey else {
            throw SecurityError("\(file): the secret belongs to another public key; \(remedy)")
        }
        return secret
    }
}
