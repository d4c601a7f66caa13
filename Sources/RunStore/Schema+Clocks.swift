extension Schema {
    /// When every step began by its node's monotonic clock, and what makes that a moment that all
    /// nodes share.
    static let clocks = """
        ALTER TABLE step ADD COLUMN began_nanoseconds INTEGER;
        ALTER TABLE node ADD COLUMN clock_offset_nanoseconds INTEGER;
        ALTER TABLE node ADD COLUMN clock_error_nanoseconds INTEGER;
        """
}
