import Charts

/// What a curve is drawn against.
public enum CurveAcross: String, CaseIterable, Sendable {
    /// Steps done.
    case step
    /// Training clock.
    case seconds
    /// Bytes that a worker sent.
    case bytes

    /// A unit of which the greatest value is a handy number of, and how much one is.
    func unit(upTo greatest: Double) -> (name: String, size: Double) {
        switch self {
        case .step: return ("", 1)
        case .seconds: return ("s", 1)
        case .bytes:
            var unit = (name: "B", size: 1.0)
            for name in ["KiB", "MiB", "GiB", "TiB"] where greatest >= 1000 * unit.size {
                unit = (name, unit.size * 1024)
            }
            return unit
        }
    }

    /// What it is, in words.
    var title: String {
        switch self {
        case .step: "Step"
        case .seconds: "Training time"
        case .bytes: "Sent by a worker"
        }
    }
}

/// What a curve shows.
public enum CurveUp: String, CaseIterable, Sendable {
    /// Training loss, mean over workers.
    case loss
    /// Test accuracy, at evaluations.
    case accuracy

    /// What it is, in words.
    var title: String {
        switch self {
        case .loss: "Training loss"
        case .accuracy: "Test accuracy"
        }
    }
}
