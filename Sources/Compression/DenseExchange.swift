public import Collectives
import Sketching

/// The baseline: the whole gradient is summed and divided by the number of workers.
public final class DenseExchange: ExchangeMethod {
    public let carriesMomentum = false
    public let residual: UnsafeBufferPointer<Float>? = nil
    private let layout: GradientLayout
    private lazy var sum = WorkBuffer(count: layout.count)

    /// A dense exchange of a gradient of this layout.
    public init(layout: GradientLayout) {
        self.layout = layout
    }

    public func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError) {
        phases.enter(.encode)
        guard allFinite(UnsafeBufferPointer(gradient)) else { throw .notFinite("the gradient") }
        try collective.allReduce(gradient)
        phases.enter(.decode)
        scale(gradient, by: 1 / Float(collective.worldSize))
    }

    public func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError) {
        try collective.allReduce(sum.floats)
    }
}
