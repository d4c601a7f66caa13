import Testing
import ZeroMQ

@Suite("Curve keys")
struct CurveKeysTests {
    @Test("generated keys differ, and a public key follows from its secret")
    func generated() throws {
        #expect(Capabilities.hasCurve)
        let pairs = try (0..<8).map { _ in try CurveKeyPair.generate() }
        #expect(Set(pairs.map(\.publicKey)).count == 8)
        for pair in pairs {
            #expect(try CurveKeyPair(pair.secretKey).publicKey == pair.publicKey)
            #expect(CurvePublicKey(pair.publicKey.z85) == pair.publicKey)
        }
    }

    @Test("the pair of libzmq's manual")
    func known() throws {
        let secret = try #require(
            CurveSecretKey("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"))
        #expect(
            try CurveKeyPair(secret).publicKey.z85 == "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7")
    }

    @Test(
        "what is not 32 bytes in Z85 is no key",
        arguments: [
            "", "short", String(repeating: "0", count: 39), String(repeating: "0", count: 41),
            String(repeating: "~", count: 40), String(repeating: "#", count: 40),
            String(repeating: " ", count: 40), String(repeating: "é", count: 20),
        ])
    func noKey(text: String) {
        #expect(CurvePublicKey(text) == nil && CurveSecretKey(text) == nil)
    }

    @Test("a secret does not print itself")
    func secret() throws {
        let pair = try CurveKeyPair.generate()
        var dumped = ""
        dump(SocketOptions(curve: .client(server: pair.publicKey, pair)), to: &dumped)
        let shown = "\(pair) \(String(reflecting: pair)) \(dumped)"
        #expect(!shown.contains(pair.secretKey.z85))
    }
}
