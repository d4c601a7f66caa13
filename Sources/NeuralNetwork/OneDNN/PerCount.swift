/// What oneDNN makes for one number of samples, kept for every number that came: the batch, and the
/// rest of a data set.
struct PerCount<Made> {
    private var made: [Int: Made] = [:]

    /// For so many samples. Shapes were checked when the layer was made: oneDNN has the operation.
    mutating func of(_ count: Int, _ make: () throws(OneDNNError) -> Made) -> Made {
        if let found = made[count] { return found }
        do {
            let new = try make()
            made[count] = new
            return new
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
