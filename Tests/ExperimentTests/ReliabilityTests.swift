import Experiment
import Foundation
import Testing

@Suite struct ReliabilityTests {
    private func variants(_ text: String) throws -> [Variant] {
        try ExperimentLoader.parse(text: "experiment: e\n" + text, source: "x.yaml").variants
    }

    private func variant(_ text: String) throws -> Variant {
        try #require(try variants(text).first)
    }

    @Test("without the keys nothing is said: equal text as before, and older text decodes")
    func defaults() throws {
        let plain = try variant("steps: 9")
        #expect(plain.reliability == nil && !plain.canonicalJSON.contains("reliability"))
        #expect(plain.lossPolicy == .abort && plain.serverLossPolicy == .abort)
        #expect(plain.rejoinSeconds == 60 && plain.checkpointEvery == nil && plain.faults.isEmpty)
        let spelt = try variant(
            "steps: 9\nonLoss: abort\nonServerLoss: abort\nrejoin: 60s\ncheckpoint: none\nfaults: []"
        )
        #expect(spelt == plain)
        let old = try JSONDecoder().decode(Variant.self, from: Data(plain.canonicalJSON.utf8))
        #expect(old == plain)
    }

    @Test("a lost server is replaced where a lost worker does not end the run, unless it is said")
    func serverLoss() throws {
        #expect(try variant("onLoss: regroup").serverLossPolicy == .restart)
        #expect(try variant("onLoss: wait").serverLossPolicy == .restart)
        #expect(try variant("onLoss: wait\nonServerLoss: abort").serverLossPolicy == .abort)
        #expect(try variant("onServerLoss: restart").lossPolicy == .abort)
    }

