/// What a run is asked to do and where: fixed when it is queued.
public struct RunDescription: Codable, Equatable, Sendable {
    /// Name of the experiment.
    public var experiment: String
    /// The experiment file, word for word.
    public var experimentText: String
    /// Name of the variant, one cell of the comparison.
    public var variant: String
    /// Seed of data order, weights and hashes.
    public var seed: UInt64
    /// `server`, `ring`, `tree` or `halvingDoubling`.
    public var topology: String
    /// Method and its options in short, such as `sketch k=1% r=5 c=8192 p2=4`.
    public var method: String
    /// Method without options, such as `sketch`.
    public var methodName: String
    /// Optimiser and its options in short.
    public var optimizer: String
    /// Name of the data set.
    public var dataset: String
    /// Name of the model.
    public var model: String
    /// Number of workers, servers not counted.
    public var workers: Int
    /// Samples per worker and step.
    public var batch: Int
    /// The emulated link in short; `nil` for the bare machine.
    public var link: String?
    /// Accuracy to reach, 0 to 1; `nil` when the experiment sets none.
    public var target: Double?
    /// The whole variant as JSON.
    public var config: String
    /// Hash of what was asked.
    public var caseHash: String
    /// Hash of what it runs on.
    public var contextHash: String
    /// Revision of the sources, where known.
    public var gitRevision: String?
    /// Facts of the coordinator's host as JSON.
    public var host: String
    /// Unique name of the run across databases.
    public var uuid: String
    /// What it runs on, as a JSON object: what `contextHash` is the hash of.
    public var context: String

    /// Memberwise.
    public init(
        experiment: String, experimentText: String, variant: String, seed: UInt64,
        topology: String, method: String, methodName: String, optimizer: String, dataset: String,
        model: String, workers: Int, batch: Int, link: String?, target: Double?, config: String,
        caseHash: String, contextHash: String, gitRevision: String?, host: String, uuid: String,
        context: String = "{}"
    ) {
        self.experiment = experiment
        self.experimentText = experimentText
        self.variant = variant
        self.seed = seed
        self.topology = topology
        self.method = method
        self.methodName = methodName
        self.optimizer = optimizer
        self.dataset = dataset
        self.model = model
        self.workers = workers
        self.batch = batch
        self.link = link
        self.target = target
        self.config = config
        self.caseHash = caseHash
        self.contextHash = contextHash
        self.gitRevision = gitRevision
        self.host = host
        self.uuid = uuid
        self.context = context
    }
}
