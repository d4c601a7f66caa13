public import ArgumentParser
import Reporting
public import RunStore

extension RunStatus: ExpressibleByArgument {}

/// Which runs: shared by every command that asks for some.
struct FilterOptions: ParsableArguments {
    private static let moments = "a date, a time in UTC such as 2026-01-31T09:00, or 7d, 12h ago"

    @Option(help: "Only this variant; may be given several times.")
    var variant: [String] = []

    @Option(help: "Only this method, such as sketch; may be given several times.")
    var method: [String] = []

    @Option(help: "Only this topology; may be given several times.")
    var topology: [String] = []

    @Option(help: "Only runs of so many workers; may be given several times.")
    var workers: [Int] = []

    @Option(help: "Only runs that stand so; may be given several times.")
    var status: [RunStatus] = []

    @Option(help: ArgumentHelp("Only runs queued then or later: \(moments)."))
    var since: Moment?

    @Option(help: "Only runs queued before then, a date's whole day included.")
    var until: Moment?

    @Option(help: "Only runs of a git revision that begins so.")
    var revision: String?

    @Option(help: "Only runs with a coordinator or node on the host of this name.")
    var host: String?

    @Option(
        help: ArgumentHelp(
            "Only runs for which this is true: an SQL expression over columns of v_runs.",
            valueName: "sql"))
    var `where`: String?

    /// The filter for the store.
    func filter(experiment: String? = nil, limit: Int? = nil) -> RunFilter {
        var filter = RunFilter(experiment: experiment, statuses: status)
        filter.variants = variant
        filter.methods = method
        filter.topologies = topology
        filter.workers = workers
        filter.since = since?.date
        filter.until = until?.end
        filter.revision = revision
        filter.host = host
        filter.condition = `where`
        filter.limit = limit
        return filter
    }
}

/// Which columns, in which order, how many rows, and how to print them.
struct TableOptions: ParsableArguments {
    /// Taken as it stands: a name behind `-` would pass for an option.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Order of the rows: columns by their names in the JSON, - before one for the "
                + "greatest first.", valueName: "key[,-key]"))
    var sort: String?

    @Option(
        help: ArgumentHelp(
            "Only these columns, by their names in the JSON.", valueName: "a,b,c"))
    var columns: String?

    @Option(help: "At most so many rows: the first by --sort, else the newest runs.")
    var limit: Int?

    @Option(help: "How to print.")
    var format: OutputFormat = .table

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit: found \(limit); allowed: 1 and more")
        }
    }

    /// What the tables take.
    var choice: ColumnChoice {
        ColumnChoice(columns: Self.list(columns), order: Self.list(sort), limit: limit)
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0).trimmed }
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
