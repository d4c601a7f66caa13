import ArgumentParser

/// `peerless upgrade`: an older database, made readable for this version.
struct UpgradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade", abstract: "Upgrade a database that an older version wrote.",
        discussion: """
            Everything that was recorded is kept. The older version cannot read the database \
            afterwards: copy the file first where that matters. `peerless run` and a coordinator \
            upgrade their database by themselves.
            """)

    @OptionGroup var store: StoreOptions

    func run() throws {
        try store.change(creating: false) { _ in StandardError.print("\(store.path): up to date") }
    }
}