    @Test("every fault of the documentation is read, told in words, and survives JSON")
    func faults() throws {
        let text = """
            steps: 600
            topology: server
            onLoss: regroup
            rejoin: 90s
            checkpoint: {every: 50, keep: 3}
            faults:
              - {at: step 100, kill: coordinator}
              - {at: step 200, kill: worker 2}
              - {at: step 300, pause: worker 1, for: 5s}
              - {at: step 400, restart: worker 2}
              - {at: step 500, kill: server}
              - {slow: worker 3, factor: 2.5}
            """
        let variant = try variant(text)
        #expect(
            variant.faults == [
                Fault(step: 100, action: .kill, target: .coordinator),
                Fault(step: 200, action: .kill, target: .worker(2)),
                Fault(step: 300, action: .pause(seconds: 5), target: .worker(1)),
                Fault(step: 400, action: .restart, target: .worker(2)),
                Fault(step: 500, action: .kill, target: .server),
                Fault(step: nil, action: .slow(factor: 2.5), target: .worker(3)),
            ])
        #expect(
            variant.faults.map(\.summary) == [
                "kill coordinator at step 100", "kill worker 2 at step 200",
                "pause worker 1 for 5s at step 300", "restart worker 2 at step 400",
                "kill server at step 500", "slow worker 3 by a factor of 2.5 from the first step",
            ])
        #expect(
            variant.reliability?.summary
                == "onLoss regroup, onServerLoss restart, rejoin 90s, checkpoint every 50 keep 3, "
                + "6 faults")
        let data = Data(variant.canonicalJSON.utf8)
        #expect(try JSONDecoder().decode(Variant.self, from: data) == variant)
    }

    @Test("a variant overrides each key, and takes away checkpoints and faults")
    func overridden() throws {
        let text = """
            onLoss: regroup
            checkpoint: {every: 50}
            faults: [{at: step 5, kill: worker 1}]
            variants:
              - {name: a}
              - {name: b, onLoss: wait, checkpoint: {keep: 7}}
              - {name: c, checkpoint: none, faults: []}
            """
        let variants = try variants(text)
        #expect(variants.map(\.lossPolicy) == [.regroup, .wait, .regroup])
        #expect(variants.map(\.checkpointEvery) == [50, 50, nil])
        #expect(variants.map(\.checkpointKeep) == [2, 7, 2])
        #expect(variants.map(\.faults.count) == [1, 1, 0])
    }

    @Test("a worker may be restarted at the step it is killed at, as who waits for it needs")
    func restartAtOnce() throws {
        let faults = "faults: [{at: step 5, kill: worker 1}, {at: step 5, restart: worker 1}]"
        #expect(try variant(faults).faults.count == 2)
    }

    @Test(
        "a process may be struck again once it is back",
        arguments: [
            "onLoss: regroup\nfaults: [{at: step 3, kill: worker 1}, {at: step 9, restart: worker 1}, "
                + "{at: step 30, kill: worker 1}]",
            "onLoss: wait\nfaults: [{at: step 3, kill: worker 1}, {at: step 9, kill: worker 1}, "
                + "{at: step 9, restart: worker 1}, {at: step 12, pause: worker 1, for: 1s}]",
            "topology: server\nonServerLoss: restart\n"
                + "faults: [{at: step 3, kill: server}, {at: step 9, kill: server}]",
            "faults: [{at: step 3, kill: coordinator}, {at: step 3, kill: coordinator}, "
                + "{at: step 3, restart: coordinator}]",
            "faults: [{slow: worker 1, factor: 2}, {at: step 3, kill: worker 1}]",
        ])
    func again(text: String) throws {
        #expect(try !variant(text).faults.isEmpty)
    }

    @Test("who is killed is replaced at once where the run waits, unless its restart is given")
    func replaced() throws {
        let again = try variant(
            "onLoss: wait\nfaults: [{at: step 3, kill: worker 1}, {at: step 9, kill: worker 1}, "
                + "{at: step 9, restart: worker 1}, {at: step 20, kill: worker 1}]")
        let kills = again.faults.filter { $0.action == .kill }
        #expect(kills.map(again.isReplacedAtOnce) == [true, false, true])
        let gone = try variant("onLoss: regroup\nfaults: [{at: step 3, kill: worker 1}]")
        #expect(!gone.isReplacedAtOnce(after: gone.faults[0]))
    }

    @Test(
        "a fault that makes no sense is told with line and key",
        arguments: [
            ("onLoss: retry", "onLoss: found \"retry\"", "abort, regroup, wait"),
            ("onServerLoss: wait", "onServerLoss: found \"wait\"", "abort, restart"),
            ("rejoin: 2h", "rejoin: found \"2h\"", "from 1s to 1h"),
            ("checkpoint: {keep: 2}", "checkpoint.every: found nothing", "from 1 up"),
            ("checkpoint: {every: 0}", "checkpoint.every: found \"0\"", "from 1 up"),
            ("checkpoint: {every: 9, keep: 0}", "checkpoint.keep: found \"0\"", "from 1 to 1000"),
            ("faults: 3", "faults: found \"3\"", "a list of faults"),
            ("faults: [{at: step 3}]", "faults[0]: found no action", "exactly one of kill"),
            (
                "faults: [{at: step 3, kill: worker 1, restart: worker 1}]",
                "faults[0]: found kill and restart", "exactly one"
            ),
            ("faults: [{kil: worker 1}]", "faults[0].kil: found an unknown key", "mean kill?"),
            ("faults: [{kill: worker 1}]", "faults[0].at: found nothing", "step 0 to step 299"),
            ("faults: [{at: 3, kill: worker 1}]", "faults[0].at: found \"3\"", "step 0 to"),
            (
                "faults: [{at: step 300, kill: worker 1}]", "at: found \"step 300\"",
                "step 0 to step 299"
            ),
            (
                "epochs: 2\nfaults: [{at: step -1, kill: worker 1}]", "at: found \"step -1\"",
                "as in step 200"
            ),
            (
                "faults: [{at: step 3, kill: worker 4}]", "faults[0].kill: found \"worker 4\"",
                "worker 0 to worker 3"
            ),
            (
                "faults: [{at: step 3, kill: server}]", "faults[0].kill: found \"server\"",
                "on topology ring"
            ),
            (
                "faults: [{at: step 3, pause: coordinator, for: 1s}]",
                "faults[0].pause: found \"coordinator\"", "killed and restarted"
            ),
            ("faults: [{at: step 3, pause: worker 1}]", "faults[0].for: found nothing", "5s"),
            (
                "faults: [{at: step 3, kill: worker 1, for: 1s}]", "faults[0].for: found \"1s\"",
                "no such key with kill"
            ),
            ("faults: [{slow: worker 1}]", "faults[0].factor: found nothing", "above 1"),
            (
                "faults: [{slow: worker 1, factor: 1}]", "faults[0].factor: found \"1\"",
                "above 1"
            ),
            (
                "faults: [{at: step 3, kill: worker 1, factor: 2}]",
                "faults[0].factor: found \"2\"", "no such key with kill"
            ),
            (
                "faults: [{at: step 3, kill: worker 1}, {at: step 2, restart: worker 1}]",
                "faults[1].restart: found \"worker 1\"", "who was killed"
            ),
            (
                "faults: [{at: step 3, kill: worker 1}, {at: step 4, restart: worker 2}]",
                "faults[1].restart: found \"worker 2\"", "who was killed"
            ),
            (
                "onLoss: wait\n"
                    + "faults: [{at: step 3, kill: worker 1}, {at: step 9, restart: worker 1}]",
                "faults[1].at: found \"step 9\"", "step 3, that of the kill: with onLoss: wait"
            ),
            (
                "topology: server\nonServerLoss: restart\n"
                    + "faults: [{at: step 3, kill: server}, {at: step 9, restart: server}]",
                "faults[1].at: found \"step 9\"", "step 3, that of the kill: nobody takes"
            ),
            (
                "faults: [{at: step 3, kill: coordinator}, {at: step 9, restart: coordinator}]",
                "faults[1].at: found \"step 9\"", "step 3, that of the kill: nobody hears"
            ),
            (
                "onLoss: regroup\n"
                    + "faults: [{at: step 3, kill: worker 1}, {at: step 9, kill: worker 1}]",
                "faults[1].kill: found \"worker 1\"", "killed at step 3 and not restarted before"
            ),
            (
                "onLoss: regroup\n"
                    + "faults: [{at: step 9, pause: worker 1, for: 1s}, {at: step 3, kill: worker 1}]",
                "faults[0].pause: found \"worker 1\"", "who lives: worker 1 is killed at step 3"
            ),
            (
                "onLoss: wait\n"
                    + "faults: [{at: step 3, kill: worker 1}, {at: step 3, slow: worker 1, factor: 2}]",
                "faults[1].slow: found \"worker 1\"", "not restarted before"
            ),
        ])
    func refused(text: String, found: String, allowed: String) {
        do {
            _ = try variants(text)
            Issue.record("no error: \(text)")
        } catch {
            let words = "\(error)"
            #expect(words.hasPrefix("x.yaml:"), "\(words)")
            #expect(words.contains(found) && words.contains(allowed), "\(words)")
        }
    }

    @Test("of several factors for one process the newest holds, whatever their order in the file")
    func slowness() {
        func slow(_ factor: Double, at step: Int?) -> Fault {
            Fault(step: step, action: .slow(factor: factor), target: .worker(1))
        }
        let kill = Fault(step: 9, action: .kill, target: .worker(1))
        let faults = [slow(3, at: 5), slow(2, at: nil), kill, slow(4, at: 8), slow(1.5, at: 8)]
        let factors = [0, 4, 5, 7, 8, 20].map { Fault.slowness(of: faults, atStep: $0) }
        #expect(factors == [2, 2, 3, 3, 1.5, 1.5])
        #expect(Fault.slowness(of: [kill], atStep: 10) == 1)
    }
}
