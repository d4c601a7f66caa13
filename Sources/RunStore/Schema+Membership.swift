extension Schema {
    /// Generations of membership, what recoveries cost, and checkpoints. An identity keeps its 64
    /// bits, as a seed does. A node's key gains the generation, for which its table is made anew.
    static let membership =
        """
        DROP VIEW v_runs;
        DROP VIEW v_compare;
        CREATE TABLE node_by_generation (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            generation INTEGER NOT NULL DEFAULT 0,
            rank INTEGER NOT NULL,
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            PRIMARY KEY (run, generation, rank, role)
        ) WITHOUT ROWID;
        INSERT INTO node_by_generation (run, rank, role, name, host, pid)
            SELECT run, rank, role, name, host, pid FROM node;
        DROP TABLE node;
        ALTER TABLE node_by_generation RENAME TO node;
        ALTER TABLE run ADD COLUMN identity INTEGER;
        ALTER TABLE run ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE recovery (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            generation INTEGER NOT NULL,
            cause TEXT NOT NULL CHECK (cause IN ('worker lost', 'server lost', 'worker joined',
                'coordinator lost', 'resumed')),
            node TEXT,
            slot INTEGER,
            injected_at TEXT,
            detected_at TEXT NOT NULL,
            recovered_at TEXT,
            detect_seconds REAL,
            recover_seconds REAL,
            step INTEGER NOT NULL,
            steps_redone INTEGER NOT NULL,
            samples_lost INTEGER NOT NULL,
            residual_norm REAL,
            residual_step INTEGER,
            world_before INTEGER NOT NULL,
            world_after INTEGER NOT NULL,
            loss_before REAL,
            loss_after REAL,
            PRIMARY KEY (run, generation)
        ) WITHOUT ROWID;
        CREATE TABLE checkpoint (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            rank INTEGER NOT NULL,
            world INTEGER NOT NULL,
            path TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            nanoseconds INTEGER NOT NULL,
            checksum TEXT NOT NULL,
            PRIMARY KEY (run, step, rank)
        ) WITHOUT ROWID;
        ALTER TABLE run_summary ADD COLUMN recoveries INTEGER;
        ALTER TABLE run_summary ADD COLUMN detect_seconds REAL;
        ALTER TABLE run_summary ADD COLUMN recover_seconds REAL;
        ALTER TABLE run_summary ADD COLUMN steps_redone INTEGER;
        ALTER TABLE run_summary ADD COLUMN samples_lost INTEGER;
        ALTER TABLE run_summary ADD COLUMN loss_bump REAL;

        """
        + viewsWithFaults

    /// The views of the third schema. What losses cost a run is told even where they ended it.
    private static let viewsWithFaults =
        viewsWithHiddenExchange
        .replacing("s.diverged_at, s.checksum", with: "s.diverged_at, s.checksum, \(faults("s"))")
        .replacing("r.link, s.checksum", with: "r.link, s.checksum, \(faults("f"))")
        .replacing(
            "LEFT JOIN run_summary s ON s.run = r.id AND",
            with: "LEFT JOIN run_summary f ON f.run = r.id "
                + "LEFT JOIN run_summary s ON s.run = r.id AND")

    private static func faults(_ summary: String) -> String {
        [
            "recoveries", "detect_seconds", "recover_seconds", "steps_redone", "samples_lost",
            "loss_bump",
        ].map { "\(summary).\($0)" }.joined(separator: ", ")
    }
}
