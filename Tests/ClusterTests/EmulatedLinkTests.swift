import Cluster
import Testing

@Suite("Emulated link")
struct EmulatedLinkTests {
    /// 1 Gbit/s: a byte takes eight nanoseconds.
    private static func link(latency: Double = 0) -> EmulatedLink {
        EmulatedLink(bitsPerSecond: 1e9, latencySeconds: latency)
    }

    @Test("a frame takes its bytes at the rate, then the latency")
    func single() {
        var sender = Self.link(latency: 200e-6)
        var receiver = Self.link(latency: 200e-6)
        let release = sender.depart(bytes: 125_000, now: 5_000)
        #expect(release == 5_000 + 1_000_000 + 200_000)
        #expect(receiver.completion(bytes: 125_000, release: release) == release)
        receiver.serve(bytes: 125_000, release: release)
    }

    @Test("frames leave one after another, also when they come at once")
    func outgoing() {
        var sender = Self.link()
        let releases = (0..<10).map { _ in sender.depart(bytes: 125_000, now: 0) }
        #expect(releases == (1...10).map { UInt64($0) * 1_000_000 })
        // A card that rested does not catch up.
        #expect(sender.depart(bytes: 125_000, now: 50_000_000) == 51_000_000)
    }

    @Test("the receiver's card serves senders one after another: incast pays the sum")
    func incast() {
        var receiver = Self.link()
        var last: UInt64 = 0
        for _ in 0..<8 {
            var sender = Self.link()
            let release = sender.depart(bytes: 125_000, now: 0)
            last = receiver.completion(bytes: 125_000, release: release)
            receiver.serve(bytes: 125_000, release: release)
        }
        #expect(last == 8_000_000)
    }

    @Test("the directions do not disturb each other")
    func fullDuplex() {
        var link = Self.link()
        _ = link.depart(bytes: 1_000_000, now: 0)
        #expect(link.completion(bytes: 125_000, release: 1_000_000) == 1_000_000)
    }

    @Test("without a bandwidth there is latency only")
    func unlimited() {
        var link = EmulatedLink(bitsPerSecond: nil, latencySeconds: 1e-3)
        #expect(link.depart(bytes: 1 << 30, now: 7) == 1_000_007)
    }
}
