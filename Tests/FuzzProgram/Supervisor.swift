import Foundation
import Fuzzing

/// Runs a target's inputs in worker processes and notes which inputs end them.
final class Supervisor {
    /// An input that a parser did not survive.
    struct Finding {
        let index: Int
        let what: String
    }

    private(set) var findings: [Finding] = []
    private let command: FuzzCommand
    private let target: FuzzTarget

    init(command: FuzzCommand, target: FuzzTarget) {
        self.command = command
        self.target = target
    }

    /// Tries the inputs; after a finding goes on behind it.
    func run(_ indices: Range<Int>) throws -> FuzzRun.Report {
        var total = FuzzRun.Report()
        var next = indices.lowerBound
        while next < indices.upperBound, findings.count < command.findings {
            let mark = try ProgressMark()
            mark.index = next
            let (report, what) = try work(next..<indices.upperBound, mark)
            if let report {
                total.add(report)
                break
            }
            total.inputs += mark.index + 1 - next
            next = mark.index + 1
            try keep(Finding(index: mark.index, what: what))
        }
        return total
    }

    /// One worker's life: its report, or how it ended.
    private func work(
        _ indices: Range<Int>, _ mark: ProgressMark
    ) throws -> (FuzzRun.Report?, String) {
        let worker = Process()
        let output = Pipe()
        worker.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        worker.arguments = [
            "--target", target.name, "--seed", "\(command.seed)", "--from",
            "\(indices.lowerBound)", "--count", "\(indices.count)", "--seconds",
            "\(command.seconds)", "--progress", mark.text,
        ]
        worker.standardOutput = output
        try worker.run()
        let ended = watch(worker, mark)
        worker.waitUntilExit()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        if let ended { return (nil, ended) }
        if worker.terminationReason == .exit, worker.terminationStatus == 0 {
            return (try JSONDecoder().decode(FuzzRun.Report.self, from: text), "")
        }
        let how = worker.terminationReason == .uncaughtSignal ? "signal" : "exit code"
        return (nil, "\(how) \(worker.terminationStatus)")
    }

    /// Waits for the worker's end; ends it when an input takes too long or too much memory.
    private func watch(_ worker: Process, _ mark: ProgressMark) -> String? {
        var last = (index: -1, since: Date())
        var first: Int?
        while worker.isRunning {
            Thread.sleep(forTimeInterval: 0.02)
            if mark.index != last.index { last = (mark.index, Date()) }
            let memory = ProcessMemory.resident(of: worker.processIdentifier)
            first = first ?? (mark.index > 0 ? memory : nil)
            var trouble: String?
            if Date().timeIntervalSince(last.since) > command.deadline {
                trouble = "no end within \(command.deadline) s"
            } else if let first, memory - first > command.memory << 20 {
                trouble = "memory grew by \((memory - first) >> 20) MiB"
            }
            guard let trouble else { continue }
            kill(worker.processIdentifier, SIGKILL)
            return trouble
        }
        return nil
    }

    private func keep(_ finding: Finding) throws {
        findings.append(finding)
        let name = "fuzz-\(target.name)-\(command.seed)-\(finding.index).bin"
        let input = try FuzzRun(target, seed: command.seed).input(at: finding.index)
        try Data(input).write(to: URL(fileURLWithPath: "\(command.keep)/\(name)"))
        print(
            """
            \(target.name): \(finding.what) at input \(finding.index), kept as \(name); again:
                swift run -c release peerless-fuzz --target \(target.name) --seed \
            \(command.seed) --from \(finding.index) --count 1
            """)
    }
}

extension FuzzRun.Report {
    fileprivate mutating func add(_ other: FuzzRun.Report) {
        inputs += other.inputs
        accepted += other.accepted
        seconds += other.seconds
        longestMicroseconds = max(longestMicroseconds, other.longestMicroseconds)
        longestIndex = other.longestIndex
        grownBytes = max(grownBytes, other.grownBytes)
    }
}
