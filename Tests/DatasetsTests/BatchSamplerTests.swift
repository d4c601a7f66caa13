import Datasets
import Testing

@Suite("BatchSampler")
struct BatchSamplerTests {
    @Test(
        "P workers of batch b see what one worker of batch P*b sees", arguments: [1, 2, 3, 4, 7])
    func sharding(worldSize: Int) throws {
        var one = try BatchSampler(
            samples: 1_000, batch: 8 * worldSize, rank: 0, worldSize: 1, seed: 4)
        var workers = try (0..<worldSize).map {
            try BatchSampler(samples: 1_000, batch: 8, rank: $0, worldSize: worldSize, seed: 4)
        }
        for step in 0..<(2 * one.stepsPerEpoch + 1) {
            let parts = workers.indices.flatMap { workers[$0].indices(step: step) }
            #expect(parts == Array(one.indices(step: step)))
        }
    }

    @Test("an epoch takes no sample twice and the next epoch another order")
    func epochs() throws {
        var sampler = try BatchSampler(samples: 103, batch: 10, rank: 0, worldSize: 1, seed: 4)
        let first = (0..<10).flatMap { sampler.indices(step: $0) }
        let second = (10..<20).flatMap { sampler.indices(step: $0) }
        #expect(Set(first).count == 100 && Set(second).count == 100 && first != second)
    }

    @Test("a global batch beyond the samples is refused")
    func tooLarge() {
        #expect(throws: DatasetError.self) {
            _ = try BatchSampler(samples: 10, batch: 4, rank: 0, worldSize: 3, seed: 1)
        }
    }

    @Test("batches from the start are those of the plain formula", arguments: [1, 2, 3])
    func formula(worldSize: Int) throws {
        for rank in 0..<worldSize {
            var sampler = try BatchSampler(
                samples: 103, batch: 5, rank: rank, worldSize: worldSize, seed: 9)
            // One epoch at a time, whole.
            var all = try BatchSampler(samples: 103, batch: 103, rank: 0, worldSize: 1, seed: 9)
            let perEpoch = 103 / (5 * worldSize)
            for step in 0..<(3 * perEpoch + 1) {
                let order = Array(all.indices(step: step / perEpoch))
                let start = (step % perEpoch * worldSize + rank) * 5
                #expect(Array(sampler.indices(step: step)) == Array(order[start..<(start + 5)]))
                #expect(sampler.epoch(ofStep: step) == step / perEpoch)
            }
        }
    }

    @Test("a sampler that begins at another's position goes on with the same batches")
    func resumes() throws {
        var whole = try BatchSampler(samples: 103, batch: 5, rank: 1, worldSize: 3, seed: 9)
        for from in 0..<20 {
            let position = whole.position(atStep: from)
            var resumed = try BatchSampler(
                samples: 103, batch: 5, rank: 1, worldSize: 3, seed: 9, from: position)
            for step in from..<30 {
                #expect(resumed.position(atStep: step) == whole.position(atStep: step))
                #expect(Array(resumed.indices(step: step)) == Array(whole.indices(step: step)))
            }
        }
    }

    @Test(
        "workers that come and go deal no sample twice in an epoch",
        arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func generations(seed: UInt64) throws {
        var chance = SeededChance(state: seed)
        var dealt: [Int: [Int32]] = [:]
        var position = DataPosition.start
        while position.epoch < 6 {
            let worldSize = Int.random(in: 1...5, using: &chance)
            var ranks = try (0..<worldSize).map {
                try BatchSampler(
                    samples: 211, batch: 4, rank: $0, worldSize: worldSize, seed: 3,
                    from: position)
            }
            let end = position.step + Int.random(in: 1...25, using: &chance)
            for step in position.step..<end {
                let epoch = ranks[0].epoch(ofStep: step)
                for rank in ranks.indices {
                    dealt[epoch, default: []] += ranks[rank].indices(step: step)
                }
            }
            position = ranks[0].position(atStep: end)
        }
        for epoch in 0..<6 {
            let samples = dealt[epoch, default: []]
            #expect(Set(samples).count == samples.count, "epoch \(epoch)")
            #expect(samples.count > 211 - 4 * 5)
        }
    }

    @Test(
        "a position that is none is refused",
        arguments: [
            DataPosition(step: -1, epoch: 0, offset: 0),
            DataPosition(step: 0, epoch: -1, offset: 0),
            DataPosition(step: 0, epoch: 0, offset: -1),
            DataPosition(step: 0, epoch: 0, offset: 12),
        ])
    func impossible(position: DataPosition) {
        #expect(throws: DatasetError.self) {
            _ = try BatchSampler(
                samples: 11, batch: 2, rank: 0, worldSize: 1, seed: 1, from: position)
        }
    }
}

/// Seeded chance for tests.
private struct SeededChance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
