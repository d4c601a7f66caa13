import ArgumentParser

/// How a gate prints what it found.
enum GateFormat: String, CaseIterable, ExpressibleByArgument {
    case table, json, markdown
}
