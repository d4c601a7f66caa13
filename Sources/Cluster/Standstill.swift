import Foundation

/// Stops this process for a while, as SIGSTOP from outside does.
///
/// A stopped process cannot wake itself, and nobody else may be there to: the kernel does, by a timer
/// whose signal is SIGCONT.
enum Standstill {
    /// Returns when the time is over, or when somebody else has woken the process.
    ///
    /// - Throws: `ClusterError` where there is no such timer; then nothing is stopped.
    static func hold(seconds: Double) throws(ClusterError) {
        let timer = try wakingTimer(every: max(seconds, 0.001))
        // Only this thread's own signal is sure to have stopped it when the call returns.
        raise(SIGSTOP)
        timer_delete(timer)
    }

    /// It goes off again and again: the first signal might come before the process has stopped.
    private static func wakingTimer(every seconds: Double) throws(ClusterError) -> timer_t? {
        var event = sigevent()
        event.sigev_notify = Int32(SIGEV_SIGNAL)
        event.sigev_signo = SIGCONT
        // The first one of a process has the number 0, which looks like no pointer.
        var timer: timer_t?
        guard timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 else {
            throw refusal("timer_create")
        }
        let whole = seconds.rounded(.down)
        let time = timespec(tv_sec: Int(whole), tv_nsec: Int((seconds - whole) * 1e9))
        var times = itimerspec(it_interval: time, it_value: time)
        guard timer_settime(timer, 0, &times, nil) == 0 else {
            let refusal = refusal("timer_settime")
            timer_delete(timer)
            throw refusal
        }
        return timer
    }

    private static func refusal(_ call: String) -> ClusterError {
        ClusterError("\(call): \(String(cString: strerror(errno)))")
    }
}
