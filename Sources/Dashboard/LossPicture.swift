import RunStore

/// A run's training loss as a small picture.
enum LossPicture {
    private static let (width, height) = (600.0, 160.0)
    private static let margin = 20.0

    /// The picture; nothing for fewer than two points.
    static func svg(_ curve: LossCurve) -> String {
        let losses = curve.losses.filter(\.isFinite)
        guard losses.count > 1, let least = losses.min(), let greatest = losses.max() else {
            return ""
        }
        let range = greatest > least ? greatest - least : 1
        let points = losses.enumerated().map { index, loss in
            let x = Double(index) / Double(losses.count - 1) * width
            let y = margin + (greatest - loss) / range * (height - 2 * margin)
            return "\(rounded(x)),\(rounded(y))"
        }
        let (high, low) = (DashboardPages.figure(greatest), DashboardPages.figure(least))
        let words =
            "Training loss of rank 0 over \(curve.lastStep + 1) steps, from "
            + "\(DashboardPages.figure(losses[0])) to \(DashboardPages.figure(losses.last))"
        return """
            <figure><svg viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(words)">
            <polyline fill="none" stroke="currentColor" stroke-width="1.5" \
            points="\(points.joined(separator: " "))"/>
            <text x="\(Int(width))" y="14" text-anchor="end" fill="currentColor" \
            font-size="12">highest \(high)</text>
            <text x="0" y="\(Int(height) - 4)" fill="currentColor" font-size="12">lowest \(low)</text>
            </svg><figcaption>\(words)</figcaption></figure>

            """
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
