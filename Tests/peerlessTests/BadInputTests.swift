import Foundation
import Testing

/// Every mistake gets a sentence and an exit code, starts nothing and loses nothing.
@Suite("Bad input", .serialized, .timeLimit(.minutes(10)))
struct BadInputTests {
    @Test(
        "a bad experiment file: what, found, allowed, exit code 2, nothing started",
        arguments: [
            ("workerz: 4", ["workerz"]), ("workers: 0", ["workers", "0"]),
            ("workers: many", ["workers", "many"]), ("steps: -1", ["steps", "-1"]),
            ("dataset: imagenet", ["dataset", "imagenet", "digits"]),
            ("model: lenet", ["lenet", "8x8", "16x16"]),
            ("batch: 4000", ["batch", "4000", "1437"]),
            ("target: {accuracy: 1.5}", ["accuracy", "1.5"]),
            ("link: {bandwidth: fast}", ["bandwidth", "fast", "100mbit"]),
            ("topology: ring\\nmethod: {gtopk: {k: 1%}}", ["gtopk", "ring", "tree"]),
            ("method: {topk: {k: 651}}", ["k", "651", "640"]),
            ("method: {sketch: {rows: 0, columns: 64, k: 1%}}", ["rows", "0"]),
            ("method: {sketch: {columns: 64, k: 900}}", ["k", "900", "640"]),
            ("method: {sketch: {columns: 64, k: 120%}}", ["k", "120%"]),
            ("variants: {}", ["variants"]), ("steps: [", []),
        ])
    func file(line: String, words: [String]) throws {
        let program = try Program()
        let text = line.replacingOccurrences(of: "\\n", with: "\n")
        let file = try program.write("bad.yaml", "experiment: bad\n\(text)\n")
        let result = try program.run(["run", file])
        #expect(result.status == 2, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
        #expect(result.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: program.path("peerless.db")))
    }

    @Test(
        "bad usage ends with 2 and says what is allowed",
        arguments: [
            (["frobnicate"], "frobnicate"), (["run"], "file"), (["status"], "tcp://HOST:PORT"),
            (["status", "--coordinator", "here"], "tcp://HOST:PORT"),
            (["compare", "--format", "xml"], "markdown"), (["show", "one"], "one"),
            (["bench", "topk", "--repetitions", "0"], "1 and more"),
        ])
    func usage(arguments: [String], word: String) throws {
        let result = try Program().run(arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains(word), "\(result.errors)")
    }

    @Test("an experiment file that is not there")
    func missingFile() throws {
        let result = try Program().run(["run", "nowhere.yaml"])
        #expect(result.status == 2 && result.errors.contains("nowhere.yaml"))
    }

    @Test("a data set that is not there: which file, where, how to get it, exit code 4")
    func missingData() throws {
        let program = try Program()
        let file = try program.write("c.yaml", "experiment: c\ndataset: cifar10\nmodel: resnet8\n")
        let result = try program.run(["run", file])
        #expect(result.status == 4)
        for word in ["data_batch_1.bin", "PEERLESS_DATA"] { #expect(result.errors.contains(word)) }
        #expect(!FileManager.default.fileExists(atPath: program.path("peerless.db")))
    }

    @Test("a damaged database is named and left as it is", arguments: ["run", "compare"])
    func damagedDatabase(command: String) throws {
        let program = try Program()
        let damaged = String(repeating: "not a database. ", count: 500)
        let database = try program.write("peerless.db", damaged)
        let file = try program.write("all.yaml", Experiments.everything(workers: 1, steps: 1))
        let result = try program.run(command == "run" ? ["run", file] : ["compare"])
        #expect(result.status != 0)
        #expect(result.errors.contains("peerless.db"))
        #expect(try String(contentsOfFile: database, encoding: .utf8) == damaged)
        #expect(waitUntil(5) { program.processes().isEmpty })
    }

    @Test("a coordinator that is not there", arguments: ["status", "worker"])
    func noCoordinator(command: String) throws {
        let program = try Program()
        let nobody = ["--coordinator", "tcp://127.0.0.1:9"]
        let more = command == "worker" ? ["--connect-timeout", "1"] : []
        let result = try program.run([command] + nobody + more)
        #expect(result.status == 1)
        #expect(result.errors.contains("tcp://127.0.0.1:9"))
        #expect(result.errors.contains("peerless coordinator"))
    }
}
