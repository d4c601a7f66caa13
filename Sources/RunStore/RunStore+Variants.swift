extension RunStore {
    /// The rows of a comparison and, behind them, those of the variants that their speed-ups are
    /// against, where a filter left these out: what a comparison over seeds needs.
    ///
    /// - Throws: as `comparison` does.
    public func comparisonWithBaselines(
        _ filter: ComparisonFilter = ComparisonFilter()
    ) throws(StoreError) -> [ComparisonRow] {
        let rows = try comparison(filter)
        var all = rows
        for experiment in Set(rows.map(\.experiment)).sorted() {
            let mine = rows.filter { $0.experiment == experiment }
            guard let baseline = mine.compactMap(\.baseline).first,
                !mine.contains(where: { $0.variant == baseline })
            else { continue }
            var other = ComparisonFilter(experiment: experiment, baseline: baseline)
            other.among = filter.among.surroundings
            other.among.variants = [baseline]
            all += try comparison(other)
        }
        return all
    }
}
