import ArgumentParser
import Foundation
import Reporting
import RunStore

/// `peerless report`: an experiment as one page.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Write an experiment as one HTML page: figures, tables, and how to have it again.",
        discussion: """
            The page needs nothing but itself: no script, no font, no network. It follows the reader's \
            light or dark, fits a phone, and prints.
            """)

    @Argument(help: "Name of the experiment. Default: the one that ran last.")
    var experiment: String?

    @Option(name: .shortAndLong, help: "File to write; - is standard output.")
    var output = "report.html"

    @OptionGroup var store: StoreOptions

    func run() throws {
        try store.reporting {
            let database = try RunStore(path: store.path, readOnly: true)
            let name = try experiment ?? NewestExperiment.named(in: database)
            let page = try ReportPage.html(experiment: name, from: database)
            var file = try OutputFile(output)
            try file.write(page)
            if let path = try file.finish() { StandardError.print("wrote \(name) to \(path)") }
        }
    }
}
