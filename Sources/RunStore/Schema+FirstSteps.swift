extension Schema {
    /// Which steps a generation's nodes took: who hands in a row late, and whose rows are missing.
    static let firstSteps = "ALTER TABLE node ADD COLUMN first_step INTEGER;"
}
