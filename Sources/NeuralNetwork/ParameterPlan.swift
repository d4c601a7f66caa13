/// Where every layer's tensors lie: weights of all layers first, then everything else.
struct ParameterPlan {
    private struct Placed {
        var layer: Int
        /// Number among the layers that have parameters.
        var name: Int
        var number: Int
        var request: ParameterRequest
        var offset: Int
    }

    /// Offsets of each layer's tensors, in the order of its requests.
    let offsets: [[Int]]
    let count: Int
    let weights: Int
    let tensors: [TensorDescription]
    private let placed: [Placed]

    init(_ layers: [any Layer]) {
        let holders = layers.indices.filter { !layers[$0].parameterRequests.isEmpty }
        let all = holders.enumerated().flatMap { name, layer in
            layers[layer].parameterRequests.enumerated().map {
                Placed(
                    layer: layer, name: name, number: $0.offset, request: $0.element, offset: 0)
            }
        }
        var ordered =
            all.filter { $0.request.kind == .weight } + all.filter { $0.request.kind != .weight }
        var offsets = layers.map { [Int](repeating: 0, count: $0.parameterRequests.count) }
        var next = 0
        for index in ordered.indices {
            ordered[index].offset = next
            offsets[ordered[index].layer][ordered[index].number] = next
            next += ordered[index].request.count
        }
        placed = ordered
        self.offsets = offsets
        count = next
        weights = ordered.filter { $0.request.kind == .weight }.reduce(0) { $0 + $1.request.count }
        tensors = ordered.map {
            TensorDescription(
                name: "\($0.name).\($0.number).\($0.request.kind.rawValue)",
                shape: $0.request.shape, range: $0.offset..<($0.offset + $0.request.count),
                kind: $0.request.kind)
        }
    }

    /// Uniform weights and biases as PyTorch's defaults, from the seed.
    func initialise(_ parameters: Floats, seed: UInt64) {
        var generator = ParameterGenerator(state: seed)
        for item in placed {
            for index in item.offset..<(item.offset + item.request.count) {
                guard let bound = item.request.bound else {
                    parameters[index] = item.request.constant
                    continue
                }
                parameters[index] = Float.random(in: -bound...bound, using: &generator)
            }
        }
    }
}

/// splitmix64.
struct ParameterGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
