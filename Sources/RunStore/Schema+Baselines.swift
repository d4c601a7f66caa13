extension Schema {
    /// Runs that others are held against, by name, and how far apart equal runs are by chance.
    static let baselines = """
        CREATE TABLE baseline (
            name TEXT PRIMARY KEY,
            note TEXT,
            created_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE baseline_run (
            baseline TEXT NOT NULL REFERENCES baseline (name) ON DELETE CASCADE,
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            PRIMARY KEY (baseline, run)
        ) WITHOUT ROWID;
        CREATE INDEX baseline_by_run ON baseline_run (run);
        CREATE TABLE noise (
            case_hash TEXT NOT NULL,
            context_hash TEXT NOT NULL,
            metric TEXT NOT NULL,
            floor REAL NOT NULL,
            pairs INTEGER NOT NULL,
            measured_at TEXT NOT NULL,
            PRIMARY KEY (case_hash, context_hash, metric)
        ) WITHOUT ROWID;
        """
}
