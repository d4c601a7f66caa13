import Foundation

/// The machine's monotonic clock, shared by every process of one boot.
public enum MonotonicClock {
    /// Nanoseconds since some fixed moment of this boot.
    public static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Added to `now()` it gives nanoseconds since 1970 by the machine's wall clock.
    static func wallOffset() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) - Int64(now())
    }

    /// Sleeps without using the processor; for waits below the poller's millisecond.
    static func sleep(nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        nanosleep(&time, nil)
    }
}
