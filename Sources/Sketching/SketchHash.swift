/// Hashing for sketches: splitmix64 finalisers (Steele et al., 2014).
public enum SketchHash {
    /// Mixes the run's seed and the step; never the rank, so that all workers hash alike.
    public static func seed(run: UInt64, step: UInt64) -> UInt64 {
        mix(mix(run &+ 0x9E37_79B9_7F4A_7C15) ^ (step &* 0xD1B5_4A32_D192_ED03))
    }

    /// Seed of one row.
    static func row(_ seed: UInt64, _ row: Int) -> UInt64 {
        mix(seed &+ UInt64(row + 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The seed under which block `first` is block 0.
    @inline(__always)
    static func seed(ofBlock first: Int, rowSeed: UInt64) -> UInt64 {
        rowSeed &+ UInt64(truncatingIfNeeded: first) &* 0x9E37_79B9_7F4A_7C15
    }

    /// The 64 bits of block (or coordinate) `index` in a row.
    @inline(__always)
    static func of(_ index: Int, rowSeed: UInt64) -> UInt64 {
        mix(seed(ofBlock: index, rowSeed: rowSeed))
    }

    /// A cell from the upper 32 bits: `floor(high * columns / 2^32)`.
    @inline(__always)
    static func cell(_ hash: UInt64, columns: UInt64) -> Int {
        Int(truncatingIfNeeded: ((hash >> 32) &* columns) >> 32)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
