/// Shape of one sample between layers: planes, rows and columns.
public struct InputShape: Equatable, Sendable {
    /// Planes.
    public var channels: Int
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// Memberwise.
    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Values of one sample.
    public var count: Int { channels * height * width }
    /// Values of one plane.
    package var plane: Int { height * width }
}

package typealias Floats = UnsafeMutablePointer<Float>
package typealias ConstFloats = UnsafePointer<Float>

/// One layer: forward and backward over `count` samples, sample after sample, planes in an order
/// (`PlaneOrder`) that it and its neighbours agree on.
///
/// `forward` reads `input` and writes `output`; `backward` reads both and the gradient of the
/// output, which it may overwrite, and overwrites its parameters' gradients and the gradient of the
/// input, unless that is nil, as it is for the first layer.
package protocol Layer: AnyObject {
    var inputShape: InputShape { get }
    var outputShape: InputShape { get }
    /// Parameters that the layer wants, in order.
    var parameterRequests: [ParameterRequest] { get }
    /// Running statistics that it wants, in floats.
    var statisticsCount: Int { get }
    /// Told where its parameters, gradients and statistics are.
    func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats)
    func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool)
    func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int)
}

/// Defaults of layers without parameters.
extension Layer {
    package var parameterRequests: [ParameterRequest] { [] }
    package var statisticsCount: Int { 0 }
    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {}
}

/// A tensor that a layer asks for.
package struct ParameterRequest {
    package var kind: TensorKind
    package var shape: [Int]
    /// Uniform in plus or minus this; `nil` means filled with `constant`.
    package var bound: Float?
    package var constant: Float = 0
    package var count: Int { shape.reduce(1, *) }
}

/// What a tensor is; only weights are worth compressing.
public enum TensorKind: String, Sendable {
    case weight, bias, scale
}

/// A tensor's place in the flat buffer.
public struct TensorDescription: Equatable, Sendable {
    /// Number of the layer among those with parameters, of the tensor in it, and its kind, as in
    /// `3.0.weight`; the same for every engine.
    public let name: String
    /// Its shape.
    public let shape: [Int]
    /// Its floats.
    public let range: Range<Int>
    /// What it is.
    public let kind: TensorKind
}

/// Floats that a layer or model owns.
final class Scratch {
    let floats: Floats
    let count: Int

    /// Zeros, beginning at a cache line.
    init(_ count: Int) {
        self.count = count
        let bytes = max(1, count) * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        floats = memory.initializeMemory(as: Float.self, repeating: 0, count: max(1, count))
    }

    deinit {
        floats.deallocate()
    }
}
