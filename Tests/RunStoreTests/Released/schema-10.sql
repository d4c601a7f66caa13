-- A database as schema 10 left it: its released migrations, and rows in every table.
PRAGMA application_id = 1348822386;
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
INSERT INTO "checkpoint" VALUES(7,3,0,2,'/c/3.0',99,5,'ab');
CREATE TABLE evaluation (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            seconds REAL NOT NULL,
            split TEXT NOT NULL,
            loss REAL,
            accuracy REAL,
            PRIMARY KEY (run, step, split)
        ) WITHOUT ROWID;
INSERT INTO "evaluation" VALUES(7,3,2.5,'test',0.5,0.75);
CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            run INTEGER REFERENCES run (id) ON DELETE CASCADE,
            time TEXT NOT NULL,
            kind TEXT NOT NULL,
            node TEXT,
            detail TEXT NOT NULL
        );
INSERT INTO "event" VALUES(1,8,'2026-01-31T09:00:10.000Z','lost','w1','silent');
CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (name, text)
        );
INSERT INTO "experiment" VALUES(1,'quick','experiment: quick','2026-01-31T09:00:00.000Z');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 tables and views');
INSERT INTO "grdb_migrations" VALUES('2 hidden exchange');
INSERT INTO "grdb_migrations" VALUES('3 membership, recoveries, checkpoints');
INSERT INTO "grdb_migrations" VALUES('4 contexts');
CREATE TABLE "node" (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            generation INTEGER NOT NULL DEFAULT 0,
            rank INTEGER NOT NULL,
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            PRIMARY KEY (run, generation, rank, role)
        ) WITHOUT ROWID;
INSERT INTO "node" VALUES(7,0,0,'worker','w0','alpha',40);
INSERT INTO "node" VALUES(7,0,1,'worker','w1','alpha',41);
INSERT INTO "node" VALUES(8,0,0,'worker','w0','alpha',40);
INSERT INTO "node" VALUES(8,0,1,'worker','w1','alpha',41);
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
INSERT INTO "recovery" VALUES(8,1,'worker lost','w1',1,NULL,'2026-01-31T09:00:10.000Z',NULL,NULL,NULL,1,1,8,NULL,NULL,2,1,NULL,NULL);
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
        , identity INTEGER, generation INTEGER NOT NULL DEFAULT 0, host_name TEXT, context TEXT NOT NULL DEFAULT '{}');
INSERT INTO "run" VALUES(7,'uuid-7',1,'dense',-5,'ring','dense','dense','sgd','digits','softmax',2,8,'1gbit 200us',0.5,'{"variant":1}','c1','x1','abc1234','{"blas":"Zen","cores":2,"engine":"onednn 3.0","host":"alpha","kernel":"avx2","memoryBytes":8000000000,"peerless":"0.1.0","processor":"P 1","system":"Linux 6"}','completed',NULL,650,'2026-01-31T09:00:01.000Z','2026-01-31T09:00:02.000Z','2026-01-31T09:00:09.000Z',NULL,0,'alpha','{"blas":"Zen","cores":2,"engine":"onednn 3.0","kernel":"avx2","memoryBytes":8000000000,"peerless":"0.1.0","processor":"P 1","system":"Linux 6"}');
INSERT INTO "run" VALUES(8,'uuid-8',1,'topk',-5,'ring','topk k=1%','topk','sgd','digits','softmax',2,8,'1gbit 200us',0.5,'{"variant":1}','c1','x1','abc1234','{"blas":"Zen","cores":2,"engine":"onednn 3.0","host":"alpha","kernel":"avx2","memoryBytes":8000000000,"peerless":"0.1.0","processor":"P 1","system":"Linux 6"}','failed','worker 1 was lost',650,'2026-01-31T09:00:01.000Z','2026-01-31T09:00:02.000Z','2026-01-31T09:00:10.000Z',77,1,'alpha','{"blas":"Zen","cores":2,"engine":"onednn 3.0","kernel":"avx2","memoryBytes":8000000000,"peerless":"0.1.0","processor":"P 1","system":"Linux 6"}');
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
        , hidden_milliseconds REAL, recoveries INTEGER, detect_seconds REAL, recover_seconds REAL, steps_redone INTEGER, samples_lost INTEGER, loss_bump REAL);
INSERT INTO "run_summary" VALUES(7,3,2.5,19.2,21.5,NULL,NULL,NULL,NULL,NULL,NULL,2600.0,NULL,NULL,NULL,0.25,NULL,NULL,NULL,NULL,NULL,'00000000000000ab',1.5,NULL,NULL,NULL,NULL,NULL,NULL);
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
            messages_sent INTEGER NOT NULL, hidden_nanoseconds INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (run, rank, step)
        ) WITHOUT ROWID;
