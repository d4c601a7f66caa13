import Foundation
import Testing

/// Every benchmark at a tiny size, so that none rots: the names that are promised, figures above 0.
@Suite("peerless bench", .serialized, .timeLimit(.minutes(10)))
struct BenchTests {
    @Test(
        "a benchmark prints its promised figures as JSON",
        arguments: [
            (
                [
                    "sketch", "--coordinates", "5000", "--rows", "3", "--columns", "64",
                    "--threads", "1", "2",
                ], 2,
                [
                    "coordinates", "rows", "columns", "threads", "encodeMilliseconds",
                    "estimateMilliseconds", "memcpyMilliseconds", "textbookEncodeMilliseconds",
                    "textbookEstimateMilliseconds",
                ]
            ),
            (
                ["topk", "--coordinates", "5000", "--threads", "1"], 2,
                ["coordinates", "k", "threads", "selectMilliseconds", "memcpyMilliseconds"]
            ),
            (
                [
                    "compute", "--batch", "2", "--models", "mlp", "--models", "resnet8",
                    "--engine", "blas", "--threads", "2",
                ], 2,
                ["batch", "threads", "parameters", "stepMilliseconds", "peakMemoryBytes"]
            ),
            (
                ["collective", "--workers", "3", "--bytes", "4,5000,300000"], 40,
                [
                    "workers", "bytes", "microseconds", "algorithmBandwidthGBs",
                    "busBandwidthGBs",
                ]
            ),
            (["store", "--rows", "3000"], 8, ["rows", "runs", "milliseconds"]),
        ])
    func json(arguments: [String], rows: Int, figures: [String]) throws {
        let program = try Program()
        let result = try program.run(["bench"] + arguments + ["--repetitions", "2", "--json"])
        #expect(result.status == 0, "\(result.errors)")
        let found = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        #expect(found.count == rows)
        for row in found {
            for figure in figures {
                #expect((row[figure] as? NSNumber)?.doubleValue ?? 0 > 0, "\(figure)")
            }
        }
        #expect(program.processes().isEmpty)
    }

    @Test("kill -9 of the collective benchmark ends its ranks and leaves no shared memory")
    func killed() throws {
        func shared() throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: "/dev/shm"))
        }
        let before = try shared()
        let program = try Program()
        let running = try program.start([
            "bench", "collective", "--workers", "3", "--topology", "ring", "--transport", "shm",
            "--bytes", "67108864", "--repetitions", "1000",
        ])
        #expect(waitUntil(20) { program.processes(naming: "collective-member").count == 3 })
        kill(running.process.processIdentifier, SIGKILL)
        #expect(waitUntil(20) { program.processes().isEmpty })
        #expect(try shared().subtracting(before).isEmpty)
    }
}
