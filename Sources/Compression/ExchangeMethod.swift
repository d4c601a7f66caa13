public import Collectives

/// Turns every worker's gradient into one update that is bit-identical on all of them.
public protocol ExchangeMethod: AnyObject {
    /// Whether momentum is already in the update (accumulated on the workers before selection), so
    /// that the optimiser must not apply it again.
    var carriesMomentum: Bool { get }

    /// A worker's part of a step.
    ///
    /// - Parameters:
    ///   - gradient: in: this worker's gradient, weight decay included; out: the update, the mean
    ///     over the workers, zero where nothing was selected.
    ///   - step: number of the step; seeds the hash.
    /// - Throws: `CollectiveError`, `.notFinite` before anything is sent.
    func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError)

    /// Told during backward that the weights from `offset` to the last are final, so that their
    /// exchange may begin; `exchange` does the rest. Methods that need the whole gradient wait.
    ///
    /// - Throws: `CollectiveError`, `.notFinite` before anything of that part is sent.
    func gradientIsFinal(
        from offset: Int, _ gradient: UnsafeMutableBufferPointer<Float>, step: Int,
        over collective: any Collective
    ) throws(CollectiveError)

    /// A dedicated server's part of the same step.
    func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError)

    /// What the worker still holds back, for norms and tests; `nil` for methods that hold nothing.
    var residual: UnsafeBufferPointer<Float>? { get }

    /// Everything that one step leaves for the next, in a fixed order. A method made with the same
    /// options goes on from there with the same bits when these floats are written into its own.
    var state: [StatePart] { get }

    /// Words of the longest message that it has sent as one frame; 0 where it sends none.
    var wholeWords: Int { get }

    /// What an observer needs to know.
    var anatomy: MethodAnatomy { get }

    /// Writes what the method will compress of some weights: the gradient and all that it holds
    /// back. To be asked before it takes them in; changes nothing.
    ///
    /// - Parameter target: as long as the weights; written over the range.
    func contribution(
        of gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>)

    /// Writes what the worker would send of a contribution to be merged with the others', or a
    /// sample of it, as `anatomy` tells; changes nothing that one step leaves for the next.
    func message(
        of contribution: UnsafeMutableBufferPointer<Float>, step: Int,
        into words: UnsafeMutableBufferPointer<Float>)
}

extension ExchangeMethod {
    public var wholeWords: Int { 0 }

    public func gradientIsFinal(
        from offset: Int, _ gradient: UnsafeMutableBufferPointer<Float>, step: Int,
        over collective: any Collective
    ) throws(CollectiveError) {}
}

/// A method whose options do not fit the model.
public struct MethodError: Error, Equatable, CustomStringConvertible {
    /// One line: the option, what was found and what is allowed.
    public let description: String

    /// With the words to show.
    public init(_ description: String) {
        self.description = description
    }
}

/// How many coordinates a sparse method keeps, checked against the model.
func checkedCount(_ k: Int, of layout: GradientLayout) throws(MethodError) {
    guard (1...max(1, layout.compressible)).contains(k), layout.compressible > 0 else {
        throw MethodError(
            "k: found \(k); allowed: 1 to \(layout.compressible), the weights of this model")
    }
}
