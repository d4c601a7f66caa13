import Hummingbird
import NIOCore
import Synchronization

/// Streams of server-sent events, so many at once.
final class EventStream: Sendable {
    private let desk: StoreDesk
    private let pause: Duration
    private let limit: Int
    private let open = Mutex(0)

    /// Looks after which a listener that is told nothing is written to, to find out whether it is
    /// still there.
    private static let silentLooks = 10

    init(_ desk: StoreDesk, _ options: DashboardOptions) {
        self.desk = desk
        pause = .milliseconds(options.pollMilliseconds)
        limit = options.listeners
    }

    /// Whether one more may listen.
    var hasRoom: Bool { open.withLock { $0 < limit } }

    /// Says `change`, with the figures of what goes on, at once and whenever the database is another
    /// one; ends with the server or when the listener has gone.
    var body: ResponseBody {
        ResponseBody { writer in
            self.open.withLock { $0 += 1 }
            defer { self.open.withLock { $0 -= 1 } }
            var mark: String?
            var silent = 0
            while !Task.isCancelled {
                let pulse = try await self.desk.pulse(noOlderThan: self.pause / 2)
                if pulse.mark != mark {
                    try await writer.write(ByteBuffer(string: pulse.event))
                    mark = pulse.mark
                    silent = 0
                } else {
                    silent += 1
                    if silent % Self.silentLooks == 0 {
                        try await writer.write(ByteBuffer(string: ": still here\n\n"))
                    }
                }
                try await Task.sleep(for: self.pause)
            }
            try await writer.finish(nil)
        }
    }
}
