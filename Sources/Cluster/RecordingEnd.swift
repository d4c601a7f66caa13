public import RunStore

/// Why a coordinator cannot record any longer: the disk, its permissions or another program.
///
/// It is a coordinator's last line on standard output, for who started it: another coordinator on
/// the same database would fare no better.
public struct RecordingEnd: Error, Equatable, CustomStringConvertible {
    private static let mark = "cannot record: "

    /// The line; it is also why the runs failed.
    public let description: String

    /// From what the store threw; `nil` for what another start may cure.
    public init?(_ error: StoreError) {
        guard case .storage(let trouble, _, _, _) = error else { return nil }
        description = Self.mark + trouble.found
    }

    /// From what a coordinator printed; `nil` for another line.
    package init?(line: String) {
        guard line.hasPrefix(Self.mark) else { return nil }
        description = line
    }
}
