import Kernels
import Testing

private let patterns = (0...UInt16.max).map { $0 }

/// Values around every border of a 16-bit format: its own values, the middles between neighbours
/// and what lies one float32 to either side of them, both signs, NaN with several payloads.
private func borders(_ format: WireFormat16) -> [Float] {
    let kept: UInt32 = format == .float16 ? 13 : 16
    var bits: [UInt32] = [0x7F80_0001, 0x7FA0_1234, 0x7FC0_0000, 0x7FFF_FFFF, 0x0000_0001]
    for pattern in patterns[...0x7FFF] {
        let value = format.value(of: pattern)
        guard !value.isNaN else { continue }
        for half in [0, UInt32(1) << (kept - 1)] {
            for step in [UInt32.max, 0, 1] { bits.append(value.bitPattern &+ half &+ step) }
        }
    }
    return bits.flatMap { [Float(bitPattern: $0 & 0x7FFF_FFFF), Float(bitPattern: $0 | 1 << 31)] }
}

/// Bits of NaN are compared too.
private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

@Suite("WireFormat16")
struct WireFormat16Tests {
    private func encode(_ values: [Float], _ format: WireFormat16, _ kernel: Kernel) -> [UInt16] {
        var words = [UInt16](repeating: 0xABCD, count: values.count + 1)
        values.withUnsafeBufferPointer { source in
            words.withUnsafeMutableBufferPointer {
                guard let target = $0.baseAddress else { return }
                format.encode(source, into: target, kernel: kernel)
            }
        }
        #expect(words.removeLast() == 0xABCD, "wrote behind the end")
        return words
    }

    private func decode(_ words: [UInt16], _ format: WireFormat16, _ kernel: Kernel) -> [Float] {
        var values = [Float](repeating: 77, count: words.count + 1)
        words.withUnsafeBufferPointer { source in
            values.withUnsafeMutableBufferPointer {
                guard let target = $0.baseAddress else { return }
                format.decode(source, into: target, kernel: kernel)
            }
        }
        #expect(values.removeLast() == 77, "wrote behind the end")
        return values
    }

    @Test("all 65,536 words come back as they were, a NaN quiet", arguments: Kernel.supported)
    func roundTrip(kernel: Kernel) {
        for format in WireFormat16.allCases {
            let quiet: UInt16 = format == .float16 ? 0x0200 : 0x0040
            let expected = patterns.map { format.value(of: $0).isNaN ? $0 | quiet : $0 }
            let values = decode(patterns, format, kernel)
            #expect(encode(values, format, kernel) == expected, "\(format)")
        }
    }

    @Test("float16 is the language's own, for every word and around every border")
    func nativeFloat16() {
        let format = WireFormat16.float16
        for pattern in patterns {
            let native = Float(Float16(bitPattern: pattern))
            let ours = format.value(of: pattern)
            #expect(native.isNaN ? ours.isNaN : ours.bitPattern == native.bitPattern)
        }
        for value in borders(format) {
            let native = Float16(value)
            let ours = Float16(bitPattern: format.word(of: value))
            #expect(native.isNaN ? ours.isNaN : ours.bitPattern == native.bitPattern, "\(value)")
        }
    }

    @Test("bfloat16 takes the nearer neighbour, and the even one of two equally near")
    func nearestBfloat16() {
        let format = WireFormat16.bfloat16
        for value in borders(format) where value.isFinite {
            let low = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
            let rest = value.bitPattern & 0xFFFF
            let isUp = rest > 0x8000 || (rest == 0x8000 && low & 1 == 1)
            #expect(format.word(of: value) == (isUp ? low + 1 : low), "\(value)")
        }
        #expect(format.word(of: .greatestFiniteMagnitude) == 0x7F80)
        #expect(format.value(of: format.word(of: -.infinity)) == -.infinity)
        #expect(format.value(of: format.word(of: .nan)).isNaN)
        #expect(format.value(of: format.word(of: .signalingNaN)).isNaN)
    }

    @Test("every kernel rounds as the reference does", arguments: Kernel.supported)
    func encodes(kernel: Kernel) {
        for format in WireFormat16.allCases {
            let values = borders(format)
            #expect(
                encode(values, format, kernel) == values.map { format.word(of: $0) }, "\(format)")
        }
    }

    @Test("every kernel widens as the reference does", arguments: Kernel.supported)
    func decodes(kernel: Kernel) {
        for format in WireFormat16.allCases {
            #expect(
                bits(decode(patterns, format, kernel))
                    == bits(patterns.map { format.value(of: $0) }), "\(format)")
        }
    }

    @Test("every kernel adds as the reference does", arguments: Kernel.supported)
    func adds(kernel: Kernel) {
        for format in WireFormat16.allCases {
            let start = patterns.map { Float(Int($0) - 30_000) / 64 }
            var sums = start
            patterns.withUnsafeBufferPointer { source in
                sums.withUnsafeMutableBufferPointer {
                    guard let target = $0.baseAddress else { return }
                    format.add(source, to: target, kernel: kernel)
                }
            }
            let expected = zip(start, patterns).map { $0 + format.value(of: $1) }
            #expect(bits(sums) == bits(expected), "\(format)")
        }
    }

    @Test("every length up to 70, remainders and all", arguments: Kernel.supported)
    func lengths(kernel: Kernel) {
        for format in WireFormat16.allCases {
            for count in 0...70 {
                let values = (0..<count).map { Float($0 * $0) * 1.37 - 900 }
                let words = values.map { format.word(of: $0) }
                let widened = words.map { format.value(of: $0) }
                #expect(encode(values, format, kernel) == words, "\(count)")
                #expect(decode(words, format, kernel) == widened, "\(count)")
                var sums = values + [77]
                words.withUnsafeBufferPointer { source in
                    sums.withUnsafeMutableBufferPointer {
                        guard let target = $0.baseAddress else { return }
                        format.add(source, to: target, kernel: kernel)
                    }
                }
                #expect(sums == zip(values, widened).map(+) + [77], "\(count)")
            }
        }
    }
}

@Suite("Kernel")
struct KernelTests {
    @Test("kernels have distinct names, the reference comes last and the best first")
    func names() {
        let names = Kernel.supported.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.last == Kernel.reference.name)
        #expect(Kernel.best == Kernel.supported.first)
        #expect(Kernel.supported.count >= 2)
    }
}
