import Cluster
import Foundation
import Synchronization
import Testing

@Suite("Database claim", .timeLimit(.minutes(10)))
final class DatabaseClaimTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent(
        "peerless-claim-\(UUID().uuidString).db"
    ).path

    deinit {
        unlink(path)
    }

    @Test("a database has one coordinator, and the next one when that has gone")
    func one() throws {
        var first: DatabaseClaim? = try DatabaseClaim(path: path)
        let refusal = #expect(throws: ClusterError.self) { try DatabaseClaim(path: self.path) }
        #expect(refusal?.description.contains("another coordinator") == true)
        withExtendedLifetime(first) {}
        first = nil
        _ = try DatabaseClaim(path: path)
    }

    @Test("a file that cannot be opened is named, with what to do")
    func missing() {
        let refusal = #expect(throws: ClusterError.self) {
            try DatabaseClaim(path: "/nowhere/\(UUID().uuidString)/x.db")
        }
        #expect(refusal?.description.contains("name another file with --db") == true)
    }

    /// A number that is closed twice belongs to somebody else the second time.
    @Test("a claim that is refused closes nobody else's file")
    func refusedTwice() throws {
        let claim = try DatabaseClaim(path: path)
        let isOver = Atomic(false)
        let stolen = Mutex(0)
        let opened = DispatchGroup()
        for _ in 0..<2 {
            let thread = Thread {
                while !isOver.load(ordering: .relaxed) {
                    let own = open("/dev/null", O_RDONLY | O_CLOEXEC)
                    if own >= 0, close(own) != 0 { stolen.withLock { $0 += 1 } }
                }
                opened.leave()
            }
            opened.enter()
            thread.start()
        }
        for _ in 0..<5_000 {
            #expect(throws: ClusterError.self) { try DatabaseClaim(path: self.path) }
        }
        isOver.store(true, ordering: .relaxed)
        #expect(opened.wait(timeout: .now() + 30) == .success)
        #expect(stolen.withLock { $0 } == 0)
        withExtendedLifetime(claim) {}
    }
}
