import Foundation
import Testing

@Suite("Links")
struct LinkTests {
    @Test("every relative link leads to a file, and to a heading of it")
    func resolve() throws {
        for page in try Page.all() {
            for (target, line) in page.links where !target.contains("://") {
                let why = Self.fault(of: target, on: page)
                #expect(why == nil, "\(page.path):\(line): \(target): \(why ?? "")")
            }
        }
    }

    @Test("the index links to every page under docs/")
    func index() throws {
        let pages = try Page.all().map(\.path).filter { $0.hasPrefix("docs/") }
        let index = try Page("docs/README.md")
        let linked = Set(index.links.compactMap { Self.path(of: $0.target, on: index) })
        for page in pages where page != index.path {
            #expect(linked.contains(page), "docs/README.md does not link to \(page)")
        }
    }

    /// Where a relative link leads, from the repository's root.
    private static func path(of target: String, on page: Page) -> String? {
        guard !target.contains("://"), let file = target.split(separator: "#").first else {
            return nil
        }
        let url = Page.root.appendingPathComponent(page.path).deletingLastPathComponent()
            .appendingPathComponent(String(file)).standardizedFileURL
        return String(url.path.dropFirst(Page.root.standardizedFileURL.path.count + 1))
    }

    /// What is wrong with a link, if anything is.
    private static func fault(of target: String, on page: Page) -> String? {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let here = Page.root.appendingPathComponent(page.path)
        var path = page.path
        if !parts[0].isEmpty {
            let file = here.deletingLastPathComponent().appendingPathComponent(String(parts[0]))
                .standardizedFileURL
            guard FileManager.default.fileExists(atPath: file.path) else { return "no such file" }
            path = String(file.path.dropFirst(Page.root.standardizedFileURL.path.count + 1))
        }
        guard parts.count == 2 else { return nil }
        let anchors = (try? Page(path))?.anchors ?? []
        return anchors.contains(String(parts[1])) ? nil : "no such heading"
    }
}
