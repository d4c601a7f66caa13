import RunStore

/// Events of the Trace Event Format (Duan and others, "Trace Event Format", 2016), gathered in any
/// order and written in the order of time.
struct TraceSheet {
    private let origin: Int64
    private var names: [String] = []
    /// Of two events at one moment, the longer comes first, so that slices nest as they are read.
    private var events: [(moment: Int64, length: Int64, line: String)] = []

    /// - Parameter origin: the moment that is 0 in the file; a double holds nanoseconds only near it.
    init(origin: Int64) {
        self.origin = origin
    }

    /// Names a process.
    mutating func name(process: Int64, _ title: String) {
        names.append(
            "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":\(process),\"tid\":0,"
                + "\"args\":{\"name\":\(JSONText.string(title))}}")
    }

    /// Names a thread, which is shown in the order of the numbers.
    mutating func name(process: Int64, thread: Int, _ title: String) {
        let place = "\"ph\":\"M\",\"pid\":\(process),\"tid\":\(thread)"
        names += [
            "{\"name\":\"thread_name\",\(place),\"args\":{\"name\":\(JSONText.string(title))}}",
            "{\"name\":\"thread_sort_index\",\(place),\"args\":{\"sort_index\":\(thread)}}",
        ]
    }

    /// Something that took time.
    ///
    /// - Parameter arguments: names and JSON values.
    mutating func slice(
        _ name: String, category: String, from begin: Int64, to end: Int64, process: Int64,
        thread: Int, arguments: [(String, String)] = []
    ) {
        let length = end.subtractingClamped(begin)
        events.append(
            (
                begin, length,
                head(name, category, "X", begin, process, thread)
                    + ",\"dur\":\(Self.microseconds(length))\(Self.tail(arguments))}"
            ))
    }

    /// Something that happened to a thread.
    mutating func instant(
        _ name: String, category: String, at moment: Int64, process: Int64, thread: Int,
        arguments: [(String, String)] = []
    ) {
        events.append(
            (
                moment, 0,
                head(name, category, "i", moment, process, thread)
                    + ",\"s\":\"\(thread == 0 ? "p" : "t")\"\(Self.tail(arguments))}"
            ))
    }

    /// The whole file.
    ///
    /// - Parameter facts: names and values that stand beside the events.
    func text(facts: [(String, String)]) -> String {
        // A sort that keeps the order of equals: by position last.
        let order = events.indices.sorted { left, right in
            let (a, b) = (events[left], events[right])
            return (a.moment, b.length, left) < (b.moment, a.length, right)
        }
        let lines = names + order.map { events[$0].line }
        let other = facts.map { "\(JSONText.string($0)):\(JSONText.string($1))" }
        return "{\"displayTimeUnit\":\"ms\",\"otherData\":{\(other.joined(separator: ","))},"
            + "\"traceEvents\":[\n\(lines.joined(separator: ",\n"))\n]}\n"
    }

    private func head(
        _ name: String, _ category: String, _ phase: String, _ moment: Int64, _ process: Int64,
        _ thread: Int
    ) -> String {
        "{\"name\":\(JSONText.string(name)),\"cat\":\"\(category)\",\"ph\":\"\(phase)\","
            + "\"ts\":\(Self.microseconds(moment.subtractingClamped(origin))),\"pid\":\(process),\"tid\":\(thread)"
    }

    private static func tail(_ arguments: [(String, String)]) -> String {
        guard !arguments.isEmpty else { return "" }
        let pairs = arguments.map { "\"\($0)\":\($1)" }
        return ",\"args\":{\(pairs.joined(separator: ","))}"
    }

    /// Nanoseconds as microseconds, to the last digit.
    static func microseconds(_ nanoseconds: Int64) -> String {
        let rest = String(nanoseconds.magnitude % 1_000)
        let sign = nanoseconds < 0 ? "-" : ""
        let digits = String(repeating: "0", count: 3 - rest.count) + rest
        return "\(sign)\(nanoseconds.magnitude / 1_000).\(digits)"
    }
}
