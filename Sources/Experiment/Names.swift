/// Data sets that can be asked for.
public enum DatasetName: String, Codable, CaseIterable, Sendable {
    case digits
    case fashionMNIST = "fashion-mnist"
    case mnist
    case cifar10
    case synthetic
}

/// Models that can be asked for.
public enum ModelName: String, Codable, CaseIterable, Sendable {
    case softmax, mlp, lenet, resnet8, resnet20, vgg11
}

/// What carries the frames of a run.
public enum TransportName: String, Codable, CaseIterable, Sendable {
    /// The fastest that reaches every node.
    case auto
    /// Memory that the nodes of one host share.
    case shm
    /// Unix sockets of one host.
    case ipc
    case tcp
}

/// Who exchanges with whom.
public enum Topology: String, Codable, CaseIterable, Sendable {
    case server, ring, tree, halvingDoubling
}
