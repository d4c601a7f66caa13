extension Schema {
    /// Which public key a node came with, so that the next coordinator knows whose its name is.
    static let nodeKeys = "ALTER TABLE node ADD COLUMN public_key TEXT;"
}
