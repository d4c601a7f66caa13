/// Rows and columns of a sketch table; cells are stored row after row.
public struct SketchShape: Equatable, Sendable {
    /// Independent rows, whose median is the estimate.
    public let rows: Int
    /// Cells of a row; any value from 16 up.
    public let columns: Int

    /// A shape of 1 to 64 rows and at least 16 columns.
    public init(rows: Int, columns: Int) {
        precondition((1...64).contains(rows) && columns >= 16, "no such sketch")
        self.rows = rows
        self.columns = columns
    }

    /// Cells of the whole table.
    public var cells: Int { rows * columns }
}
