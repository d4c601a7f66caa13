/// Nanoseconds of training as a few floats, each a whole number that a float holds exactly: so they
/// travel through an all-reduce to which all nodes but one give zeros.
package enum TrainingClock {
    /// Floats of a reading.
    package static let words = 3
    private static let bits = 21
    private static let mask: Int64 = (1 << 21) - 1

    /// - Parameter nanoseconds: not negative.
    package static func write(
        _ nanoseconds: Int64, to words: UnsafeMutableBufferPointer<Float>
    ) {
        for place in words.indices {
            words[place] = Float((nanoseconds >> Int64(place * bits)) & mask)
        }
    }

    /// What was written; a word that no reading has counts as none.
    package static func read(_ words: UnsafeMutableBufferPointer<Float>) -> Int64 {
        words.enumerated().reduce(0) { sum, word in
            sum | ((Int64(exactly: word.element) ?? 0) & mask) << Int64(word.offset * bits)
        }
    }
}
