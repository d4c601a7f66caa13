import Dispatch
import Foundation

/// Turns SIGINT, SIGTERM and SIGHUP into a call on a background queue, for as long as it lives.
public final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    /// Calls `handler` with the signal's name; it must be quick.
    public init(_ handler: @escaping @Sendable (String) -> Void) {
        let names = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")]
        sources = names.map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { handler(name) }
            source.resume()
            return source
        }
        signal(SIGPIPE, SIG_IGN)
    }

    /// Stops watching; the signals stay ignored, as the process is about to end.
    public func cancel() {
        for source in sources { source.cancel() }
    }
}
