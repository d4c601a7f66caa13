import RunStore

/// What is meant where no experiment is named.
enum NewestExperiment {
    /// The experiment that ran last, which is said on standard error.
    ///
    /// - Throws: `StoreError.nothingRecorded` without any.
    static func named(in store: RunStore) throws(StoreError) -> String {
        let experiments = try store.experiments(limit: 2)
        guard let newest = experiments.first else {
            throw StoreError.nothingRecorded(path: store.path)
        }
        let which = experiments.count == 1 ? "the only experiment" : "the experiment that ran last"
        StandardError.print("\(newest.name): \(which)")
        return newest.name
    }
}
