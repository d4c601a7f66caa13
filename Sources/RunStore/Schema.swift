package import GRDB

/// The tables, views and migrations of a Peerless database. Names here are promises to outside SQL.
package enum Schema {
    /// "Peer" in ASCII: the `application_id` by which a file is known to be ours.
    static let applicationID = 0x5065_6572

    /// Every migration, oldest first. A released migration never changes; a new one is appended.
    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 tables and views") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: runTables)
            try database.execute(sql: recordTables)
            try database.execute(sql: views)
        }
        migrator.registerMigration("2 hidden exchange") { database in
            try database.execute(sql: hiddenExchange)
        }
        migrator.registerMigration("3 membership, recoveries, checkpoints") { database in
            try database.execute(sql: membership)
        }
        // Checked at once: a check of the whole file would read every step.
        migrator.registerMigration("4 contexts", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: contexts)
        }
        migrator.registerMigration("7 clocks", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: clocks)
        }
        migrator.registerMigration("8 baselines and noise", foreignKeyChecks: .immediate) {
            try $0.execute(sql: baselines)
        }
        migrator.registerMigration("9 observations", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: observations)
        }
        migrator.registerMigration("10 keys of nodes", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: nodeKeys)
        }
        migrator.registerMigration("11 first steps", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: firstSteps)
        }
        return migrator
    }

    /// What was asked and how it ended. A seed keeps its 64 bits, so that one above `Int64.max`
    /// reads as negative in SQL.
    private static let runTables = """
        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (name, text)
        );
        CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            experiment INTEGER NOT NULL REFERENCES experiment (id),
            variant TEXT NOT NULL,
            seed INTEGER NOT NULL,
            topology TEXT NOT NULL,
            method TEXT NOT NULL,
            method_name TEXT NOT NULL,
            optimizer TEXT NOT NULL,
            dataset TEXT NOT NULL,
            model TEXT NOT NULL,
            workers INTEGER NOT NULL,
            batch INTEGER NOT NULL,
            link TEXT,
            target REAL,
            config TEXT NOT NULL,
            case_hash TEXT NOT NULL,
            context_hash TEXT NOT NULL,
            git_revision TEXT,
            host TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'queued'
                CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
            failure TEXT,
            parameters INTEGER,
            created_at TEXT NOT NULL,
            started_at TEXT,
            finished_at TEXT
        );
        CREATE INDEX run_by_experiment ON run (experiment, variant, seed);
        CREATE INDEX run_by_case ON run (case_hash);
        CREATE TABLE run_summary (
            run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
            steps INTEGER NOT NULL,
            seconds REAL,
            samples_per_second REAL,
            total_milliseconds REAL,
            compute_milliseconds REAL,
            encode_milliseconds REAL,
            exchange_milliseconds REAL,
            wait_milliseconds REAL,
            decode_milliseconds REAL,
            update_milliseconds REAL,
            bytes_sent_per_worker_step REAL,
            bytes_received_per_worker_step REAL,
            server_bytes_per_step REAL,
            compression REAL,
            final_loss REAL,
            final_accuracy REAL,
            best_accuracy REAL,
            seconds_to_target REAL,
            bytes_to_target INTEGER,
            diverged_at INTEGER,
            checksum TEXT
        );
        """

    /// What was measured. SQLite stores a number that is not finite as NULL.
    private static let recordTables = """
        CREATE TABLE node (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            rank INTEGER NOT NULL,
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            PRIMARY KEY (run, rank, role)
        ) WITHOUT ROWID;
        CREATE TABLE step (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            rank INTEGER NOT NULL,
            step INTEGER NOT NULL,
            loss REAL,
            total_nanoseconds INTEGER NOT NULL,
            compute_nanoseconds INTEGER NOT NULL,
            encode_nanoseconds INTEGER NOT NULL,
            exchange_nanoseconds INTEGER NOT NULL,
            wait_nanoseconds INTEGER NOT NULL,
            decode_nanoseconds INTEGER NOT NULL,
            update_nanoseconds INTEGER NOT NULL,
            bytes_sent INTEGER NOT NULL,
            bytes_received INTEGER NOT NULL,
            messages_sent INTEGER NOT NULL,
            PRIMARY KEY (run, rank, step)
        ) WITHOUT ROWID;
        CREATE TABLE evaluation (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            seconds REAL NOT NULL,
            split TEXT NOT NULL,
            loss REAL,
            accuracy REAL,
            PRIMARY KEY (run, step, split)
        ) WITHOUT ROWID;
        CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            run INTEGER REFERENCES run (id) ON DELETE CASCADE,
            time TEXT NOT NULL,
            kind TEXT NOT NULL,
            node TEXT,
            detail TEXT NOT NULL
        );
        CREATE INDEX event_by_run ON event (run);
        """

    /// `v_runs` shows whatever is known of every run. `v_compare` is what a comparison may show:
    /// figures of completed runs only, and no learning figures of a run whose loss was not finite.
    private static let views = """
        CREATE VIEW v_runs AS
        SELECT run.id AS run, experiment.name AS experiment, run.variant, run.seed, run.status,
            run.topology, run.method, run.method_name, run.optimizer, run.dataset, run.model,
            run.workers, run.batch, run.link, run.target, run.parameters, run.failure, run.uuid,
            run.case_hash, run.context_hash, run.git_revision, run.created_at, run.started_at,
            run.finished_at, s.steps, s.seconds, s.samples_per_second, s.total_milliseconds,
            s.compute_milliseconds, s.encode_milliseconds, s.exchange_milliseconds,
            s.wait_milliseconds, s.decode_milliseconds, s.update_milliseconds,
            s.bytes_sent_per_worker_step, s.bytes_received_per_worker_step,
            s.server_bytes_per_step, s.compression, s.final_loss, s.final_accuracy,
            s.best_accuracy, s.seconds_to_target, s.bytes_to_target, s.diverged_at, s.checksum
        FROM run JOIN experiment ON experiment.id = run.experiment
            LEFT JOIN run_summary s ON s.run = run.id;

        CREATE VIEW v_compare AS
        SELECT r.id AS run, experiment.name AS experiment, r.variant, r.seed, r.status, r.topology,
            r.method, r.method_name, r.workers, r.parameters, s.steps, s.seconds,
            s.samples_per_second, s.total_milliseconds, s.compute_milliseconds,
            s.encode_milliseconds, s.exchange_milliseconds, s.wait_milliseconds,
            s.decode_milliseconds, s.update_milliseconds, s.bytes_sent_per_worker_step,
            s.bytes_received_per_worker_step, s.server_bytes_per_step, s.compression,
            iif(s.diverged_at IS NULL, s.final_loss, NULL) AS final_loss,
            iif(s.diverged_at IS NULL, s.final_accuracy, NULL) AS final_accuracy,
            iif(s.diverged_at IS NULL, s.best_accuracy, NULL) AS best_accuracy,
            iif(s.diverged_at IS NULL, s.seconds_to_target, NULL) AS seconds_to_target,
            iif(s.diverged_at IS NULL, s.bytes_to_target, NULL) AS bytes_to_target,
            r.link, s.checksum,
            coalesce(r.failure, iif(s.diverged_at IS NULL, NULL,
                'diverged: the loss is not finite at step ' || s.diverged_at)) AS failure
        FROM run r JOIN experiment ON experiment.id = r.experiment
            LEFT JOIN run_summary s ON s.run = r.id AND r.status = 'completed';
        """

    /// What an exchange that overlaps with backward hides.
    private static let hiddenExchange = """
        ALTER TABLE step ADD COLUMN hidden_nanoseconds INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run_summary ADD COLUMN hidden_milliseconds REAL;
        DROP VIEW v_runs;
        DROP VIEW v_compare;
        """
        + viewsWithHiddenExchange

    /// The views of the second schema.
    static let viewsWithHiddenExchange = views.replacing(
        "s.update_milliseconds,", with: "s.update_milliseconds, s.hidden_milliseconds,")
}
