/// Where a report stands when it is not a file of its own: a server's script, and links to its other
/// pages. A file has none of them, and links nowhere.
public struct ReportFrame: Sendable {
    /// Address of a script that puts a fresh `main` in the place of the old one.
    public var script: String
    /// Where the server's first page is, and its name.
    public var home: (address: String, name: String)
    /// The address of a run's page.
    public var run: @Sendable (Int64) -> String
    /// What the server need not ask its database again.
    let curves = CurveMemory()

    /// Memberwise.
    public init(
        script: String, home: (address: String, name: String),
        run: @escaping @Sendable (Int64) -> String
    ) {
        self.script = script
        self.home = home
        self.run = run
    }
}
