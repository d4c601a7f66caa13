/// A picture: its size, its elements, and what it shows in words.
public struct SVGImage: Equatable, Sendable {
    /// Width in pixels before scaling.
    public let width: Double
    /// Height in pixels before scaling.
    public let height: Double
    let label: String
    let body: String

    /// An element for a page that has `Palette.pageStyle`; it takes the width it is given.
    public var fragment: String {
        "<svg \(box) role=\"img\" aria-label=\"\(SVGText.escaped(label))\">\(body)</svg>"
    }

    /// A whole file with a style and a ground of its own.
    public var file: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
            + "\(box) width=\"\(SVGText.number(width))\" height=\"\(SVGText.number(height))\" "
            + "role=\"img\"><title>\(SVGText.escaped(label))</title>"
            + "<style>\(Palette.fileStyle)</style>"
            + "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\(body)</svg>\n"
    }

    private var box: String {
        "viewBox=\"0 0 \(SVGText.number(width)) \(SVGText.number(height))\""
    }
}
