import Foundation
import RunStore

/// The table of a run's observations, for people: no column that the method has nothing for.
enum ObservationSheet {
    /// Columns that a narrow terminal does without, in this order.
    static let dispensable = [
        "observing ms", "k", "top energy", "cos contribution", "workers", "residual", "gradient",
    ]

    /// One line per observed step.
    static func make(_ rows: [ObservationRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.figures("step"), rows.map { String($0.step) })
        if Set(rows.map(\.workers)).count > 1 {
            sheet.add(.figures("workers"), rows.map { String($0.workers) })
        }
        for (title, value) in shares {
            add(title, rows.map { $0[keyPath: value] }, to: &sheet) {
                Figures.fixed($0, decimals: 3)
            }
        }
        add("residual", rows.map(\.residualNorm), to: &sheet, short)
        add("gradient", rows.map(\.gradientNorm), to: &sheet, short)
        add("k", rows.map { $0.kept.map(Double.init) }, to: &sheet) { Figures.grouped(Int($0)) }
        sheet.add(.figures("applied"), rows.map { Figures.grouped($0.applied) })
        add("unchanged", rows.map(\.unchangedShare), to: &sheet, percent)
        add("defect", rows.map(\.associativityDefect), to: &sheet, tiny)
        add("observing ms", rows.map { Double($0.nanoseconds) / 1e6 }, to: &sheet, Figures.short)
        return sheet
    }

    private static var shares: [(String, KeyPath<ObservationRow, Double?>)] {
        [
            ("recall", \.recall), ("energy", \.capturedEnergy), ("top energy", \.topEnergy),
            ("sigma/tau", \.noiseRatio), ("cos gradient", \.cosineGradient),
            ("cos contribution", \.cosineContribution),
        ]
    }

    private static func add(
        _ title: String, _ values: [Double?], to sheet: inout TextSheet,
        _ text: (Double) -> String
    ) {
        guard values.contains(where: { $0 != nil }) else { return }
        sheet.add(.figures(title), values.map { $0.map(text) ?? Figures.unknown })
    }

    private static func short(_ value: Double) -> String {
        value != 0 && value.magnitude < 0.1 ? tiny(value) : Figures.short(value)
    }

    /// A share of 1 as a percentage.
    static func percent(_ share: Double) -> String {
        let isSmall = share > 0 && share < 0.01
        return Figures.fixed(100 * share, decimals: isSmall ? 2 : 1) + " %"
    }

    /// A number that may be next to nothing, as in `3.1e-08`; `0` is exact.
    static func tiny(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        return value.magnitude < 0.01 || value.magnitude >= 1e6
            ? String(format: "%.1e", value) : Figures.fixed(value, decimals: 3)
    }
}
