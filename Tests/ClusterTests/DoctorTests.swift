import Cluster
import Testing
import Wire

@Suite("Doctor")
struct DoctorTests {
    private static func limits(_ files: [String: String]) -> CPULimits? {
        let usual = [
            "/sys/devices/system/cpu/online": "0-7\n",
            "/proc/self/status": "Name:\tpeerless\nCpus_allowed_list:\t0-3,6\n",
        ]
        let all = usual.merging(files) { $1 }
        return CPULimits { all[$0] }
    }

    @Test(
        "lists of cores are counted",
        arguments: [
            ("0", 1), ("0-3", 4), ("0-3,8,10-11\n", 7), ("", nil), ("x", nil), ("3-1", nil),
        ] as [(String, Int?)])
    func lists(text: String, count: Int?) {
        #expect(CPULimits.count(text) == count)
    }

    @Test("affinity is told; without a control group there is no quota")
    func affinity() {
        let limits = Self.limits([:])
        #expect(limits == CPULimits(online: 8, allowed: 5))
        #expect(limits?.finding.verdict == .ok)
        #expect(limits?.finding.words == "5 of 8 cores (affinity), no quota")
    }

    @Test("the least quota of a group and those above it counts, in both kinds of control groups")
    func quotas() {
        let unified = [
            "/proc/self/cgroup": "0::/system.slice/worker.service\n",
            "/sys/fs/cgroup/system.slice/worker.service/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/system.slice/cpu.max": "150000 100000\n",
        ]
        #expect(Self.limits(unified)?.quotaCores == 1.5)
        let divided = [
            "/proc/self/cgroup": "5:cpuset:/x\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/\n0::/\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ]
        #expect(Self.limits(divided)?.quotaCores == 0.5)
        let free = [
            "/proc/self/cgroup": "4:cpu:/\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ]
        #expect(Self.limits(free)?.quotaCores == nil)
    }

    @Test("a quota below the cores is a warning with its remedy")
    func quotaFinding() {
        let finding = CPULimits(online: 8, allowed: 8, quotaCores: 1.5).finding
        #expect(finding.verdict == .warning && finding.words.contains("1.50 cores"))
        #expect(finding.remedy != nil)
        #expect(CPULimits(online: 8, allowed: 2, quotaCores: 2).finding.verdict == .ok)
    }

    @Test(
        "open files: few are trouble, some a warning, many or unlimited well",
        arguments: [
            ("64", .trouble), ("256", .warning), ("1024", .ok), ("unlimited", .ok),
        ] as [(String, DoctorFinding.Verdict)])
    func openFiles(soft: String, verdict: DoctorFinding.Verdict) {
        let text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             95694                95694                processes
            Max open files            \(soft)                 524288               files
            """
        #expect(DoctorMachine.openFiles(limits: text).verdict == verdict)
        #expect(DoctorMachine.openFiles(limits: "").verdict == .warning)
    }

    @Test("the disk: none is trouble, little or no right to write a warning")
    func disk() {
        func verdict(_ bytes: UInt64, _ isWritable: Bool = true) -> DoctorFinding.Verdict {
            DoctorMachine.disk(folder: "/data", freeBytes: bytes, isWritable: isWritable).verdict
        }
        #expect(verdict(1 << 20) == .trouble && verdict(100 << 20) == .warning)
        #expect(verdict(10 << 30) == .ok && verdict(10 << 30, false) == .warning)
    }

    @Test("clocks: a second apart, beyond the uncertainty, is a warning")
    func clock() {
        #expect(DoctorNetwork.clock(aheadSeconds: -0.9, withinSeconds: 0.001).verdict == .ok)
        #expect(DoctorNetwork.clock(aheadSeconds: 1.2, withinSeconds: 0.3).verdict == .ok)
        let late = DoctorNetwork.clock(aheadSeconds: 3, withinSeconds: 0.001)
        #expect(late.verdict == .warning && late.words.contains("3000.0 ms ahead of"))
    }

    @Test("a coordinator of another version is trouble with both versions and the remedy")
    func version() {
        let other = Board(runs: [], nodes: [], database: "", now: 0, version: "0.0.1")
        let finding = DoctorNetwork.coordinator(other, roundTripSeconds: 0.001)[0]
        #expect(finding.verdict == .trouble && finding.words.contains("0.0.1"))
        #expect(finding.words.contains(PeerlessVersion.current) && finding.remedy != nil)
        let same = Board(
            runs: [], nodes: [], database: "", now: 0, version: PeerlessVersion.current)
        #expect(DoctorNetwork.coordinator(same, roundTripSeconds: 0.001)[0].verdict == .ok)
    }

    @Test("a port that refuses, is silent or cannot be reached is trouble; a peer may refuse")
    func ports() {
        let coordinator = TCPEndpoint(host: "head", port: 5555)
        for outcome in [PortProbe.Outcome.refused, .silent, .rejected("r"), .failed("f")] {
            let finding = DoctorNetwork.port(coordinator, outcome)
            #expect(finding.verdict == .trouble && finding.remedy != nil)
            let mayBeFirewall = outcome != .failed("f")
            #expect(finding.remedy?.contains("firewall") == mayBeFirewall, "\(finding.line)")
        }
        let good = DoctorNetwork.port(coordinator, .connected(seconds: 0.001, pathBytes: 1450))
        #expect(good.verdict == .ok && good.words.contains("1450"))
        #expect(DoctorNetwork.peer("b", port: 9, mustListen: false, .refused).verdict == .ok)
        #expect(DoctorNetwork.peer("b", port: 9, mustListen: true, .refused).verdict == .trouble)
        for outcome in [PortProbe.Outcome.silent, .rejected("r")] {
            let finding = DoctorNetwork.peer("b", port: 9, mustListen: false, outcome)
            #expect(finding.verdict == .trouble)
            #expect(finding.remedy?.contains("--data-ports") == true, "\(finding.line)")
        }
    }

    @Test("full packets that get lost on the way are trouble, and their size is told")
    func fullPackets() {
        #expect(DoctorNetwork.packets(true, pathBytes: 1500).verdict == .ok)
        let lost = DoctorNetwork.packets(false, pathBytes: 1500)
        #expect(lost.verdict == .trouble && lost.words.contains("1500") && lost.remedy != nil)
        #expect(DoctorNetwork.packets(false, pathBytes: nil).verdict == .trouble)
    }

    @Test("a range of data ports: what is free at home, and a peer that drops what is sent to it")
    func dataPorts() throws {
        let range = try PortRange(parsing: "42000-42003")
        func home(_ taken: UInt16, deaf: UInt16 = 0) -> DoctorFinding {
            DoctorNetwork.dataPorts(range, at: "10.0.0.7") { port in
                if port == deaf { return .notReached("port \(port) does not answer") }
                return port < 42_000 + taken ? .notBound("port \(port) is taken") : .reached
            }
        }
        #expect((0...4).map { home($0).verdict } == [.ok, .ok, .ok, .warning, .trouble])
        #expect(home(1).words.contains("3 of 4") && home(1).words.contains("42000 is taken"))
        #expect(home(0, deaf: 42_003).verdict == .trouble)
        #expect(home(1, deaf: 42_003).words.contains("42003 does not answer"))
        let silent = DoctorNetwork.peer("b", port: 9, mustListen: false, .silent, range: range)
        #expect(silent.verdict == .trouble && silent.remedy?.contains("42000-42003") == true)
    }

    @Test("a small packet and a name without an address are told")
    func names() {
        #expect(DoctorNetwork.packets(card: "eth0", mtuBytes: 1500).verdict == .ok)
        #expect(DoctorNetwork.packets(card: "vxlan0", mtuBytes: 1450).verdict == .warning)
        #expect(DoctorNetwork.name("head", .failed("unknown")).verdict == .trouble)
        let home = NameLookup.found(ipv4: ["127.0.1.1"], ipv6: [])
        #expect(DoctorNetwork.name("head", home).words == "head is 127.0.1.1: this machine")
        let alone = DoctorNetwork.name("head", .found(ipv4: [], ipv6: ["::1"]))
        #expect(alone.verdict == .ok && alone.words.contains("127.0.0.1"))
        #expect(DoctorNetwork.name("10.0.0.5", .found(ipv4: ["10.0.0.5"], ipv6: [])).verdict == .ok)
    }

    @Test("a free port of this machine can be bound and reached; another's cannot be bound")
    func probes() {
        #expect(PortProbe.atHome("127.0.0.1") == .reached)
        func words(_ address: String) -> String? {
            if case .notBound(let words) = PortProbe.atHome(address) { words } else { nil }
        }
        #expect(words("192.0.2.1")?.contains("no port can be bound") == true)
        #expect(words("head")?.contains("no IPv4") == true)
    }

    @Test("libzmq without CURVE is a warning")
    func zeroMQ() {
        #expect(DoctorMachine.zeroMQ(version: "4.3.4", hasCURVE: true).verdict == .ok)
        #expect(DoctorMachine.zeroMQ(version: "4.3.4", hasCURVE: false).verdict == .warning)
    }

    @Test("a line says verdict, topic, what was found and the remedy")
    func lines() {
        let finding = DoctorFinding("clock", .warning, "off", remedy: "set it")
        #expect(finding.line == "warning clock        off; set it")
    }
}
