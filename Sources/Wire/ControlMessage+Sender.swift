extension ControlMessage {
    /// What the sender calls itself, where it says so.
    public var introducedName: String? {
        if case .hello(let hello) = self { hello.name } else { nil }
    }

    /// Whether people say it, through a client; a daemon never does.
    public var isOfClient: Bool {
        switch self {
        case .submit, .resume, .status, .cancelRun, .note, .shutdown: true
        default: false
        }
    }
}
