public import RunStore

/// An experiment on one page that needs nothing else: pictures, tables, and where they come from.
/// The same database gives the same bytes.
public enum ReportPage {
    /// The page.
    ///
    /// - Parameter frame: where it is served; `nil` for a file of its own.
    /// - Throws: `StoreError.unknownExperiment` when no run of it is recorded.
    public static func html(
        experiment: String, from store: RunStore, frame: ReportFrame? = nil
    ) throws(StoreError) -> String {
        let memory = frame?.curves ?? CurveMemory()
        return html(try ReportData(experiment: experiment, from: store, memory), frame: frame)
    }

    static func html(_ data: ReportData, frame: ReportFrame?) -> String {
        let sections = sections(data, frame)
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            \(head(frame))<title>\(ReportMarkup.text(data.experiment)) - Peerless</title>
            <style>\(ReportStyle.text)</style></head>
            <body><main>
            \(opening(data, sections, frame))
            \(sections.map { ReportMarkup.section($0.id, $0.title, $0.body) }.joined())</main></body></html>

            """
    }

    /// The figures of one run, for a page that has the style of `ReportStyle`.
    ///
    /// - Throws: `StoreError.unknownRun` when there is none.
    public static func figures(
        run: Int64, from store: RunStore, frame: ReportFrame
    ) throws(StoreError) -> String {
        block(try ReportData(runs: [run], from: store, frame.curves))
    }

    private static func block(_ data: ReportData) -> String {
        let figures = figures(data)
        guard !figures.isEmpty else {
            return "<p>No step is recorded, so there is nothing to draw.</p>\n"
        }
        let reading = ReportMarkup.text(LossFigures.reading(data.variants))
        return (reading.isEmpty ? "" : "<p class=\"notes\">\(reading)</p>\n")
            + "<div class=\"figures\">\n\(figures.map(ReportMarkup.figure).joined())</div>\n"
    }

    /// Every figure that there is something to show in.
    static func figures(_ data: ReportData) -> [ReportFigure] {
        let variants = data.variants
        let others = [
            PhaseFigure.of(variants), BytesFigure.of(variants), FrontFigure.of(variants),
            ScalingFigure.of(variants), WaitingFigure.of(variants), FaultFigure.of(data),
        ]
        return LossFigures.of(variants) + others.compactMap(\.self)
    }

    private struct Section {
        var id: String
        var title: String
        var body: String
    }

    private static func sections(_ data: ReportData, _ frame: ReportFrame?) -> [Section] {
        return [
            Section(id: "comparison", title: "Comparison", body: OverviewSection.html(data)),
            Section(id: "figures", title: "Figures", body: block(data)),
            Section(id: "runs", title: "Runs", body: OriginSections.runs(data, frame)),
            Section(
                id: "experiment", title: "Experiment", body: OriginSections.experiment(data)),
            Section(id: "machine", title: "Machine", body: OriginSections.machine(data)),
            Section(id: "again", title: "Again", body: OriginSections.commands(data)),
        ]
    }

    /// A file forbids itself whatever is not in it; a server says so in its answer.
    private static func head(_ frame: ReportFrame?) -> String {
        guard let frame else {
            return "<meta http-equiv=\"Content-Security-Policy\" "
                + "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
        }
        return "<script src=\"\(ReportMarkup.text(frame.script))\" defer=\"defer\"></script>\n"
    }

    private static func opening(
        _ data: ReportData, _ sections: [Section], _ frame: ReportFrame?
    ) -> String {
        let home = frame.map { frame in
            "<a href=\"\(ReportMarkup.text(frame.home.address))\">"
                + "\(ReportMarkup.text(frame.home.name))</a>"
        }
        let links = sections.map { "<a href=\"#\($0.id)\">\($0.title)</a>" }
        let alarms = OverviewSection.alarms(data)
        let alarm = ReportMarkup.list(alarms)
        return """
            <nav aria-label="Parts of this page">\(([home].compactMap(\.self) + links).joined())</nav>
            <h1>\(ReportMarkup.text(data.experiment))</h1>
            <p class="lead">\(ReportMarkup.text(OverviewSection.lead(data)))</p>
            <p>\(ReportMarkup.text(OverviewSection.standing(data)))</p>
            \(alarms.isEmpty ? "" : "<div class=\"alarm\" role=\"note\">\n<p>Not among the medians:</p>\n\(alarm)</div>")
            """
    }
}
