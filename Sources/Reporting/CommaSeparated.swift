/// Comma-separated values by RFC 4180: CRLF after every record, quotes where a field needs them.
enum CommaSeparated {
    /// A record with its line end.
    static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    /// A field: quoted when it holds a comma, a quote or a line end, with quotes doubled.
    static func field(_ text: String) -> String {
        let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
        guard text.utf8.contains(where: special.contains) else { return text }
        // By scalars: "\r\n" is one Character.
        var quoted = "\""
        for scalar in text.unicodeScalars {
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "\""
    }

    /// A value as it is, or nothing.
    static func value<Value: CustomStringConvertible>(_ value: Value?) -> String {
        value.map(\.description) ?? ""
    }
}
