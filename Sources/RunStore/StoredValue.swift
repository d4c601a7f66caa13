import GRDB

/// What a column of ours may hold, made of nothing but a value of just that type.
protocol StoredValue {
    /// What it is, for people.
    static var kind: String { get }

    /// `nil` for a value of another type.
    init?(stored: DatabaseValue.Storage)
}

extension Int64: StoredValue {
    static let kind = "a whole number"

    init?(stored: DatabaseValue.Storage) {
        guard case .int64(let value) = stored else { return nil }
        self = value
    }
}

extension Int: StoredValue {
    static let kind = "a whole number"

    init?(stored: DatabaseValue.Storage) {
        guard case .int64(let value) = stored else { return nil }
        self.init(exactly: value)
    }
}

extension Double: StoredValue {
    static let kind = "a number"

    init?(stored: DatabaseValue.Storage) {
        switch stored {
        case .double(let value): self = value
        case .int64(let value): self = Double(value)
        default: return nil
        }
    }
}

extension String: StoredValue {
    static let kind = "a text"

    init?(stored: DatabaseValue.Storage) {
        guard case .string(let value) = stored else { return nil }
        self = value
    }
}

extension Optional: StoredValue where Wrapped: StoredValue {
    static var kind: String { "\(Wrapped.kind) or nothing" }

    init?(stored: DatabaseValue.Storage) {
        if case .null = stored {
            self = .none
        } else if let value = Wrapped(stored: stored) {
            self = .some(value)
        } else {
            return nil
        }
    }
}
