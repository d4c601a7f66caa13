extension Schema {
    /// What the workers of an observed run saw of a step together.
    static let observations = """
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
        """
}
