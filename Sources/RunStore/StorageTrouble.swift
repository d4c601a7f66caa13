import GRDB

/// Why a database file cannot be read or written as things stand.
public enum StorageTrouble: String, CaseIterable, Equatable, Sendable {
    /// No room for more.
    case full
    /// No right to write.
    case readOnly
    /// No right to open, no folder, or a folder in the file's place.
    case cannotOpen
    /// Another program holds it.
    case locked
    /// The device failed.
    case inputOutput

    /// From SQLite's error; `nil` for one of another kind.
    init?(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly
        case .SQLITE_CANTOPEN: self = .cannotOpen
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
        case .SQLITE_IOERR: self = .inputOutput
        default: return nil
        }
    }

    /// What was found.
    public var found: String {
        switch self {
        case .full: "the disk is full"
        case .readOnly: "the database may not be written"
        case .cannotOpen: "the database cannot be opened or made"
        case .locked: "another program holds the database locked"
        case .inputOutput: "the disk failed"
        }
    }

    /// What to do.
    var remedy: String {
        switch self {
        case .full:
            "free some space, or name a file on another disk with --db; what was recorded stays "
                + "readable"
        case .readOnly:
            "allow writing to the file and its folder, or name another file with --db; what was "
                + "recorded stays readable"
        case .cannotOpen:
            "make its folder and allow writing there, or name another file with --db"
        case .locked:
            "end the other program, which may be a second coordinator, and try again; what was "
                + "recorded stays readable"
        case .inputOutput:
            "look at the disk and its free space, or name another file with --db; what was "
                + "recorded stays readable where the disk still is"
        }
    }
}
