/// Why a run cannot be exported in a format: what is recorded of it does not suffice.
public enum ExportError: Error, Equatable, CustomStringConvertible {
    /// No row of any step.
    case noSteps(run: Int64)
    /// Steps without their beginnings, or nodes whose clocks were not measured.
    case noClocks(run: Int64)

    /// One line: what was found and what to do.
    public var description: String {
        switch self {
        case .noSteps(let run):
            "run \(run): no step is recorded; a run of a coordinator without --summary-only has them"
        case .noClocks(let run):
            "run \(run): found steps without the moments at which they began, as peerless recorded "
                + "them before it measured clocks; allowed: runs of this version; run it again, or "
                + "export csv or json"
        }
    }
}
