import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What a page holds, read as strict XML.
final class PageReader: NSObject, XMLParserDelegate {
    /// An element: where it is, what it says.
    struct Element {
        var name: String
        var attributes: [String: String]
        var parents: [String]
        var text = ""
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []

    /// - Throws: what is not well-formed.
    init(_ page: String) throws {
        super.init()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Trouble(text: "line \(parser.lineNumber)") }
    }

    struct Trouble: Error {
        var text: String
    }

    /// All elements of a name.
    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
    ) {
        let parents = open.map { elements[$0].name }
        elements.append(Element(name: name, attributes: attributes, parents: parents))
        open.append(elements.count - 1)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        for index in open { elements[index].text += text }
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        open.removeLast()
    }
}
