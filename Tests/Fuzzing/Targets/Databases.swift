import Foundation

/// Databases of others, as `merge` and `import` take them.
extension FuzzTarget {
    /// Values of an archive, one `table.column = value` a line: configurations and contexts as JSON,
    /// numbers and words.
    static let stored = FuzzTarget("stored", share: 2_000, .text(storedWords)) {
        [
            "run.config = " + ((try? ForeignArchive.config()) ?? "{}"),
            #"run.context = {"processor":"x","cores":2,"more":[1,{"a":null}]}"# + "\n"
                + #"run.host = {"host":"h","cores":2}"#,
            "run.workers = 4\nrun_summary.steps = 5\nstep.bytes_sent = 100\nrun.link = 1gbit 200us",
            "run_summary.seconds = 2.5\nstep.loss = 0.5\nevaluation.accuracy = 0.25",
            "run.workers = x",
        ].map { Array($0.utf8) }
    } open: {
        let original = try ForeignArchive()
        let taker = try TakingStore()
        return { bytes in
            let changed = try original.copy()
            defer { unlink(changed) }
            let text = String(decoding: bytes.prefix(1 << 16), as: UTF8.self)
            guard try ForeignArchive.change(changed, text.split(separator: "\n")) else {
                return false
            }
            return try taker.takes(changed)
        }
    }

    private static let storedWords =
        [
            "run.config", "run.context", "run.host", "run.workers", "run.batch", "run.seed",
            "run.link", "run.method", "run.topology", "run.status", "run.created_at",
            "run_summary.steps", "run_summary.seconds", "run_summary.final_loss",
            "run_summary.samples_per_second", "run_summary.compute_milliseconds",
            "run_summary.bytes_to_target", "step.total_nanoseconds", "step.bytes_sent",
            "step.wait_nanoseconds", "step.began_nanoseconds", "step.exchange_nanoseconds",
            "node.clock_offset_nanoseconds", "recovery.steps_redone", "step.loss", "step.step",
            "evaluation.seconds",
            "evaluation.step", "event.time", "node.role", "node.generation", "recovery.step",
            "=", "\n", "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "null", "true",
        ] + TextMutator.numbers
}
