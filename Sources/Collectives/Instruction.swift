/// One line of a node's program in a collective operation. Ranges count words of the buffer.
///
/// A program is executed in order: sends never wait, receives wait for exactly that peer. The fixed
/// order fixes the order of every floating-point addition, whatever the timing.
public enum Instruction: Equatable, Sendable {
    /// Send a range of the buffer to a peer.
    case send(to: Int, Range<Int>)
    /// Receive a sum's first addend from a peer and overwrite the range.
    case begin(from: Int, Range<Int>)
    /// Receive from a peer and combine (by default add) into the range.
    case combine(from: Int, Range<Int>)
    /// Receive from a peer and overwrite the range.
    case replace(from: Int, Range<Int>)
}

/// Splits a range into chunks of at most `chunkWords`, so that a long transfer is pipelined.
func chunks(_ range: Range<Int>, of chunkWords: Int) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: chunkWords).map {
        $0..<min($0 + chunkWords, range.upperBound)
    }
}
