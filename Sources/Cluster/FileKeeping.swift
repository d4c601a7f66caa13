package import Foundation

/// Who may write where keys are kept: nobody but the user who runs this, and root.
package struct FileKeeping {
    private let path: String
    private let facts: stat

    /// - Parameter facts: what the system says about the file or folder.
    package init(_ path: String, _ facts: stat) {
        self.path = path
        self.facts = facts
    }

    /// Refuses what others could change. Root may use every user's keys: whose they are decides who
    /// is let in.
    ///
    /// - Parameters:
    ///   - mode: what to set.
    ///   - doing: what others could do, in words.
    ///   - user: who runs this.
    package func requireOwn(
        mode: mode_t, _ doing: String, user: uid_t = geteuid()
    ) throws(SecurityError) {
        let found = "found mode \(SecurityError.octal(facts.st_mode))"
        let wanted = String(mode, radix: 8)
        guard facts.st_mode & 0o022 == 0 else {
            throw SecurityError(
                "\(path): \(found), which lets others \(doing); allowed: \(wanted); "
                    + "type: chmod \(wanted) \(path)")
        }
        guard user == 0 || [0, user].contains(facts.st_uid) else {
            throw SecurityError(
                "\(path): belongs to user \(facts.st_uid), who could \(doing); allowed: user "
                    + "\(user), who runs this, or root; make a copy of your own")
        }
    }
}
