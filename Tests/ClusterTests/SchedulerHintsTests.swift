import Cluster
import Testing

@Suite("Scheduler hints")
struct SchedulerHintsTests {
    @Test("nothing is said outside of a scheduler")
    func nothing() {
        let hints = SchedulerHints(environment: ["HOME": "/root", "PEERLESS_DB": "x.db"])
        #expect(hints.scheduler == nil && hints.rank == nil && hints.coordinator == nil)
        #expect(hints.name(role: "worker") == nil && hints.summary == nil && hints.troubles.isEmpty)
    }

    private static let slurm = [
        "SLURM_JOB_ID": "77", "SLURM_PROCID": "3", "SLURM_NTASKS": "16",
        "SLURM_STEP_NUM_TASKS": "8", "SLURM_JOB_NODELIST": "node[07-09],gpu1",
        "SLURM_LAUNCH_NODE_IPADDR": "10.1.0.1",
    ]

    @Test("Slurm tells the rank in the step, its size, and the job's first node")
    func slurm() {
        let hints = SchedulerHints(environment: Self.slurm)
        #expect(hints.scheduler == .slurm && hints.rank == 3 && hints.worldSize == 8)
        #expect(hints.coordinator?.text == "tcp://node07:5555")
        #expect(hints.coordinatorSource == "SLURM_JOB_NODELIST")
        #expect(hints.name(role: "worker") == "worker-3")
        #expect(hints.summary == "Slurm: rank 3 of 8, coordinator on node07")
    }

    @Test("a rank that is not among so many is named")
    func beyond() {
        var environment = Self.slurm
        environment["SLURM_STEP_NUM_TASKS"] = "3"
        let hints = SchedulerHints(environment: environment)
        #expect(hints.rank == 3 && hints.worldSize == 3)
        #expect(
            hints.troubles == [
                "SLURM_PROCID: found 3; allowed: less than SLURM_STEP_NUM_TASKS, which is 3"
            ])
    }

    @Test("a damaged node list is named, and the launching node's address taken")
    func damagedList() {
        var environment = Self.slurm
        environment["SLURM_JOB_NODELIST"] = "node[07-"
        var hints = SchedulerHints(environment: environment)
        #expect(hints.coordinator?.text == "tcp://10.1.0.1:5555")
        #expect(hints.troubles.count == 1 && hints.troubles[0].contains("SLURM_JOB_NODELIST"))
        environment["SLURM_LAUNCH_NODE_IPADDR"] = "head"
        hints = SchedulerHints(environment: environment)
        #expect(hints.coordinator == nil && hints.troubles.count == 2 && hints.rank == 3)
    }

    @Test("a node list outside of a job says nothing")
    func noJob() {
        #expect(SchedulerHints(environment: ["SLURM_JOB_NODELIST": "node1"]).coordinator == nil)
    }

    @Test("mpirun within a Slurm job knows the rank better, Slurm the coordinator's node")
    func openMPI() {
        let mpi = ["OMPI_COMM_WORLD_RANK": "5", "OMPI_COMM_WORLD_SIZE": "6", "PMIX_RANK": "5"]
        let hints = SchedulerHints(environment: Self.slurm.merging(mpi) { $1 })
        #expect(hints.scheduler == .openMPI && hints.rank == 5 && hints.worldSize == 6)
        #expect(hints.coordinator?.host == "node07")
        let alone = SchedulerHints(environment: mpi)
        #expect(alone.rank == 5 && alone.coordinator == nil)
        #expect(alone.summary == "Open MPI: rank 5 of 6")
    }

    @Test("PMIx tells the rank alone")
    func pmix() {
        let hints = SchedulerHints(environment: ["PMIX_RANK": "0"])
        #expect(hints.scheduler == .pmix && hints.rank == 0 && hints.worldSize == nil)
        #expect(hints.name(role: "server") == "server-0")
    }

    @Test("an indexed job of Kubernetes tells the pod's index")
    func kubernetes() {
        let hints = SchedulerHints(environment: ["JOB_COMPLETION_INDEX": "2"])
        #expect(hints.scheduler == .kubernetes && hints.name(role: "worker") == "worker-2")
    }

    @Test("what is no rank is named and left alone", arguments: ["-1", "x", "1.5", "99999999999"])
    func nonsense(text: String) {
        let hints = SchedulerHints(environment: ["SLURM_PROCID": text, "SLURM_NTASKS": "x"])
        #expect(hints.rank == nil && hints.scheduler == nil)
        #expect(hints.troubles.count == 1 && hints.troubles[0].contains("SLURM_PROCID: found"))
    }
}

@Suite("Slurm's node list")
struct SlurmNodeListTests {
    @Test(
        "ranges keep their leading zeros, and brackets multiply",
        arguments: [
            ("node1", ["node1"]),
            ("a,b.c-d,e_1", ["a", "b.c-d", "e_1"]),
            ("node[01-03,07]", ["node01", "node02", "node03", "node07"]),
            ("node[8-11]", ["node8", "node9", "node10", "node11"]),
            ("n[098-101]x", ["n098x", "n099x", "n100x", "n101x"]),
            ("r[1-2]n[3,5],gpu1", ["r1n3", "r1n5", "r2n3", "r2n5", "gpu1"]),
            ("[1-2]", ["1", "2"]),
        ])
    func expands(text: String, nodes: [String]) throws {
        #expect(try SlurmNodeList(parsing: text).nodes == nodes)
    }

    @Test(
        "anything else is refused in words",
        arguments: [
            "", ",", "a,", "a,,b", "a[", "a]", "a[1", "a[[1]]", "a[]", "a[1,]", "a[2-1]", "a[-1]",
            "a[1-2-3]", "a[x]", "a b", "a[1-99999999]", "a[1-9999999999999999999]", "ä1", "a[１]",
            "a[1-60000]b[1-60000]", "a/b", "$(x)",
            "[0-65535]" + String(repeating: "x", count: 60_000),
        ])
    func refuses(text: String) {
        let error = #expect(throws: ClusterError.self) { try SlurmNodeList(parsing: text) }
        #expect(error?.description.contains("node") == true)
    }

    @Test("no text of brackets and digits traps or grows without bound", arguments: 1...20)
    func noise(seed: UInt64) {
        var state = seed
        let letters = Array("a0123456789[[]],,--.")
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<Int(state % 24) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(letters[Int((state >> 33) % UInt64(letters.count))])
            }
            state &+= 1
            let nodes = (try? SlurmNodeList(parsing: text).nodes) ?? []
            #expect(nodes.count <= 65_536 && nodes.allSatisfy { !$0.isEmpty })
        }
    }
}
