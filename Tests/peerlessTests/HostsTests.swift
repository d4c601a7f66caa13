import Foundation
import Testing
import ZeroMQ

/// Addresses, schedulers and the doctor as a user sees them.
@Suite("Hosts", .serialized, .timeLimit(.minutes(10)))
struct HostsTests {
    @Test("the doctor finds a coordinator and a closed port of a peer, and a dead coordinator")
    func doctor() throws {
        let program = try Program()
        let (coordinator, endpoint) = try program.startCoordinator()
        let well = try program.run(["doctor", "--coordinator", endpoint, "--peers", "127.0.0.1"])
        #expect(well.status == 0, "\(well.output)\(well.errors)")
        for topic in [
            "name", "own address", "data port", "port", "coordinator", "clock", "packets", "peer",
        ] {
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

    /// Four ports in a row that nobody has, below those of the system's choice.
    private func freePorts() throws -> ClosedRange<UInt16> {
        for _ in 0..<100 {
            let first = UInt16.random(in: 20_000...32_000)
            let context = try Context()
            let areFree = (first...first + 3).allSatisfy { port in
                guard let socket = try? Socket(.pull, in: context) else { return false }
                return (try? socket.bind("tcp://127.0.0.1:\(port)")) != nil
            }
            if areFree { return first...first + 3 }
        }
        throw Program.Trouble(text: "no four ports in a row are free")
    }

    @Test("data sockets keep to --data-ports, over several runs; a range without room is named")
    func dataPorts() throws {
        let program = try Program()
        let ports = try freePorts()
        let (coordinator, endpoint) = try program.startCoordinator()
        let there = ["--coordinator", endpoint]
        let range = "\(ports.lowerBound)-\(ports.upperBound)"
        let ranges = ["--data-ports", range]
        let well = try program.run(["doctor"] + there + ranges + ["--peers", "127.0.0.1"])
        #expect(well.status == 0, "\(well.output)\(well.errors)")
        #expect(well.output.contains("4 of 4 (\(range))"), "\(well.output)")
        #expect(well.output.contains("on all 4 ports \(range)"), "\(well.output)")
        var daemons = try ["a", "b"].map {
            try program.start(["worker", "--name", $0] + there + ranges)
        }
        let file = try program.write(
            "ports.yaml",
            """
            experiment: ports
            dataset: digits
            model: mlp
            workers: 2
            batch: 8
            steps: 500
            transport: tcp
            variants:
              - {name: one, topology: ring, method: dense}
              - {name: two, topology: tree, method: dense}

            """)
        let running = try program.start(["submit", file, "--wait"] + there)
        var seen: Set<UInt16> = []
        #expect(
            waitUntil(60) {
                let open = daemons.flatMap { listeningPorts(of: $0.process.processIdentifier) }
                seen.formUnion(open)
                return !running.process.isRunning
            })
        let done = try running.finish(withinSeconds: 10)
        #expect(done.status == 0, "\(done.errors)")
        #expect(seen.count >= 2 && seen.isSubset(of: Set(ports)), "\(seen)")
        for daemon in daemons { kill(daemon.process.processIdentifier, SIGTERM) }
        for daemon in daemons { #expect(try daemon.finish(withinSeconds: 20).status == 0) }
        let single = "\(ports.lowerBound)"
        daemons = try ["c", "d"].map {
            try program.start(["worker", "--name", $0, "--data-ports", single] + there)
        }
        let full = try program.run(["submit", file, "--only", "one", "--wait"] + there)
        #expect(full.status != 0)
        let text = try program.run(["show", "3"]).output
        #expect(text.contains("--data-ports \(single)-\(single)"), "\(text)")
        for running in daemons + [coordinator] {
            kill(running.process.processIdentifier, SIGTERM)
            #expect(try running.finish(withinSeconds: 20).status == 0)
        }
        let wrong = try program.run(["worker", "--data-ports", "9-8"] + there)
        #expect(wrong.status == 2 && wrong.errors.contains("--data-ports: found 9-8"))
    }
}
