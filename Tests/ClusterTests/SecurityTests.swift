import Cluster
import Testing

@Suite("Security")
struct SecurityTests {
    @Test(
        "without keys a process listens on its own machine only",
        arguments: [
            ("tcp://127.0.0.1:5555", true), ("tcp://127.1.2.3:*", true), ("tcp://[::1]:1", true),
            ("tcp://localhost:5555", true), ("ipc://@name", true), ("tcp://*:5555", false),
            ("tcp://0.0.0.0:5555", false), ("tcp://10.0.0.5:5555", false),
            ("tcp://127.0.0.1.example.org:5555", false), ("tcp://127.evil.0.1:1", false),
            ("tcp://eth0:5555", false), ("tcp://[::]:5555", false), ("tcp://host:5555", false),
        ])
    func listening(endpoint: String, isLocal: Bool) throws {
        let loopback = Security.loopback
        if isLocal {
            try loopback.requireMayListen(on: endpoint)
            try loopback.requireMayJoin(endpoint, host: nil)
        } else {
            #expect(throws: SecurityError.self) { try loopback.requireMayListen(on: endpoint) }
            #expect(throws: SecurityError.self) {
                try loopback.requireMayJoin(endpoint, host: nil)
            }
        }
        try Security.insecure.requireMayListen(on: endpoint)
        #expect(throws: SecurityError.self) {
            try loopback.requireMayJoin("tcp://127.0.0.1:1", host: "10.0.0.7")
        }
    }
}
