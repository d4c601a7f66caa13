import Foundation
import Glibc

/// A connection to a server on this machine that asks for one thing and reads what comes, within a
/// deadline.
package final class Browser {
    /// What came.
    package struct Answer {
        package var status: Int
        package var headers: [String: String]
        package var body: String
    }

    /// What went wrong.
    package struct Trouble: Error {
        package var words: String
    }

    private let descriptor: Int32
    private var received = ""

    /// Connects.
    package init(port: Int, seconds: Int = 60) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Trouble(words: "connect: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// Asks for one thing, the connection to be closed after it.
    package func send(_ method: String, _ target: String, host: String = "localhost") throws {
        try send(
            text: "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
    }

    /// Sends text as it is, all of it.
    package func send(text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Trouble(words: "write: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads until the words have come, or the other side closes.
    package func read(until words: String? = nil) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while words.map({ !received.contains($0) }) ?? true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { break }
            guard count > 0 else { throw Trouble(words: "nothing came in time: \(received)") }
            received += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return received
    }

    /// One request with its answer.
    package static func ask(
        _ target: String, method: String = "GET", port: Int, host: String = "localhost"
    ) throws -> Answer {
        let browser = try Browser(port: port)
        try browser.send(method, target, host: host)
        let text = try browser.read()
        guard let end = text.range(of: "\r\n\r\n") else { throw Trouble(words: text) }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let status = lines[0].split(separator: " ")[1]
        return Answer(
            status: Int(status) ?? 0, headers: headers, body: String(text[end.upperBound...]))
    }
}
