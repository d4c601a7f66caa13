extension Scale {
    /// Ticks of an axis across, with their texts: as many as leave a gap between the texts.
    package func separateTicks(width: Double) -> [(value: Double, text: String)] {
        for count in stride(from: 7, through: 2, by: -1) {
            let ticks = ticks(atMost: count)
            let texts = TickLabel.texts(ticks)
            var end = -Double.infinity
            let isClear = zip(ticks, texts).allSatisfy { tick, text in
                let half = TextWidth.of(text, size: SVGCanvas.textSize) / 2
                let x = (fraction(tick) ?? 0) * width
                defer { end = x + half + 6 }
                return x - half >= end
            }
            if isClear || count == 2 { return Array(zip(ticks, texts)).map { ($0, $1) } }
        }
        return []
    }
}
