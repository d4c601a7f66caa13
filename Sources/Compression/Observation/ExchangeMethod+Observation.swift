extension ExchangeMethod {
    public var anatomy: MethodAnatomy { MethodAnatomy() }

    public func contribution(
        of gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        let part = UnsafeMutableBufferPointer(rebasing: target[range])
        copy(UnsafeMutableBufferPointer(rebasing: gradient[range]), to: part)
        guard let held = residual, held.count >= range.upperBound else { return }
        for index in 0..<part.count { part[index] += held[range.lowerBound + index] }
    }

    public func message(
        of contribution: UnsafeMutableBufferPointer<Float>, step: Int,
        into words: UnsafeMutableBufferPointer<Float>
    ) {
        let stride = sampleStride(contribution.count, words.count)
        for position in 0..<words.count {
            let index = position * stride
            words[position] = index < contribution.count ? contribution[index] : 0
        }
    }
}

/// The distance of the weights that a sample of so many words takes.
func sampleStride(_ weights: Int, _ words: Int) -> Int { max(1, weights / max(1, words)) }
