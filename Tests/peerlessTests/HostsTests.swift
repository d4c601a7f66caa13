import Foundation
import Testing

/// Addresses, schedulers and the doctor as a user sees them.
@Suite("Hosts", .serialized, .timeLimit(.minutes(2)))
struct HostsTests {
    @Test("the doctor finds a coordinator and a closed port of a peer, and a dead coordinator")
    func doctor() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let well = try program.run(["doctor", "--coordinator", endpoint, "--peers", "127.0.0.1"])
        #expect(well.status == 0, "\(well.output)\(well.errors)")
        for topic in ["name", "own address", "data port", "port", "coordinator", "clock", "peer"] {
            #expect(well.output.contains("ok      \(topic) "), "\(topic): \(well.output)")
        }
        for topic in ["processors", "open files", "libzmq", "disk", "MTU"] {
            #expect(well.output.contains(" \(topic) "), "\(topic): \(well.output)")
        }
        kill(coordinator.process.processIdentifier, SIGTERM)
        #expect(try coordinator.finish(withinSeconds: 10).status == 0)
        let ill = try program.run(["doctor", "--coordinator", endpoint])
        #expect(ill.status == 4 && ill.output.contains("nothing listens there"))
        let lost = try program.run(["doctor", "--coordinator", "tcp://no-such.invalid:5555"])
        #expect(lost.status == 4 && lost.output.contains("trouble name"))
        #expect(try program.run(["doctor", "--peers", "a"]).status == 2)
    }

    @Test("a name that does not resolve is said at once, and again at the end")
    func unknownName() throws {
        let program = try Program()
        let worker = try program.run([
            "worker", "--coordinator", "tcp://no-such.invalid:5555", "--connect-timeout", "1",
            "--insecure",
        ])
        #expect(worker.status == 1)
        #expect(worker.errors.contains("trying again for 1 s"), "\(worker.errors)")
        #expect(worker.errors.contains("no coordinator at tcp://no-such.invalid:5555"))
        #expect(worker.errors.contains("check the name"), "\(worker.errors)")
    }

    @Test("--host that is not of this machine is refused with the machine's addresses")
    func foreignHost() throws {
        let program = try Program()
        let worker = try program.run([
            "worker", "--coordinator", "tcp://127.0.0.1:5555", "--host", "192.0.2.1",
        ])
        #expect(worker.status == 2)
        #expect(worker.errors.contains("--host: found 192.0.2.1"), "\(worker.errors)")
        #expect(worker.errors.contains("lo 127.0.0.1"))
    }

    @Test("within a Slurm job worker and client find name and coordinator by themselves")
    func slurm() throws {
        let program = try Program()
        program.environment = [
            "SLURM_JOB_ID": "1", "SLURM_PROCID": "3", "SLURM_NTASKS": "4",
            "SLURM_JOB_NODELIST": "no-such[1-2].invalid",
        ]
        let worker = try program.run(["worker", "--connect-timeout", "1", "--insecure"])
        #expect(worker.status == 1)
        #expect(worker.errors.contains("Slurm: rank 3 of 4"), "\(worker.errors)")
        #expect(worker.errors.contains("worker-3"))
        #expect(worker.errors.contains("no coordinator at tcp://no-such1.invalid:5555"))
    }
}
