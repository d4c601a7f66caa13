/// Messages that the coordinator has not acknowledged, kept so that they can be sent again: in
/// memory first, then in a file without a name, within bounds. Where both are full, the oldest are
/// given up and counted. One thread's.
package final class Spool {
    private enum Place {
        case memory([UInt8])
        case file(position: Int)
        /// In a part of the file that could not be read.
        case lost(position: Int)
    }

    private struct Entry {
        let sequence: UInt64
        let count: Int
        var place: Place
        /// Bytes that count against a bound: the message, and what its entry takes in memory.
        var cost: Int { count + 32 }
    }

    /// Messages that were given up.
    package private(set) var dropped = 0
    /// Bytes of the messages that are kept.
    package private(set) var bytes = 0
    /// Why the file refused the last message that it was given; `nil` when it did not.
    package private(set) var trouble: String?
    private let memoryBytes: Int
    private let diskBytes: Int
    private let file: SpoolFile
    private var memoryUsed = 0
    private var diskUsed = 0
    private var last: UInt64 = 0
    /// By ascending number; those before `first` are gone.
    private var entries: [Entry] = []
    private var first = 0

    /// An empty spool.
    ///
    /// - Parameters:
    ///   - folder: where the file is made, when it is needed.
    ///   - memoryBytes: bytes in memory at most.
    ///   - diskBytes: bytes in the file at most.
    package init(folder: String, memoryBytes: Int = 1 << 20, diskBytes: Int = 64 << 20) {
        self.memoryBytes = memoryBytes
        self.diskBytes = diskBytes
        file = SpoolFile(folder: folder, capacity: diskBytes)
    }

    /// What to say about messages that were given up.
    package func loss(of count: Int) -> String {
        "messages to the coordinator that were given up while it was away: \(count)"
            + (trouble.map { "; \($0)" } ?? "")
    }

    /// Messages that are kept.
    package var count: Int { entries.count - first }

    /// Keeps a message; a file that refuses it is as one that is full.
    ///
    /// - Returns: its sequence number, from 1, also when it is given up because it fits nowhere.
    package func append(_ message: [UInt8]) -> UInt64 {
        last += 1
        let place = Place.memory(message)
        let entry = Entry(sequence: last, count: message.count, place: place)
        if !keep(entry, message, triesFile: true) { makeRoom(for: entry, message) }
        return last
    }

    /// The oldest message that can still be sent, or the one that will come next.
    package var oldest: UInt64 { count > 0 ? entries[first].sequence : last + 1 }

    /// The number that was given last; 0 before the first.
    package var newest: UInt64 { last }

    /// Forgets the messages up to this number: they are committed.
    package func acknowledge(through sequence: UInt64) {
        while count > 0, entries[first].sequence <= sequence { removeFirst() }
    }

    /// The messages after this number in order, for sending: as many as `limit` bytes hold, and at
    /// least one if there is one.
    package func next(
        after sequence: UInt64, limit: Int
    ) -> [(sequence: UInt64, bytes: [UInt8])] {
        var found: [(sequence: UInt64, bytes: [UInt8])] = []
        var size = 0
        for index in index(after: sequence)..<entries.count {
            size += entries[index].count
            if !found.isEmpty, size > limit { break }
            guard let bytes = read(index) else { continue }
            found.append((entries[index].sequence, bytes))
        }
        return found
    }

    /// Keeps a message where there is room for it.
    private func keep(_ entry: Entry, _ message: [UInt8], triesFile: Bool) -> Bool {
        var entry = entry
        if memoryUsed + entry.cost <= memoryBytes {
            memoryUsed += entry.cost
        } else {
            guard triesFile, diskUsed + entry.cost <= diskBytes,
                let position = writeToFile(message)
            else { return false }
            entry.place = .file(position: position)
            diskUsed += entry.cost
        }
        bytes += entry.count
        entries.append(entry)
        return true
    }

    private func writeToFile(_ message: [UInt8]) -> Int? {
        do throws(ClusterError) {
            let position = try file.append(message)
            trouble = nil
            return position
        } catch {
            trouble = error.description
            return nil
        }
    }

    /// Gives up the oldest until a message fits, or the message itself if it never will. The file is
    /// tried again only where giving up made room in it.
    private func makeRoom(for entry: Entry, _ message: [UInt8]) {
        let fileRefuses = diskUsed + entry.cost <= diskBytes
        let room = fileRefuses ? memoryBytes : max(memoryBytes, diskBytes)
        while entry.cost <= room, count > 0 {
            removeFirst()
            dropped += 1
            if keep(entry, message, triesFile: !fileRefuses) { return }
        }
        dropped += 1
    }

    private func removeFirst() {
        let entry = entries[first]
        switch entry.place {
        case .memory: memoryUsed -= entry.cost
        case .file(let position), .lost(let position):
            diskUsed -= entry.cost
            file.release(before: position + entry.count)
        }
        bytes -= entry.count
        entries[first].place = .memory([])
        first += 1
        guard first > 64, 2 * first > entries.count else { return }
        entries.removeFirst(first)
        first = 0
    }

    /// A message's bytes; one that cannot be read any more is given up.
    private func read(_ index: Int) -> [UInt8]? {
        switch entries[index].place {
        case .memory(let bytes): return bytes
        case .lost: return nil
        case .file(let position):
            if let bytes = file.read(at: position, count: entries[index].count) { return bytes }
            entries[index].place = .lost(position: position)
            dropped += 1
            return nil
        }
    }

    /// Index of the first entry with a larger number.
    private func index(after sequence: UInt64) -> Int {
        var range = first..<entries.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if entries[middle].sequence <= sequence {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }
}
