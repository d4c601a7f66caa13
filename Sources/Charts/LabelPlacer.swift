/// Keeps labels beside points apart from each other, from marks and inside the plot.
struct LabelPlacer {
    /// A rectangle that is taken.
    struct Box: Equatable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        func overlaps(_ other: Box) -> Bool {
            x < other.x + other.width && other.x < x + width && y < other.y + other.height
                && other.y < y + height
        }
    }

    private var taken: [Box]
    private let bounds: Box

    init(bounds: Box, marks: [(x: Double, y: Double)]) {
        self.bounds = bounds
        taken = marks.map { Box(x: $0.x - 5, y: $0.y - 5, width: 10, height: 10) }
    }

    /// The left end of the base line for a text beside a point; `nil` where there is no room.
    mutating func place(_ text: String, beside x: Double, _ y: Double) -> (x: Double, y: Double)? {
        let (width, height) = (TextWidth.of(text, size: SVGCanvas.textSize), 14.0)
        let across = [x + 7, x - 7 - width, x - width / 2]
        for distance in [0.0, 12, 22, 34, 46] {
            for top in [y - height / 2 - distance, y - height / 2 + distance] {
                for left in distance == 0 ? Array(across.prefix(2)) : across {
                    let box = Box(x: left, y: top, width: width, height: height)
                    let isInside =
                        left >= bounds.x && left + width <= bounds.x + bounds.width
                        && top >= bounds.y && top + height <= bounds.y + bounds.height
                    guard isInside, !taken.contains(where: box.overlaps) else { continue }
                    taken.append(box)
                    return (left, top + height - 3)
                }
            }
        }
        return nil
    }
}
