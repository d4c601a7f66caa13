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
    case softmax, mlp, lenet, resnet8, resnet20
}

/// Who exchanges with whom.
public enum Topology: String, Codable, CaseIterable, Sendable {
    case server, ring, tree, halvingDoubling
}
