extension ControlMessage {
    /// Whether people say it, through a client; a daemon never does.
    public var isOfClient: Bool {
        switch self {
        case .submit, .resume, .status, .cancelRun, .note, .shutdown: true
        default: false
        }
    }
}
