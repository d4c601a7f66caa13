/// Holm's step-down correction (1979): several questions at once, one chance to err.
public enum Holm {
    /// The adjusted p of every question, in their order: calling those at or below a level
    /// significant errs in any of them with a chance of at most that level, whatever depends on what.
    public static func adjusted(_ p: [Double]) -> [Double] {
        var adjusted = p
        var highest = 0.0
        for (place, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
            highest = max(highest, min(1, Double(p.count - place) * p[index]))
            adjusted[index] = highest
        }
        return adjusted
    }
}