INSERT INTO "step" VALUES(7,0,0,0.5,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(7,0,1,0.25,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(7,0,2,1.66666666666666657414e-01,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(7,1,0,0.5,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(7,1,1,0.25,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(7,1,2,1.66666666666666657414e-01,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(8,0,0,0.5,21,1,2,3,4,5,6,2600,2600,3,2);
INSERT INTO "step" VALUES(8,1,0,0.5,21,1,2,3,4,5,6,2600,2600,3,2);
CREATE INDEX run_by_experiment ON run (experiment, variant, seed);
CREATE INDEX run_by_case ON run (case_hash);
CREATE INDEX event_by_run ON event (run);
CREATE INDEX run_by_context ON run (context_hash);
CREATE INDEX run_by_revision ON run (git_revision);
CREATE INDEX run_by_creation ON run (created_at);
CREATE INDEX run_by_status ON run (status);
CREATE VIEW v_runs AS
        SELECT run.id AS run, experiment.name AS experiment, run.variant, run.seed, run.status,
            run.topology, run.method, run.method_name, run.optimizer, run.dataset, run.model,
            run.workers, run.batch, run.link, run.target, run.parameters, run.failure, run.uuid,
            run.case_hash, run.context_hash, run.host_name AS host, run.git_revision,
            run.created_at, run.started_at, run.finished_at, s.steps, s.seconds,
            s.samples_per_second, s.total_milliseconds, s.compute_milliseconds,
            s.encode_milliseconds, s.exchange_milliseconds, s.wait_milliseconds,
            s.decode_milliseconds, s.update_milliseconds, s.hidden_milliseconds,
            s.bytes_sent_per_worker_step, s.bytes_received_per_worker_step,
            s.server_bytes_per_step, s.compression, s.final_loss, s.final_accuracy,
            s.best_accuracy, s.seconds_to_target, s.bytes_to_target, s.diverged_at, s.checksum,
            s.recoveries, s.detect_seconds, s.recover_seconds, s.steps_redone, s.samples_lost,
            s.loss_bump
        FROM run JOIN experiment ON experiment.id = run.experiment
            LEFT JOIN run_summary s ON s.run = run.id;
CREATE VIEW v_compare AS
        SELECT r.id AS run, experiment.name AS experiment, r.variant, r.seed, r.status, r.topology,
            r.method, r.method_name, r.optimizer, r.dataset, r.model, r.workers, r.batch,
            r.parameters, s.steps, s.seconds, s.samples_per_second, s.total_milliseconds,
            s.compute_milliseconds, s.encode_milliseconds, s.exchange_milliseconds,
            s.wait_milliseconds, s.decode_milliseconds, s.update_milliseconds,
            s.hidden_milliseconds, s.bytes_sent_per_worker_step,
            s.bytes_received_per_worker_step, s.server_bytes_per_step, s.compression,
            iif(s.diverged_at IS NULL, s.final_loss, NULL) AS final_loss,
            iif(s.diverged_at IS NULL, s.final_accuracy, NULL) AS final_accuracy,
            iif(s.diverged_at IS NULL, s.best_accuracy, NULL) AS best_accuracy,
            iif(s.diverged_at IS NULL, s.seconds_to_target, NULL) AS seconds_to_target,
            iif(s.diverged_at IS NULL, s.bytes_to_target, NULL) AS bytes_to_target,
            r.link, r.target, s.checksum, f.recoveries, f.detect_seconds, f.recover_seconds,
            f.steps_redone, f.samples_lost, f.loss_bump,
            coalesce(r.failure, iif(s.diverged_at IS NULL, NULL,
                'diverged: the loss is not finite at step ' || s.diverged_at)) AS failure,
            r.uuid, r.case_hash, r.context_hash, r.host_name AS host, r.git_revision,
            r.created_at, r.started_at, r.finished_at
        FROM run r JOIN experiment ON experiment.id = r.experiment
            LEFT JOIN run_summary f ON f.run = r.id
            LEFT JOIN run_summary s ON s.run = r.id AND r.status = 'completed';
ALTER TABLE step ADD COLUMN began_nanoseconds INTEGER;
ALTER TABLE node ADD COLUMN clock_offset_nanoseconds INTEGER;
ALTER TABLE node ADD COLUMN clock_error_nanoseconds INTEGER;
UPDATE step SET began_nanoseconds = 1000000 * (step + 1);
UPDATE node SET clock_offset_nanoseconds = 1700000000000000000, clock_error_nanoseconds = 40000;
INSERT INTO "grdb_migrations" VALUES('7 clocks');
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
INSERT INTO baseline VALUES('main','before the change','2026-01-31T09:00:00.000Z');
INSERT INTO baseline_run VALUES('main',7);
INSERT INTO noise VALUES('c1','x1','step',0.04,8,'2026-01-31T09:00:00.000Z');
INSERT INTO "grdb_migrations" VALUES('8 baselines and noise');
CREATE TABLE observation (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    workers INTEGER NOT NULL,
    gradient_norm REAL,
    contribution_norm REAL,
    update_norm REAL,
    residual_norm REAL,
    cosine_gradient REAL,
    cosine_contribution REAL,
    kept INTEGER,
    applied INTEGER NOT NULL,
    recall REAL,
    captured_energy REAL,
    top_energy REAL,
    noise_ratio REAL,
    unchanged_share REAL,
    associativity_defect REAL,
    bytes_sent INTEGER NOT NULL,
    nanoseconds INTEGER NOT NULL,
    PRIMARY KEY (run, step)
) WITHOUT ROWID;
INSERT INTO observation VALUES(7,1,2,0.5,0.5,0.25,0.125,0.5,0.5,13,13,0.75,0.5,0.25,NULL,0.0,0.0,1000,2000);
INSERT INTO "grdb_migrations" VALUES('9 observations');
ALTER TABLE node ADD COLUMN public_key TEXT;
UPDATE node SET public_key = 'key of ' || name;
INSERT INTO "grdb_migrations" VALUES('10 keys of nodes');
