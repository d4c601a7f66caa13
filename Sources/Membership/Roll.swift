import Wire

/// Who took part in a generation, and which of its steps stand.
///
/// What a member measured is right whenever it is heard: one that was cut off, and was put out
/// meanwhile, hands in what it took part in when it is back.
struct Roll {
    /// A node's place, as it names it itself and as it is on record.
    struct Place: Equatable {
        var rank: Int
        var recordedRank: Int
        /// The public key that the node came with; `nil` without keys, or where none is on record.
        var key: String?

        /// Whether a daemon that has the node's name is the node: names become free when their
        /// daemons are lost.
        func isOf(_ hello: Hello) -> Bool {
            guard let key, let shown = hello.publicKey else { return true }
            return key == shown
        }
    }

    let generation: UInt32
    /// Workers of the generation.
    let worldSize: Int
    /// Places by the nodes' names.
    let places: [String: Place]
    /// Steps before it stand; those from it on were, or will be, redone by later generations.
    private(set) var end: Int

    init(generation: UInt32, worldSize: Int, places: [String: Place], end: Int) {
        self.generation = generation
        self.worldSize = worldSize
        self.places = places
        self.end = end
    }

    /// One that is on record: a server's rank there is that of no missing worker.
    init(_ generation: RunBoard.Orphan.Generation, of request: RunBoard.Request) {
        let workers = generation.ranks.count - (request.needsServer ? 1 : 0)
        self.init(
            generation: min(generation.number, ActiveRun.generationLimit), worldSize: workers,
            places: Dictionary(
                uniqueKeysWithValues: generation.ranks.map { name, rank in
                    let place = Place(
                        rank: min(rank, workers), recordedRank: rank, key: generation.keys[name])
                    return (name, place)
                }), end: ActiveRun.stepLimit)
    }

    /// A later generation goes on from the state after `step` steps.
    mutating func rewind(to step: Int) { end = min(end, step) }
}
