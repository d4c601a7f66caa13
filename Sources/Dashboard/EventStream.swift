import Hummingbird
import NIOCore
import Synchronization

/// Streams of server-sent events, so many at once.
final class EventStream: Sendable {
    private struct State {
        var open = 0
        var isEnding = false
    }

    private let desk: StoreDesk
    private let pause: Duration
    private let limit: Int
    private let state = Mutex(State())

    /// Looks after which a listener that is told nothing is written to, to find out whether it is
    /// still there.
    private static let silentLooks = 10
    /// How soon a stream notices that it is to end.
    private static let slice = Duration.milliseconds(50)

    init(_ desk: StoreDesk, _ options: DashboardOptions) {
        self.desk = desk
        pause = .milliseconds(options.pollMilliseconds)
        limit = options.listeners
    }

    /// Whether one more may listen.
    var hasRoom: Bool { state.withLock { $0.open < limit && !$0.isEnding } }

    /// Whether nobody listens any more.
    var isEmpty: Bool { state.withLock { $0.open == 0 } }

    /// Lets every stream end as one that has come to its end, and none begin.
    func end() {
        state.withLock { $0.isEnding = true }
    }

    /// Says `change`, with the figures of what goes on, at once and whenever the database is another
    /// one; ends when told to, or when the listener has gone.
    var body: ResponseBody {
        ResponseBody { writer in
            self.state.withLock { $0.open += 1 }
            defer { self.state.withLock { $0.open -= 1 } }
            var mark: String?
            var silent = 0
            while !self.isEnding {
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
                try await self.rest()
            }
            try await writer.finish(nil)
        }
    }

    private var isEnding: Bool { state.withLock { $0.isEnding } }

    /// Waits for the next look, or less when the streams are to end.
    private func rest() async throws {
        var left = pause
        while left > .zero, !isEnding {
            try await Task.sleep(for: min(left, Self.slice))
            left -= Self.slice
        }
    }
}
