/// One parser under attack: what its inputs look like, and how it is driven.
///
/// A new target is one file in `Targets` with an extension of this type, and one line in `all`.
public struct FuzzTarget: Sendable {
    /// Drives the parser with one input: true when it was accepted, false when it was refused.
    /// An error that is thrown is a finding, as a trap is.
    public typealias Subject = ([UInt8]) throws -> Bool

    /// Name on the command line.
    public let name: String
    /// Inputs that it gets of every million of a run of all targets; slow parsers get fewer.
    public let share: Int
    /// What mutations know of its inputs.
    public let format: InputFormat
    /// Inputs that are right, and those that once were a finding.
    let corpus: @Sendable () throws -> [[UInt8]]
    /// Makes what is driven; once for many inputs.
    let open: @Sendable () throws -> Subject

    init(
        _ name: String, share: Int, _ format: InputFormat,
        corpus: @Sendable @escaping () throws -> [[UInt8]],
        open: @Sendable @escaping () throws -> Subject
    ) {
        self.name = name
        self.share = share
        self.format = format
        self.corpus = corpus
        self.open = open
    }

    /// Every target, in the order of a run.
    public static let all: [FuzzTarget] = [
        .frame, .acceptance, .ring, .inlet, .machine, .collective, .control, .board, .recorded,
        .variant,
        .address,
        .units, .experiment, .override, .idx, .images, .cifar, .gzip, .file,
        .checkpoint, .key, .zap, .endpoint, .scheduler, .spool, .stored,
    ]
}

/// What mutations know of a target's inputs.
public enum InputFormat: Sendable {
    /// Bytes, with whole numbers at known places.
    case binary([Field] = [])
    /// Text, with words that mean something in it.
    case text([String])

    /// A whole number in an input.
    public struct Field: Sendable {
        let offset: Int
        let bytes: Int
        let isBigEndian: Bool

        init(_ offset: Int, _ bytes: Int, bigEndian: Bool = false) {
            self.offset = offset
            self.bytes = bytes
            isBigEndian = bigEndian
        }
    }
}
