import CAllocationCounter
import Sketching
import Testing

/// Allocations of this thread while `body` runs.
private func allocations(_ body: () -> Void) -> Int {
    let before = peerless_test_allocations()
    body()
    return Int(peerless_test_allocations() - before)
}

@Suite("Allocations")
struct AllocationTests {
    private let values: [Float]
    private let shape = SketchShape(rows: 5, columns: 1_000)

    init() {
        var generator = Generator(state: 5)
        values = (0..<100_005).map { _ in generator.normal() }
    }

    @Test("the counter sees small, large and aligned memory")
    func counts() {
        for (bytes, alignment) in [(100, 8), (1 << 24, 16), (4_096, 64)] {
            #expect(
                allocations {
                    UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
                        .deallocate()
                } == 1)
        }
    }

    @Test("encode, estimate and select allocate nothing after the first step")
    func nothingAfterTheFirstStep() {
        let sketch = BlockCountSketch(shape: shape)
        let selector = TopKSelector(capacity: values.count)
        var table = [Float](repeating: 0, count: shape.cells)
        var estimates = [Float](repeating: 0, count: values.count)
        var indices = [UInt32](repeating: 0, count: 4_000)
        values.withUnsafeBufferPointer { values in
            table.withUnsafeMutableBufferPointer { table in
                estimates.withUnsafeMutableBufferPointer { estimates in
                    indices.withUnsafeMutableBufferPointer { indices in
                        func step(_ seed: UInt64) {
                            sketch.encode(values, seed: seed, into: table)
                            sketch.estimate(
                                UnsafeBufferPointer(table), seed: seed, into: estimates)
                            let found = UnsafeBufferPointer(estimates)
                            _ = selector.select(found, k: 4_000, into: indices)
                            _ = selector.select(found, k: 1_000, into: indices)
                        }
                        step(1)
                        for seed in 2...5 as ClosedRange<UInt64> {
                            #expect(allocations { step(seed) } == 0)
                        }
                    }
                }
            }
        }
    }
}
