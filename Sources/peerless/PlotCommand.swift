public import ArgumentParser
import Charts
import Foundation
public import Reporting
import RunStore

extension CurveAcross: ExpressibleByArgument {}
extension CurveUp: ExpressibleByArgument {}

/// `peerless plot`: a curve in the terminal or as a picture.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw loss or accuracy against steps, seconds or bytes, here or into a picture.",
        discussion: """
            An experiment is drawn with a line for each variant, the median over its seeds; runs are \
            drawn one by one. Seconds are those of the training clock, bytes those that a worker sent.
            """)

    @Argument(
        help: ArgumentHelp(
            "Numbers of runs, or the name of an experiment. Default: the experiment that ran last.",
            valueName: "run|experiment"))
    var subjects: [String] = []

    @Option(help: "What to draw against.")
    var x: CurveAcross = .step

    @Option(help: "What to draw.")
    var y: CurveUp = .loss

    @Option(
        name: .shortAndLong,
        help: "Picture to write, FILE.svg or FILE.png. Default: characters, to standard output.")
    var output: String?

    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard let output else { return }
        let isKnown = [".svg", ".png"].contains { output.lowercased().hasSuffix($0) }
        guard output == "-" || isKnown else {
            throw ValidationError("-o \(output): allowed: FILE.svg, FILE.png, or - for SVG")
        }
    }

    func run() throws {
        try store.reporting {
            let plot = try plot(try RunStore(path: store.path, readOnly: true))
            for remark in plot.remarks { StandardError.print(remark) }
            guard let output else {
                let width = TerminalWidth.current() ?? 80
                return print(
                    "\(plot.chart.title)\n\n\(plot.chart.text(width: width))", terminator: "")
            }
            let picture = plot.chart.svg(width: 640).file
            if output.lowercased().hasSuffix(".png") {
                try PictureConverter.write(png: picture, to: output)
            } else {
                var file = try OutputFile(output)
                try file.write(picture)
                _ = try file.finish()
            }
            if output != "-" { StandardError.print("wrote \(output)") }
        }
    }

    /// One word that is an experiment's name is that, whatever it looks like.
    private func plot(_ database: RunStore) throws -> CurvePlot {
        let name = try subjects.isEmpty ? NewestExperiment.named(in: database) : subjects[0]
        let numbers = subjects.compactMap { Int64($0) }
        if subjects.count > 1 || !numbers.isEmpty {
            let isName = try numbers.count == 1 && database.hasExperiment(name)
            guard isName || numbers.count == subjects.count else {
                StandardError.print(
                    "peerless: plot: found \(subjects.joined(separator: " ")); allowed: numbers of "
                        + "runs, or one experiment")
                throw ExitCode.badUsage
            }
            if !isName { return try CurvePlot(runs: numbers, x, y, from: database) }
        }
        return try CurvePlot(experiment: name, x, y, from: database)
    }
}
