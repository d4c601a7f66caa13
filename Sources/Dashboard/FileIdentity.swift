import Foundation

/// Which file is at a path now: another one after it was replaced.
struct FileIdentity: Equatable {
    private let system: Int
    private let number: Int

    /// `nil` where there is none.
    init?(_ path: String) {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
            let system = facts[.systemNumber] as? NSNumber,
            let number = facts[.systemFileNumber] as? NSNumber
        else { return nil }
        self.system = system.intValue
        self.number = number.intValue
    }
}
