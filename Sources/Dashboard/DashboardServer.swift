import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import RunStore
import Synchronization

/// A web server over a database that it only reads; works in the background until it is stopped.
public final class DashboardServer: Sendable {
    /// The port that it listens on.
    public let port: Int
    private let life: Life
    private let task: Task<Void, Never>
    private let events: EventStream

    /// Seconds that the system has to let it listen.
    private static let startSeconds = 10.0
    /// Between two looks whether streams have ended.
    private static let pollSeconds = 0.01

    /// Listens. The database may come later, and be replaced.
    ///
    /// - Throws: `StoreError` for a file that is no database or cannot be read, `DashboardError` for
    ///   the port.
    public init(_ options: DashboardOptions) throws {
        try Self.examine(options.database)
        let life = Life()
        self.life = life
        let responder = DashboardResponder(StoreDesk(path: options.database), options)
        events = responder.events
        let application = Application(
            responder: responder,
            server: Self.http(options),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    options.connections, logger: options.logger)),
            onServerRunning: { channel in life.begin(port: channel.localAddress?.port ?? 0) },
            logger: options.logger)
        task = Task(executorPreference: RequestThreads()) {
            do {
                try await application.run()
                life.end(nil)
            } catch {
                life.end(error)
            }
        }
        do {
            port = try life.waitForBeginning(seconds: Self.startSeconds)
        } catch {
            task.cancel()
            throw Self.readable(error, options)
        }
    }

    deinit { task.cancel() }

    /// Whether it still works.
    public var isRunning: Bool { !life.hasEnded }

    /// Ends every connection and the server; false when that took longer. Streams of events come to
    /// an end of their own, as far as listeners take it in half of the time.
    @discardableResult
    public func stop(withinSeconds seconds: Double = 2) -> Bool {
        endStreams(withinSeconds: seconds / 2)
        task.cancel()
        return life.waitForEnd(seconds: seconds / 2)
    }

    /// Lets streams of events come to their last chunk, and begins no other.
    public func endStreams(withinSeconds seconds: Double) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        events.end()
        while !events.isEmpty, isRunning, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: Self.pollSeconds)
        }
    }

    private static func examine(_ path: String) throws(StoreError) {
        do {
            _ = try RunStore(path: path, readOnly: true)
        } catch .missing, .nothingRecorded {
            return
        }
    }

    /// Nobody sends the dashboard more than a few headers.
    private static func http(_ options: DashboardOptions) -> HTTPServerBuilder {
        let limit = TimeAmount.milliseconds(Int64(options.clientMilliseconds))
        return .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [TargetGate(), ConnectionDeadlines(limit: limit)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10,
                    maxHeaderFieldCount: 200)))
    }

    private static func readable(_ error: any Error, _ options: DashboardOptions) -> any Error {
        guard let error = error as? IOError else {
            return DashboardError.cannotListen(
                host: options.host, port: options.port, detail: "\(error)")
        }
        if error.errnoCode == EADDRINUSE { return DashboardError.portInUse(options.port) }
        return DashboardError.cannotListen(
            host: options.host, port: options.port,
            detail: String(cString: strerror(error.errnoCode)))
    }
}

/// The server did not begin.
private struct Silence: Error, CustomStringConvertible {
    let seconds: Double

    var description: String { "no answer of the system within \(Int(seconds)) s" }
}

/// What the server's task tells the thread that waits for it.
private final class Life: Sendable {
    private enum State {
        case starting
        case running(port: Int)
        case ended((any Error)?)
    }

    private let state = Mutex(State.starting)
    private let begun = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    var hasEnded: Bool {
        state.withLock { if case .ended = $0 { true } else { false } }
    }

    func begin(port: Int) {
        state.withLock { $0 = .running(port: port) }
        begun.signal()
    }

    func end(_ error: (any Error)?) {
        state.withLock { $0 = .ended(error) }
        begun.signal()
        ended.signal()
    }

    func waitForBeginning(seconds: Double) throws -> Int {
        _ = begun.wait(timeout: .now() + seconds)
        return try state.withLock { state in
            switch state {
            case .running(let port): return port
            case .ended(let error): throw error ?? Silence(seconds: seconds)
            case .starting: throw Silence(seconds: seconds)
            }
        }
    }

    /// May be asked again.
    func waitForEnd(seconds: Double) -> Bool {
        if hasEnded { return true }
        return ended.wait(timeout: .now() + seconds) == .success || hasEnded
    }
}
