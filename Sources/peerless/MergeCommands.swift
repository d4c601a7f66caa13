import ArgumentParser
import Foundation
import RunStore

/// `peerless merge`: runs of other databases, taken over.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Take over the runs of other databases.",
        discussion: """
            A run is known by its UUID: one that is here already is not taken again. Taken runs \
            get new numbers. The other databases are only read. Each file is taken whole or not \
            at all.
            """)

    @Argument(
        help: ArgumentHelp("Databases, or archives of `peerless export`.", valueName: "other.db"))
    var others: [String]

    @OptionGroup var store: StoreOptions

    func run() throws { try store.takeOver(others) }
}

/// `peerless import`: the runs of one archive.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over the runs of an archive that `export --format archive` wrote.")

    @Argument(help: "The archive.")
    var file: String

    @OptionGroup var store: StoreOptions

    func run() throws { try store.takeOver([file]) }
}

extension StoreOptions {
    /// Merges files into the database, and tells of each what came of it. One that is not there stops
    /// all before anything is made.
    fileprivate func takeOver(_ files: [String]) throws {
        try reporting {
            for file in files where !FileManager.default.fileExists(atPath: file) {
                throw StoreError.nothingToTake(path: file)
            }
        }
        try change(creating: true) { database in
            for file in files {
                StandardError.print("\(file): \(try database.merge(from: file).words)")
            }
        }
    }
}

extension MergeOutcome {
    /// One line for people.
    fileprivate var words: String {
        let parts = [
            "\(counted(added, "run")) taken",
            known > 0 ? "\(known) here already" : nil,
            differing.isEmpty
                ? nil
                : "\(differing.count) of these with other values there, kept as they are here: "
                    + differing.joined(separator: ", "),
            unfinished > 0 ? "\(unfinished) not ended yet and left" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
