import Cluster
import Testing

/// The training clock on its way to a node that comes in.
@Suite("Training clock")
struct TrainingClockTests {
    @Test(
        "a sum of one reading and zeros is the reading, to the nanosecond",
        arguments: [0, 1, 2_097_151, 2_097_152, 16_777_217, 86_400_000_000_001, Int64.max])
    func words(nanoseconds: Int64) {
        var sum = [Float](repeating: 0, count: TrainingClock.words)
        var own = sum
        own.withUnsafeMutableBufferPointer { TrainingClock.write(nanoseconds, to: $0) }
        for place in sum.indices { sum[place] = 0 + own[place] + 0 }
        #expect(sum.withUnsafeMutableBufferPointer { TrainingClock.read($0) } == nanoseconds)
    }

    @Test("words that no clock has written are read without a trap")
    func strange() {
        var words: [Float] = [.nan, -1, .infinity]
        #expect(words.withUnsafeMutableBufferPointer { TrainingClock.read($0) } >= 0)
        words = [0.5, 1e30, -0]
        #expect(words.withUnsafeMutableBufferPointer { TrainingClock.read($0) } == 0)
    }
}
