import Collectives
import Synchronization

/// The phases of the exchange thread, which another thread reads while they run.
final class ExchangeClock: PhaseRecorder, Sendable {
    /// Nanoseconds since the thread began.
    struct Reading {
        var exchange: UInt64 = 0
        var wait: UInt64 = 0
        var total: UInt64 { exchange + wait }
    }

    private struct State {
        var spent = Reading()
        var phase: Phase?
        var since: UInt64 = 0

        mutating func advance(to now: UInt64) {
            switch phase {
            case .wait: spent.wait += now - since
            case .some: spent.exchange += now - since
            case nil: break
            }
            since = now
        }
    }

    private let state = Mutex(State())

    func enter(_ phase: Phase) { change(to: phase) }

    /// Nothing is to be exchanged from now on.
    func rest() { change(to: nil) }

    /// What was spent up to this moment.
    func reading() -> Reading {
        state.withLock {
            $0.advance(to: MonotonicClock.now())
            return $0.spent
        }
    }

    private func change(to phase: Phase?) {
        state.withLock {
            $0.advance(to: MonotonicClock.now())
            $0.phase = phase
        }
    }
}
