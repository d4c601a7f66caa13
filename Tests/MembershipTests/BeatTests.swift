import Membership
import Testing
import Wire

/// How long a daemon may be silent that beats at another time than the coordinator asks for.
@Suite("Silence before a welcome is heard")
struct BeatTests {
    private func scene(beat milliseconds: Int) -> Scene {
        var scene = Scene()
        scene.board = RunBoard(version: "1", heartbeat: Heartbeat(milliseconds: milliseconds))
        return scene
    }

    /// Lets time pass in which nobody says anything; when daemon 1 was lost, in eighths of a second.
    private func lost(_ scene: inout Scene, eighths: Int) -> Int? {
        for eighth in 1...eighths {
            scene.tick(seconds: 0.125)
            if !scene.board.daemons.contains([1]) { return eighth }
        }
        return nil
    }

    @Test(
        "who has not heard of fast heartbeats is lost by those that it said hello with",
        arguments: [(1_000, 25), (300, 8), (100, 7), (5_000, 121)])
    func unheard(told: Int, eighths: Int) {
        var scene = scene(beat: 250)
        scene.hello(1, beat: told)
        #expect(lost(&scene, eighths: 200) == eighths)
    }

    @Test("heartbeats show that a daemon lives, and not that it has heard a welcome")
    func heartbeats() {
        var scene = scene(beat: 250)
        scene.hello(1)
        for _ in 0..<5 {
            #expect(lost(&scene, eighths: 8) == nil)
            scene.say(.heartbeat, from: 1)
        }
        #expect(lost(&scene, eighths: 40) == 25)
    }

    @Test("who shows that it has heard the welcome is lost by the coordinator's heartbeats")
    func heard() {
        let words: [(ControlMessage, UInt64?)] = [
            (.stands(nil), nil), (.clock(sent: 1, nil), nil), (.sent(through: 0), nil),
            (.notice(run: nil, kind: "k", detail: ""), 1),
        ]
        for (word, number) in words {
            var scene = scene(beat: 250)
            scene.hello(1)
            scene.log += scene.board.received(word, sequence: number, from: [1], now: scene.now)
            #expect(lost(&scene, eighths: 40) == 7, "\(word)")
        }
    }

    @Test("a hello that is said again begins anew, and slow heartbeats are slow for everybody")
    func again() {
        var scene = scene(beat: 250)
        scene.hello(1)
        scene.say(.stands(nil), from: 1)
        scene.hello(1)
        #expect(lost(&scene, eighths: 40) == 25)
        var slow = self.scene(beat: 2_000)
        slow.hello(1)
        #expect(lost(&slow, eighths: 80) == 49)
    }
}
