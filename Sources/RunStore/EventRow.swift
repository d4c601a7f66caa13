public import Foundation

/// Something that happened to a run or to the coordinator.
public struct EventRow: Codable, Equatable, Sendable {
    /// Number of the run; `nil` for the coordinator itself.
    public var run: Int64?
    /// When, to the millisecond.
    public var time: Date
    /// One word for the kind, such as `joined`, `lost`, `failed`.
    public var kind: String
    /// Name of the node it is about.
    public var node: String?
    /// The rest in words.
    public var detail: String

    /// Memberwise.
    public init(run: Int64?, time: Date, kind: String, node: String?, detail: String) {
        self.run = run
        self.time = time
        self.kind = kind
        self.node = node
        self.detail = detail
    }
}
