import Foundation
import Synchronization
import Wire
import ZeroMQ

/// Stands between one daemon and its coordinator, hands everything on, and loses what it is told to.
final class Relay: Sendable {
    private let coordinator: String
    private let loses: @Sendable (ControlMessage) -> Bool
    private let bound = Mutex<String?>(nil)
    private let isOver = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter loses: whether a word of the coordinator gets lost; may do something besides.
    init(to coordinator: String, loses: @escaping @Sendable (ControlMessage) -> Bool) {
        self.coordinator = coordinator
        self.loses = loses
        let thread = Thread { [self] in
            do {
                try run()
            } catch {
                bound.withLock { $0 = "\(error)" }
            }
            ended.signal()
        }
        thread.start()
    }

    /// Where the daemon finds it.
    func endpoint() -> String {
        _ = waitUntil(10) { bound.withLock { $0 != nil } }
        return bound.withLock { $0 } ?? ""
    }

    /// Ends the thread, and with it the connections.
    func close() {
        isOver.store(true, ordering: .relaxed)
        _ = ended.wait(timeout: .now() + 10)
    }

    private func run() throws {
        let context = try Context()
        let door = try Socket(.router, in: context)
        let line = try Socket(
            .dealer, in: context, options: SocketOptions(routingID: UUID().uuidString))
        let address = try door.bind("tcp://127.0.0.1:*")
        try line.connect(coordinator)
        bound.withLock { $0 = address }
        var daemon: [UInt8]?
        while !isOver.load(ordering: .relaxed) {
            var isIdle = true
            if let parts = try door.receiveParts(wait: false), let id = parts.first {
                daemon = id
                isIdle = false
                _ = try line.send(Array(parts.dropFirst()))
            }
            if let parts = try line.receiveParts(wait: false), let bytes = parts.last, let daemon {
                isIdle = false
                let message = try? ControlCodec.decode(bytes)
                if message.map(loses) != true { _ = try door.send([daemon] + parts) }
            }
            if isIdle { Thread.sleep(forTimeInterval: 0.001) }
        }
    }
}
