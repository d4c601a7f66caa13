import ArgumentParser
import Foundation

/// A share as an argument, as in 5% or 0.05.
struct Percentage: ExpressibleByArgument {
    let share: Double

    init(_ share: Double) {
        self.share = share
    }

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(isPercent ? String(argument.dropLast()) : argument),
            number.isFinite
        else { return nil }
        share = isPercent ? number / 100 : number
        guard (0...10).contains(share) else { return nil }
    }

    var defaultValueDescription: String { String(format: "%g%%", share * 100) }
}
