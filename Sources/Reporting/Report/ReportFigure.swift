import Charts

/// A figure of a report: pictures, what they show, and their numbers.
struct ReportFigure: Equatable {
    /// Its anchor in the page.
    var id: String
    /// Its heading.
    var title: String
    /// Usually one.
    var pictures: [SVGImage]
    /// How to read it, in a sentence or two.
    var caption: String
    /// Its numbers.
    var table: TextSheet
}
