import Cluster
import Testing

@Suite("Ranges of ports")
struct PortRangeTests {
    @Test(
        "a range or a port is read",
        arguments: [
            ("42000-42015", 42000, 42015), ("7", 7, 7), ("1-65535", 1, 65535), ("9-9", 9, 9),
        ] as [(String, UInt16, UInt16)])
    func read(text: String, first: UInt16, last: UInt16) throws {
        let range = try PortRange(parsing: text)
        #expect(range.ports == first...last && range.description == "\(first)-\(last)")
    }

    @Test(
        "anything else is refused with what was found and what is allowed",
        arguments: [
            "", "-", "0", "0-9", "9-", "-9", "9-8", "1-65536", "70000", "1-2-3", "a-b", "1 - 2",
            "+1",
        ])
    func refused(text: String) {
        let error = #expect(throws: ClusterError.self) { try PortRange(parsing: text) }
        let words = error?.description ?? ""
        #expect(words.contains("found \(text.isEmpty ? "nothing" : text)"), "\(words)")
        #expect(words.contains("42000-42015"), "\(words)")
    }

    @Test("whatever port it starts with, every port comes once")
    func order() throws {
        let range = try PortRange(parsing: "65530-65535")
        for start in range.ports {
            let order = range.ports(from: start)
            #expect(order.first == start && order.sorted() == Array(range.ports))
        }
    }
}
