/// A column of rows, by the name that JSON and CSV give it and `--columns` and `--sort` take.
public struct RowColumn<Row: Sendable>: Sendable {
    /// How people read a cell.
    enum Kind: Sendable {
        case words, count, figure, loss, ratio, bytes, speed, probability
    }

    /// As in the JSON, names of nested keys joined with a dot.
    public let name: String
    let kind: Kind
    let value: @Sendable (Row) -> ColumnValue?

    static func words(_ name: String, _ value: @escaping @Sendable (Row) -> String?) -> Self {
        Self(name: name, kind: .words) { value($0).map(ColumnValue.text) }
    }

    static func count(
        _ name: String, _ value: @escaping @Sendable (Row) -> (any BinaryInteger)?
    ) -> Self {
        Self(name: name, kind: .count) { row in
            value(row).map { .integer(Int64(truncatingIfNeeded: $0)) }
        }
    }

    static func natural(_ name: String, _ value: @escaping @Sendable (Row) -> UInt64) -> Self {
        Self(name: name, kind: .count) { .natural(value($0)) }
    }

    static func flag(_ name: String, _ value: @escaping @Sendable (Row) -> Bool?) -> Self {
        Self(name: name, kind: .words) { value($0).map(ColumnValue.flag) }
    }

    static func real(
        _ kind: Kind, _ name: String, _ value: @escaping @Sendable (Row) -> Double?
    ) -> Self {
        Self(name: name, kind: kind) { value($0).map(ColumnValue.real) }
    }

    private init(
        name: String, kind: Kind, value: @escaping @Sendable (Row) -> ColumnValue?
    ) {
        self.name = name
        self.kind = kind
        self.value = value
    }

    /// As CSV has it: empty where unknown.
    func plain(_ row: Row) -> String { value(row)?.plain ?? "" }

    /// As people read it.
    func shown(_ row: Row) -> String {
        guard let value = value(row) else { return Figures.unknown }
        guard case .real(let number) = value else { return value.plain }
        switch kind {
        case .words, .count, .figure: return Figures.short(number)
        case .loss: return Figures.fixed(number, decimals: 4)
        case .ratio: return Figures.times(number)
        case .bytes: return Figures.bytes(number)
        case .speed: return Figures.bitsPerSecond(number)
        case .probability: return Figures.probability(number)
        }
    }

    /// What it may be called: its name, in any case and with or without signs between its words, or,
    /// of a nested one, the last part, with its unit or without: `total` or `total_milliseconds`.
    func isCalled(_ other: String) -> Bool {
        func bare(_ text: some StringProtocol) -> String {
            text.lowercased().filter { $0.isLetter || $0.isNumber }
        }
        let last = bare(name.split(separator: ".").last ?? "")
        return [bare(name), last, last + "milliseconds"].contains(bare(other))
    }
}
