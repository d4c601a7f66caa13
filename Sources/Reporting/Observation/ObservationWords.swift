import RunStore

/// What a run's observations say, in words: the alarm first.
enum ObservationWords {
    /// Above this ratio of noise to the k-th weight a sketch is told to be too small.
    static let noiseLimit = 1.0
    /// Above this defect the order of merging is told to matter; rounding to 16 bits stays below.
    static let defectLimit = 0.02

    /// Sentences; none without observations.
    static func sentences(_ rows: [ObservationRow]) -> [String] {
        [alarm(rows), recovery(rows), noise(rows), defect(rows)].compactMap(\.self)
    }

    private static func alarm(_ rows: [ObservationRow]) -> String? {
        let stalling = rows.filter(\.isStalling)
        guard let worst = stalling.max(by: { ($0.unchangedShare ?? 0) < ($1.unchangedShare ?? 0) })
        else { return nil }
        let share = ObservationSheet.percent(worst.unchangedShare ?? 0)
        let limit = ObservationSheet.percent(ObservationRow.unchangedLimit)
        return "ALARM: \(share) of the updates at step \(worst.step) changed nothing, above the "
            + "limit of \(limit) at \(stalling.count) of \(rows.count) observed steps: the rate times the "
            + "update is below the weights' last place, the rate is 0, or nothing was chosen."
    }

    private static func recovery(_ rows: [ObservationRow]) -> String? {
        guard let recall = median(rows.map(\.recall)) else { return nil }
        let energy = median(rows.map(\.capturedEnergy)).map {
            ", and \(ObservationSheet.percent($0)) of its energy"
        }
        return "In the median an update finds \(ObservationSheet.percent(recall)) of the true top-k"
            + "\(energy ?? "")."
    }

    private static func noise(_ rows: [ObservationRow]) -> String? {
        guard let ratio = median(rows.map(\.noiseRatio)) else { return nil }
        let figure = Figures.short(ratio)
        guard ratio > noiseLimit else {
            return "sigma/tau is \(figure) in the median: the k-th weight stands out of the noise."
        }
        return "sigma/tau is \(figure) in the median: the k-th weight drowns in the noise, and "
            + "\(Figures.times(ratio * ratio)) the columns would bring it to 1."
    }

    private static func defect(_ rows: [ObservationRow]) -> String? {
        let defects = rows.compactMap(\.associativityDefect)
        guard let most = defects.max(), let middle = median(defects) else { return nil }
        guard most > 0 else { return "The order of merging makes no difference at all." }
        guard middle > defectLimit else {
            return "The order of merging makes no difference but rounding: "
                + "\(ObservationSheet.tiny(most)) at most."
        }
        return "Merged in another order the result is another one: by "
            + "\(ObservationSheet.percent(middle)) in the median."
    }

    private static func median(_ values: [Double?]) -> Double? {
        let known = values.compactMap(\.self).sorted()
        guard !known.isEmpty else { return nil }
        return (known[(known.count - 1) / 2] + known[known.count / 2]) / 2
    }
}
