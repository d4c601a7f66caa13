public import Wire

/// How the loss of every running run went, from looks at the board and, where it is known, from what
/// was recorded before the first look.
public struct WatchHistory: Equatable, Sendable {
    /// Points kept of a run; beyond that every second one goes.
    static let capacity = 512

    private struct Curve: Equatable {
        var losses: [Double] = []
        /// So many steps lie between two points at least.
        var stride = 1
        var lastStep = -1
    }

    private var curves: [Int64: Curve] = [:]

    /// No look yet.
    public init() {}

    /// Whether nothing is known of a run.
    public func isNew(_ run: Int64) -> Bool { curves[run] == nil }

    /// What was recorded of a run before the first look.
    ///
    /// - Parameter losses: in the order of steps.
    public mutating func begin(_ run: Int64, losses: [Double], through step: Int) {
        var curve = Curve()
        curve.losses = Sparkline.thinned(losses, to: Self.capacity / 2)
        curve.lastStep = step
        curve.stride = max(1, (step + 1) / (Self.capacity / 2))
        curves[run] = curve
    }

    /// A look: a point for every running run that has moved. Others are forgotten.
    public mutating func take(_ board: Board) {
        let running = board.runs.filter { $0.status == "running" }
        curves = curves.filter { id, _ in running.contains { $0.id == id } }
        for run in running {
            var curve = curves[run.id] ?? Curve()
            // A run that was taken back to an earlier state goes over old steps again.
            if run.step < curve.lastStep { curve.lastStep = run.step }
            if let loss = run.loss, loss.isFinite, run.step >= curve.lastStep + curve.stride {
                curve.losses.append(loss)
                curve.lastStep = run.step
            }
            if curve.losses.count > Self.capacity {
                curve.losses = Sparkline.thinned(curve.losses, to: Self.capacity / 2)
                curve.stride *= 2
            }
            curves[run.id] = curve
        }
    }

    /// Losses of a run, oldest first.
    func losses(_ run: Int64) -> [Double] { curves[run]?.losses ?? [] }
}
