import Kernels

/// Turns ranges of a transfer into payloads and payloads into ranges, with one scratch chunk.
final class WordCodec {
    private var half = UnsafeMutableBufferPointer<UInt16>(start: nil, count: 0)
    private var wide = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
    private var rounded: Range<Int>?

    deinit {
        half.deallocate()
        wide.deallocate()
    }

    /// Whatever was rounded before may have changed.
    func forget() { rounded = nil }

    /// What is sent for a range; valid until the next call.
    func payload(of range: Range<Int>, in transfer: Transfer) -> UnsafeRawBufferPointer {
        let words = UnsafeMutableBufferPointer(rebasing: transfer.words[range])
        guard let format = transfer.format.half else { return UnsafeRawBufferPointer(words) }
        if rounded != range {
            let residual = transfer.residual.map { UnsafeMutableBufferPointer(rebasing: $0[range]) }
            round(words, residual, format)
            rounded = range
        }
        return UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: half[..<range.count]))
    }

    /// Overwrites a range; a sum that begins here takes the residual along.
    func replace(
        _ range: Range<Int>, with payload: UnsafeRawBufferPointer, in transfer: Transfer,
        beginsSum: Bool
    ) {
        rounded = nil
        let words = UnsafeMutableBufferPointer(rebasing: transfer.words[range])
        if let format = transfer.format.half {
            decode(payload, into: words, format)
        } else {
            UnsafeMutableRawBufferPointer(words).copyMemory(from: payload)
        }
        guard beginsSum, let residual = transfer.residual else { return }
        let held = UnsafeMutableBufferPointer(rebasing: residual[range])
        for index in 0..<words.count { words[index] += held[index] }
        held.update(repeating: 0)
    }

    /// Adds to a range.
    func add(_ payload: UnsafeRawBufferPointer, to range: Range<Int>, in transfer: Transfer) {
        rounded = nil
        let words = UnsafeMutableBufferPointer(rebasing: transfer.words[range])
        if let format = transfer.format.half, let target = words.baseAddress {
            format.add(aligned(payload, count: words.count), to: target)
        } else {
            addWords(words, payload)
        }
    }

    /// Rounds in place, leaves the halves in `half` and adds what was lost to the residual.
    private func round(
        _ words: UnsafeMutableBufferPointer<Float>, _ residual: UnsafeMutableBufferPointer<Float>?,
        _ format: WireFormat16
    ) {
        guard let source = words.baseAddress else { return }
        reserve(words.count)
        guard let target = half.baseAddress else { return }
        format.encode(UnsafeBufferPointer(words), into: target)
        let halves = UnsafeBufferPointer(start: target, count: words.count)
        guard let residual else { return format.decode(halves, into: source) }
        let exact = UnsafeMutableBufferPointer(rebasing: wide[..<words.count])
        _ = exact.update(fromContentsOf: words)
        format.decode(halves, into: source)
        for index in 0..<words.count { residual[index] += exact[index] - words[index] }
    }

    private func decode(
        _ payload: UnsafeRawBufferPointer, into words: UnsafeMutableBufferPointer<Float>,
        _ format: WireFormat16
    ) {
        guard let target = words.baseAddress else { return }
        format.decode(aligned(payload, count: words.count), into: target)
    }

    /// The halves of a payload, which may begin at an odd address.
    private func aligned(
        _ payload: UnsafeRawBufferPointer, count: Int
    ) -> UnsafeBufferPointer<UInt16> {
        precondition(payload.count == 2 * count, "as many halves as words")
        guard UInt(bitPattern: payload.baseAddress) % 2 != 0 else {
            return payload.assumingMemoryBound(to: UInt16.self)
        }
        reserve(count)
        UnsafeMutableRawBufferPointer(half).copyMemory(from: payload)
        return UnsafeBufferPointer(rebasing: half[..<count])
    }

    private func reserve(_ count: Int) {
        guard half.count < count else { return }
        half.deallocate()
        wide.deallocate()
        half = .allocate(capacity: count)
        half.initialize(repeating: 0)
        wide = .allocate(capacity: count)
        wide.initialize(repeating: 0)
    }
}

extension WireFormat {
    fileprivate var half: WireFormat16? {
        switch self {
        case .float32: nil
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }
}
