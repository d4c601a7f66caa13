import Cluster
import ZeroMQ

/// Who a stranger says to be: keys, and libzmq's questions about them.
extension FuzzTarget {
    /// The keys of libzmq's manual: no secret to anybody.
    private static let publicText = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    private static let secretText = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
    private static let domain = "peerless"

    /// Key files: none is taken under a name that is no file's, and no error shows a secret.
    static let key = FuzzTarget(
        "key", share: 20_000,
        .text([
            "\n", "#", ": ", "name: ", "role: ", "public: ", "secret: ", "worker", "server",
            publicText, secretText, "../a", "\0", "é",
        ])
    ) {
        let open = "# a key\nname: worker-1\nrole: worker\npublic: \(publicText)\n"
        return [Array(open.utf8), Array("\(open)secret: \(secretText)\n".utf8)]
    } open: {
        { bytes in
            do throws(SecurityError) {
                let file = try KeyFile(parsing: bytes, file: "fuzz")
                return !file.name.isEmpty && file.name.utf8.count <= 64
            } catch {
                guard !error.description.contains(secretText) else {
                    throw Broken("an error that shows a secret")
                }
                return false
            }
        }
    }

    /// ZAP requests: frames, each behind its length in a byte; only the right key is let in.
    static let zap = FuzzTarget(
        "zap", share: 100_000, .binary([0, 2, 3, 7, 9, 18, 28, 30, 36].map { .init($0, 1) })
    ) {
        let frames =
            [[9], [], Array("1.0".utf8), [1], Array(domain.utf8), Array("127.0.0.1".utf8)]
            + [[], Array("CURVE".utf8)]
        return [
            frames + [shared], frames + [[UInt8](repeating: 7, count: 32)], Array(frames[..<4]),
        ]
        .map { $0.flatMap { [UInt8($0.count)] + $0 } }
    } open: {
        var allowed = AllowList()
        guard let known = CurvePublicKey(bytes: shared) else { throw Broken("a key") }
        allowed[known] = AllowList.Entry(name: "fuzz", domains: [domain])
        return { bytes in
            let parts = frames(of: bytes)
            guard case .request(let request) = ZAPRequest.parse(parts) else { return false }
            let (answer, refusal) = request.judge(by: allowed)
            guard answer.count == 8, answer[..<2] == parts[..<2] else { throw Broken("an answer") }
            guard refusal == nil else { return false }
            guard parts[4] == Array(domain.utf8), Array(parts[8...]) == [shared] else {
                throw Broken("a stranger was let in")
            }
            return true
        }
    }

    private static let shared = (0..<32).map { UInt8($0) }

    private static func frames(of bytes: [UInt8]) -> [[UInt8]] {
        var left = bytes[...]
        var frames: [[UInt8]] = []
        while let length = left.popFirst() {
            frames.append(Array(left.prefix(Int(length))))
            left = left.dropFirst(Int(length))
        }
        return frames
    }

    /// Where somebody listens: what is taken says itself again.
    static let endpoint = FuzzTarget(
        "endpoint", share: 100_000,
        .text(["tcp://", "ipc://", "/", ":", "*", "[", "]", " ", "@"] + TextMutator.numbers)
    ) {
        ["tcp://127.0.0.1:5555", "tcp://head.example:1"].map { Array($0.utf8) }
    } open: {
        { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let endpoint = try? TCPEndpoint(parsing: text) else { return false }
            guard endpoint.port > 0, try TCPEndpoint(parsing: endpoint.text) == endpoint else {
                throw Broken("an endpoint that cannot be said again")
            }
            return true
        }
    }

    /// What a scheduler left in the environment, a variable a line.
    static let scheduler = FuzzTarget(
        "scheduler", share: 20_000,
        .text(
            schedulerNames
                + ["=", "\n", "[", "]", ",", "-", "[0-65535]", "[0-9,11]", "10.0.0.1"]
                + TextMutator.numbers)
    ) {
        [
            "SLURM_JOB_ID=7\nSLURM_PROCID=3\nSLURM_NTASKS=4\nSLURM_JOB_NODELIST=n[01-03,7],gpu1",
            "SLURM_JOB_ID=7\nPMIX_RANK=0\nSLURM_LAUNCH_NODE_IPADDR=10.0.0.1",
            "OMPI_COMM_WORLD_RANK=1\nOMPI_COMM_WORLD_SIZE=2\nJOB_COMPLETION_INDEX=5",
        ].map { Array($0.utf8) }
    } open: {
        { bytes in
            var environment: [String: String] = [:]
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
            }
            let hints = SchedulerHints(environment: environment)
            let words = hints.troubles + [hints.summary ?? "", hints.name(role: "worker") ?? ""]
            guard (hints.rank ?? 0) >= 0, words.allSatisfy({ $0.utf8.count < 4_096 }) else {
                throw Broken("\(hints.rank ?? 0), \(words.map(\.utf8.count))")
            }
            return hints.troubles.isEmpty && hints.scheduler != nil
        }
    }

    private static let schedulerNames = [
        "SLURM_JOB_ID", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_STEP_NUM_TASKS",
        "SLURM_JOB_NODELIST", "SLURM_NODELIST", "SLURM_LAUNCH_NODE_IPADDR", "PMIX_RANK",
        "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "JOB_COMPLETION_INDEX",
    ]
}
