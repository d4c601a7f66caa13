import Foundation
import Testing

/// However `peerless run` ends, nothing is left behind and what was recorded can be read.
@Suite("How runs end", .serialized, .timeLimit(.minutes(10)))
struct EndingTests {
    private func startEndless(_ program: Program) throws -> Program.Running {
        let file = try program.write("endless.yaml", Experiments.endless)
        let running = try program.start(["run", file])
        // Coordinator, two workers, a server and the command itself, and steps being recorded.
        #expect(
            waitUntil(30) { program.processes().count == 5 && recorded(program) > 0 })
        return running
    }

    private func recorded(_ program: Program) -> Int {
        (try? program.steps().count) ?? 0
    }

    @Test(
        "Ctrl-C, SIGTERM and a closed terminal cancel what runs",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func signals(signal: Int32) throws {
        let program = try Program()
        let running = try startEndless(program)
        kill(running.process.processIdentifier, signal)
        let result = try running.finish(withinSeconds: 20)
        #expect(result.status == 1)
        #expect(waitUntil(5) { program.processes().isEmpty })
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["cancelled", "cancelled"])
        #expect(recorded(program) > 0)
    }

    @Test("a terminal that goes away does not trap the command: its runs complete")
    func lostTerminal() throws {
        var (master, slave): (Int32, Int32) = (-1, -1)
        #expect(openpty(&master, &slave, nil, nil, nil) == 0)
        let program = try Program()
        let file = try program.write("all.yaml", Experiments.everything(workers: 2, steps: 400))
        let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        let running = try program.start(["run", file], terminal: terminal)
        close(slave)
        #expect(waitUntil(30) { recorded(program) > 0 })
        close(master)
        #expect(try running.finish(withinSeconds: 60).status == 0)
        #expect(try program.compare().allSatisfy { $0.status == "completed" })
    }

    @Test(
        "a database that may not grow ends the command, and its runs fail by name")
    func fullDisk() throws {
        let program = try Program()
        // A softmax, whose shared memory is smaller than what the database may have.
        let text = Experiments.endless.replacing("model: mlp", with: "model: softmax")
        let file = try program.write("endless.yaml", text)
        let running = try program.start(["run", file], fileBlocks: 4_096)
        let result = try running.finish(withinSeconds: 60)
        #expect(result.status == 1)
        #expect(waitUntil(5) { program.processes().isEmpty })
        #expect(result.errors.contains("peerless.db: the disk"), "\(result.errors)")
        #expect(!result.errors.contains("coordinator (pid"), "\(result.errors)")
        #expect(result.errors.components(separatedBy: "failed: cannot record: the disk").count == 3)
        // Whether the file has room for the failures, too, is chance.
        for row in try program.compare() where row.status == "failed" {
            #expect(row.failure?.hasPrefix("cannot record: the disk") == true)
        }
        #expect(recorded(program) > 0)
    }

    @Test("kill -9 of the command ends its children, and the next one can use the database")
    func killed() throws {
        let program = try Program()
        let running = try startEndless(program)
        kill(running.process.processIdentifier, SIGKILL)
        #expect(waitUntil(10) { program.processes().isEmpty })
        #expect(recorded(program) > 0)
        let file = try program.write("all.yaml", Experiments.everything(workers: 2, steps: 2))
        #expect(try program.run(["run", file]).status == 0)
    }

    @Test("kill -9 of a worker fails its run by name; another takes its place for the next run")
    func worker() throws {
        let program = try Program()
        let running = try startEndless(program)
        let workers = program.processes(naming: "worker-1")
        #expect(workers.count == 1)
        for pid in workers { kill(pid, SIGKILL) }
        #expect(waitUntil(30) { running.errorText.contains("two seed 1  step") })
        kill(running.process.processIdentifier, SIGINT)
        let result = try running.finish(withinSeconds: 20)
        #expect(result.status == 1)
        #expect(result.errors.contains("started again"))
        #expect(waitUntil(5) { program.processes().isEmpty })
        let rows = try program.compare()
        #expect(rows.map(\.status) == ["failed", "cancelled"])
        #expect(rows.first?.failure?.contains("worker-1") == true)
    }

    @Test("kill -9 of the coordinator: the next one takes the run over, and it goes on")
    func coordinator() throws {
        let program = try Program()
        let running = try startEndless(program)
        let before = recorded(program)
        let first = program.processes(naming: "--bind")
        for pid in first { kill(pid, SIGKILL) }
        #expect(waitUntil(20) { recorded(program) > before + 100 })
        #expect(program.processes(naming: "--bind") != first)
        kill(running.process.processIdentifier, SIGINT)
        let result = try running.finish(withinSeconds: 20)
        #expect(result.status == 1 && result.errors.contains("coordinator"))
        #expect(try program.compare().map(\.status) == ["cancelled", "cancelled"])
        #expect(waitUntil(5) { program.processes().isEmpty })
    }
}
