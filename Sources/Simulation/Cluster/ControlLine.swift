import Membership
import Wire

/// A simulated daemon's side of its conversation with the coordinator: says hello, beats, numbers
/// what must not be lost and says it again until the coordinator has recorded it.
struct ControlLine {
    struct Word {
        var message: ControlMessage
        var sequence: UInt64?
    }

    private(set) var isWelcome = false
    private(set) var spool: [Word] = []
    private var lastHeard = 0.0
    private var lastIntroduction = -1.0
    private(set) var nextSequence: UInt64 = 1
    private var sentThrough: UInt64 = 0
    private(set) var heartbeat = Heartbeat()
    private let resends: Bool

    init(resends: Bool) {
        self.resends = resends
    }

    var oldestSequence: UInt64 { spool.first?.sequence ?? nextSequence }
    var newestSequence: UInt64 { nextSequence - 1 }

    /// Numbers and keeps a message; what goes out now.
    mutating func say(_ message: ControlMessage, now: Double) -> [Word] {
        spool.append(Word(message: message, sequence: nextSequence))
        nextSequence += 1
        return unsent(now: now)
    }

    /// The first words of the process.
    mutating func open(hello: Hello, now: Double) -> [Word] {
        lastHeard = now
        return [Word(message: .hello(hello), sequence: nil)]
    }

    /// What a word of the coordinator to the line itself makes it say; `hello` is what it would
    /// introduce itself with.
    mutating func heard(_ message: ControlMessage, hello: Hello, now: Double) -> [Word] {
        lastHeard = now
        switch message {
        case .welcome(let milliseconds):
            heartbeat = Heartbeat(milliseconds: milliseconds)
            if resends, !isWelcome { sentThrough = oldestSequence - 1 }
            isWelcome = true
        case .introduce: return introduceAgain(hello, now: now)
        case .recorded(let through): spool.removeAll { ($0.sequence ?? 0) <= through }
        default: break
        }
        return unsent(now: now)
    }

    /// Many messages may have been answered so; one hello is enough.
    private mutating func introduceAgain(_ hello: Hello, now: Double) -> [Word] {
        guard isWelcome || now - lastIntroduction > 0.3 else { return [] }
        isWelcome = false
        lastIntroduction = now
        return [Word(message: .hello(hello), sequence: nil)]
    }

    /// Once every beat.
    mutating func beat(hello: Hello, now: Double) -> [Word] {
        let alive = [Word(message: .heartbeat, sequence: nil)]
        guard isWelcome else { return alive + introduceAgain(hello, now: now) }
        let sent = sentThrough > 0 && resends
        return alive + [Word(message: .stands(hello.place), sequence: nil)]
            + (sent ? [Word(message: .sent(through: sentThrough), sequence: nil)] : [])
            + unsent(now: now)
    }

    /// A silent coordinator is spared.
    private mutating func unsent(now: Double) -> [Word] {
        guard isWelcome, now - lastHeard < heartbeat.patienceSeconds else { return [] }
        let words = spool.drop { ($0.sequence ?? 0) <= sentThrough }
        sentThrough = max(sentThrough, nextSequence - 1)
        return Array(words)
    }
}
