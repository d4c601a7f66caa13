import CSharedMemory
import Synchronization

/// A word in shared memory that one process sleeps on and others ring.
///
/// The sleeper takes a ticket, announces what it waits for, looks once more and sleeps on the
/// ticket: a ring in between makes the sleep return at once.
public struct Doorbell {
    private let word: UnsafeMutablePointer<Atomic<UInt32>>

    /// A doorbell at 4 zeroed bytes of a segment, aligned to 4, which must outlive it.
    public init(at address: UnsafeMutableRawPointer) {
        word = address.assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    /// What `sleep` compares with.
    public var ticket: UInt32 { word.pointee.load(ordering: .sequentiallyConsistent) }

    /// Sleeps until somebody rings after the ticket was taken, a signal comes, or the time is over.
    public func sleep(ticket: UInt32, nanoseconds: UInt64) {
        let time = Int64(min(nanoseconds, 1 << 60))
        _ = peerless_wait_word(UnsafeMutableRawPointer(word), ticket, time)
    }

    /// Wakes the sleeper.
    public func ring() {
        word.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
        _ = peerless_wake_word(UnsafeMutableRawPointer(word))
    }

    /// A moment's pause of a loop that looks a few times before it sleeps.
    @inline(__always)
    public static func relax() { peerless_relax() }
}
