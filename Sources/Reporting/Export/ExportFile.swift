/// A file of an export that is a folder.
public struct ExportFile: Equatable, Sendable {
    /// Where in the folder, with slashes.
    public var path: String
    /// What is in it.
    public var text: String
}
