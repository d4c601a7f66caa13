/// Why the database could not answer or record. The description is one line for a person.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    /// No file at the path, and the caller only wanted to read.
    case missing(path: String)
    /// No file at a path whose runs are to be taken over.
    case nothingToTake(path: String)
    /// The file is no SQLite database, or its pages contradict each other. It was left untouched.
    case damaged(path: String, detail: String)
    /// A sound SQLite database that belongs to something else. It was left untouched.
    case foreign(path: String)
    /// Written by a newer version of Peerless, with a schema that this one does not know.
    case otherVersion(path: String)
    /// Written by an older version of Peerless; a reader does not upgrade it.
    case olderVersion(path: String)
    /// The database holds no run at all.
    case nothingRecorded(path: String)
    /// No run with this number; `newest` is the highest number there is.
    case unknownRun(Int64, newest: Int64?)
    /// No experiment with this name.
    case unknownExperiment(String, known: [String])
    /// No completed run of this variant in its experiment.
    case unknownVariant(String, experiment: String, known: [String])
    /// No completed run of a case or context whose hash begins so.
    case unknownHash(HashKind, String, known: [String])
    /// Several cases or contexts whose hashes begin so.
    case ambiguousHash(HashKind, String, found: [String])
    /// Runs are recorded, but none that the filters let through.
    case nothingMatches
    /// A run of which no step was recorded.
    case noSteps(Int64)
    /// Runs without an evaluation on the test set.
    case nothingEvaluated(String)
    /// A run that was not observed, or of which no observed step was reached.
    case notObserved(Int64)
    /// A condition that SQLite does not understand, or that fails on a row.
    case badCondition(String, detail: String, columns: [String])
    /// A run that stands otherwise than failed or cancelled.
    case notResumable(Int64, RunStatus)
    /// No variant with this name among the compared runs and their experiments.
    case unknownBaseline(String, known: [String])
    /// The file cannot be read or written as things stand.
    case storage(StorageTrouble, path: String, operation: String, detail: String)
    /// SQLite refused an operation for another reason.
    case database(operation: String, code: Int32, detail: String)

    /// Whether the question was sound but the database lacks the data to answer it.
    public var isNotEnoughData: Bool {
        switch self {
        case .missing, .nothingRecorded, .nothingMatches, .noSteps, .nothingEvaluated, .notObserved,
            .unknownRun, .unknownExperiment, .unknownBaseline, .unknownVariant, .unknownHash:
            true
        case .nothingToTake, .damaged, .foreign, .otherVersion, .olderVersion, .ambiguousHash,
            .badCondition, .notResumable, .storage, .database:
            false
        }
    }

    /// Whether the disk, its permissions or another program stand in the way, so that the operation
    /// may do better later.
    public var isStorageTrouble: Bool {
        if case .storage = self { return true }
        return false
    }

    /// One line: the thing, what was found, what is allowed, what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): no such database; make one with `peerless run FILE --db \(path)`, "
                + "or name another with --db or PEERLESS_DB"
        case .nothingToTake(let path):
            "\(path): no such file; name a database of peerless, or an archive that "
                + "`peerless export --format archive` wrote"
        case .damaged(let path, let detail):
            "\(path): not a sound SQLite database (\(detail)); the file was left untouched: "
                + "move it away or name another with --db"
        case .foreign(let path):
            "\(path): a SQLite database of another program; name another file with --db"
        case .otherVersion(let path):
            "\(path): written by a newer peerless than this one; read it with a peerless as new, "
                + "or name another file with --db"
        case .olderVersion(let path):
            "\(path): written by an older peerless; type `peerless upgrade --db \(path)`, after "
                + "which the older one cannot read it any more and all that it holds is kept"
        case .nothingRecorded(let path):
            "\(path): holds no run yet; record some with `peerless run FILE --db \(path)`"
        case .unknownRun(let run, let newest):
            "run \(run): no such run; "
                + (newest.map { "the newest is \($0); " } ?? "none is recorded; ")
                + "`peerless runs` lists them"
        case .unknownExperiment(let name, let known):
            "experiment \(name): no run of it is recorded; there is: \(Self.list(known))"
        case .unknownVariant(let name, let experiment, let known):
            "variant \(name): no completed run of it in experiment \(experiment); there is: "
                + Self.list(known)
        case .unknownHash(let kind, let prefix, let known):
            "\(kind.rawValue) \(prefix): no completed run of it; \(kind.remedy)"
                + (known.isEmpty ? "" : "; there is: \(Self.list(known))")
        case .ambiguousHash(let kind, let prefix, let found):
            "\(kind.rawValue) \(prefix): fits several; name one of: \(Self.list(found))"
        case .nothingMatches:
            "no recorded run matches; leave out a filter, or see all with `peerless runs`"
        case .nothingEvaluated(let name):
            "\(name): no evaluation is recorded; an experiment asks for some with `evaluate:`"
        case .noSteps(let run):
            "run \(run): no step of it is recorded; a run with --summary-only keeps none"
        case .notObserved(let run):
            "run \(run): nothing was observed; an experiment asks for it with observe: {every: N}"
        case .badCondition(let condition, let detail, let columns):
            "--where \(condition): \(detail); an SQL expression over: \(Self.list(columns))"
        case .notResumable(let run, let status):
            "run \(run): \(status.rawValue); only a failed or cancelled run can be taken up again; "
                + "`peerless runs` lists them"
        case .storage(let trouble, let path, let operation, let detail):
            "\(path): \(trouble.found) (\(operation): \(detail)); \(trouble.remedy)"
        case .unknownBaseline(let name, let known):
            "baseline \(name): no such variant; there is: \(Self.list(known))"
        case .database(let operation, let code, let detail):
            "\(operation): SQLite error \(code), \(detail)"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "nothing" : names.joined(separator: ", ")
    }
}
