import Foundation
import Testing

/// Buckets, overlap and 16-bit words among real processes.
@Suite("Overlap", .serialized, .timeLimit(.minutes(10)))
struct OverlapTests {
    private static func experiment(_ topology: String) -> String {
        """
        experiment: overlap
        dataset: digits
        model: mlp
        workers: 3
        batch: 8
        steps: 12
        chunk: 16KiB
        topology: \(topology)
        optimizer: {learningRate: 0.05, momentum: 0.9, weightDecay: 0.0005}
        evaluate: {every: 5}
        checksumEvery: 3
        variants:
          - {name: whole}
          - {name: buckets, buckets: 128KiB}
          - {name: overlap, method: {dense: {buckets: 128KiB, overlap: true}}}
          - {name: half, dtype: float16}
          - {name: half-overlap, dtype: float16, buckets: 128KiB, overlap: true}
          - {name: brain-overlap, dtype: bfloat16, overlap: true}
          - {name: sketch, method: {sketch: {columns: 4096, k: 1%}}, buckets: 128KiB}
          - {name: sketch-overlap, method: {sketch: {columns: 4096, k: 1%}}, buckets: 128KiB, overlap: true}

        """
    }

    @Test(
        "buckets and overlap give the bits of the plain exchange, and the phases say what was hidden",
        arguments: ["ring", "server", "tree", "halvingDoubling"])
    func sameBits(topology: String) throws {
        let program = try Program()
        let file = try program.write("o.yaml", Self.experiment(topology))
        let result = try program.run(["run", file], withinSeconds: 60)
        #expect(result.status == 0, "\(result.errors)")
        #expect(program.processes().isEmpty)
        let steps = try program.steps().filter { $0.text("role") == "worker" }
        func losses(_ variant: String) -> [Double?] {
            steps.filter { $0.text("variant") == variant }.map { $0.number("loss") }
        }
        func hidden(_ variant: String) -> Double {
            steps.filter { $0.text("variant") == variant }
                .reduce(0) { $0 + ($1.number("hidden_nanoseconds") ?? .nan) }
        }
        #expect(losses("whole").count == 36)
        #expect(losses("buckets") == losses("whole") && losses("overlap") == losses("whole"))
        #expect(losses("half-overlap") == losses("half") && losses("half") != losses("whole"))
        #expect(losses("sketch-overlap") == losses("sketch") && hidden("sketch-overlap") > 0)
        #expect(hidden("whole") == 0 && hidden("buckets") == 0 && hidden("overlap") > 0)
        for step in steps {
            let phases = ["compute", "encode", "exchange", "wait", "decode", "update"]
            let parts = phases.reduce(0) { $0 + (step.number("\($1)_nanoseconds") ?? .nan) }
            let total = step.number("total_nanoseconds") ?? .nan
            #expect(abs(parts - total) <= 0.02 * total)
        }
        let rows = try program.compare()
        let checksums = rows.filter { ["whole", "buckets", "overlap"].contains($0.variant) }
            .map(\.checksum)
        #expect(Set(checksums).count == 1 && checksums.count == 3)
    }

    @Test(
        "a run that diverges with sums on the way ends by name", arguments: ["overlap", "sketch"])
    func diverges(variant: String) throws {
        let program = try Program()
        let text = Self.experiment("ring").replacing(
            "learningRate: 0.05", with: "learningRate: 1e30")
        let file = try program.write("d.yaml", text)
        let result = try program.run(
            ["run", file, "--only", variant, "--set", "overlap=true"], withinSeconds: 60)
        #expect(result.status == 1)
        #expect(waitUntil(5) { program.processes().isEmpty })
        let failure = try #require(try program.compare().first?.failure)
        #expect(failure.contains("is not finite at step"), "\(failure)")
    }

    @Test("a killed worker ends an overlapped run by name, and leaves no thread waiting")
    func killed() throws {
        let program = try Program()
        let text = Self.experiment("ring").replacing("steps: 12", with: "steps: 100000000")
        let file = try program.write("k.yaml", text)
        let running = try program.start(["run", file, "--only", "overlap"])
        #expect(waitUntil(30) { ((try? program.steps().count) ?? 0) > 0 })
        let workers = program.processes(naming: "worker-1")
        #expect(workers.count == 1)
        for pid in workers { kill(pid, SIGKILL) }
        let result = try running.finish(withinSeconds: 30)
        #expect(result.status == 1)
        #expect(waitUntil(5) { program.processes().isEmpty })
        #expect(try program.compare().first?.failure?.contains("worker-1") == true)
    }
}
