import Cluster

/// Time since it was made, by a clock that nobody sets: a wall clock may jump while a command waits.
struct Stopwatch {
    private let began = MonotonicClock.now()

    /// How long ago that was.
    var seconds: Double { Double(MonotonicClock.now() - began) / 1e9 }
}
