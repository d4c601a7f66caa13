extension Schema {
    /// What a run ran on, key by key, and indexes for the questions that people ask. A run's `host`
    /// stays as it was recorded; its name stands in a column of its own, and the rest, which is what
    /// figures depend on, is the context. An earlier run keeps the hash it was given.
    static let contexts =
        """
        DROP VIEW v_runs;
        DROP VIEW v_compare;
        ALTER TABLE run ADD COLUMN host_name TEXT;
        ALTER TABLE run ADD COLUMN context TEXT NOT NULL DEFAULT '{}';
        UPDATE run SET host_name = json_extract(host, '$.host'),
            context = json_remove(host, '$.host')
        WHERE json_valid(host);
        CREATE INDEX run_by_context ON run (context_hash);
        CREATE INDEX run_by_revision ON run (git_revision);
        CREATE INDEX run_by_creation ON run (created_at);
        CREATE INDEX run_by_status ON run (status);

        """
        + viewsWithContexts

    /// The views of the fourth schema, whole.
    private static let viewsWithContexts = """
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
        """
}
