import Foundation
import Testing
import ZeroMQ

@Suite("Socket", .serialized, .timeLimit(.minutes(10)))
struct SocketTests {
    @Test("parts arrive as they were sent, over tcp with a port that the system chose")
    func roundTrip() throws {
        let context = try Context()
        let inbox = try Socket(.pull, in: context)
        let endpoint = try inbox.bind("tcp://127.0.0.1:*")
        #expect(!endpoint.hasSuffix("*"))
        let outbox = try Socket(.push, in: context)
        try outbox.connect(endpoint)
        let large = [UInt8](repeating: 7, count: 10 << 20)
        for parts in [[[1, 2, 3], []], [large], [[], large, [9]]] as [[[UInt8]]] {
            #expect(try outbox.send(parts))
            #expect(try inbox.receiveParts(wait: true) == parts)
        }
    }

    @Test("nothing to receive and nobody to send to end at their time-outs")
    func timeouts() throws {
        let context = try Context()
        let options = SocketOptions(sendTimeoutMilliseconds: 20, receiveTimeoutMilliseconds: 20)
        let lonely = try Socket(.push, in: context, options: options)
        #expect(try lonely.send([[1]]) == false)
        let silent = try Socket(.pull, in: context, options: options)
        #expect(try silent.receiveParts(wait: true) == nil)
    }

    @Test("a port in use is named with the reason")
    func busyPort() throws {
        let context = try Context()
        let first = try Socket(.pull, in: context)
        let endpoint = try first.bind("tcp://127.0.0.1:*")
        let second = try Socket(.pull, in: context)
        do {
            _ = try second.bind(endpoint)
            Issue.record("the port was given twice")
        } catch {
            #expect(error.code == EADDRINUSE && error.description.contains(endpoint))
        }
    }

    @Test("a mandatory router reports a peer that it does not know")
    func unknownPeer() throws {
        let context = try Context()
        let router = try Socket(.router, in: context, options: SocketOptions(routerMandatory: true))
        _ = try router.bind("tcp://127.0.0.1:*")
        #expect(throws: ZeroMQError.self) { try router.send([[1, 2], [3]]) }
    }

    @Test("a poller sees sockets and descriptors")
    func poller() throws {
        let context = try Context()
        let inbox = try Socket(.pull, in: context)
        let outbox = try Socket(.push, in: context)
        try outbox.connect(try inbox.bind("tcp://127.0.0.1:*"))
        let pipe = Pipe()
        let poller = Poller()
        let socket = poller.add(inbox)
        let file = poller.add(descriptor: pipe.fileHandleForReading.fileDescriptor)
        #expect(try poller.wait(milliseconds: 0) == false)
        try pipe.fileHandleForWriting.write(contentsOf: [1])
        #expect(try poller.wait(milliseconds: 1_000))
        #expect(poller.isReady(file) && !poller.isReady(socket))
        #expect(try pipe.fileHandleForReading.read(upToCount: 1) == Data([1]))
        _ = try outbox.send([[1]])
        for _ in 0..<100 where !poller.isReady(socket) { _ = try poller.wait(milliseconds: 100) }
        #expect(poller.isReady(socket))
    }

    /// Other tests of this process open descriptors meanwhile, so a leak is told by its number: one
    /// descriptor a cycle would be hundreds.
    @Test("hundreds of contexts and sockets leave no descriptor behind")
    func noLeak() throws {
        let cycles = 500
        func descriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
        func cycle() throws {
            let context = try Context()
            let socket = try Socket(.pull, in: context)
            _ = try socket.bind("tcp://127.0.0.1:*")
        }
        try cycle()
        let before = try descriptors()
        for _ in 0..<cycles { try cycle() }
        #expect(try descriptors() < before + cycles / 2)
    }
}
