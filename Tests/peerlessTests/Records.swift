import Foundation
import GRDB
import Testing

/// A row of `compare --format json`, as interfaces promise it.
struct Row: Decodable {
    struct Milliseconds: Decodable {
        var total, compute, encode, exchange, wait, decode, update: Double?
    }
    struct Faults: Decodable {
        var recoveries: Int
        var detectSeconds: Double?
        var recoverSeconds: Double?
        var stepsRedone: Int?
        var samplesLost: Int?
        var lossBump: Double?
    }
    var run: Int64
    var variant: String
    var seed: UInt64
    var status: String
    var workers: Int
    var parameters: Int?
    var steps: Int?
    var samplesPerSecond: Double?
    var stepMilliseconds: Milliseconds
    var bytesSentPerWorkerStep: Double?
    var bytesReceivedPerWorkerStep: Double?
    var serverBytesPerStep: Double?
    var compression: Double?
    var finalLoss: Double?
    var finalAccuracy: Double?
    var speedup: Double?
    var checksum: String?
    var faults: Faults?
    var failure: String?
}

/// A row of `export --format csv`: columns by name.
struct StepLine {
    private let values: [String: String]

    static func parse(_ text: String) -> [StepLine] {
        let lines = text.split(whereSeparator: \.isNewline)
        let names = lines.first?.split(separator: ",").map(String.init) ?? []
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            return StepLine(
                values: Dictionary(uniqueKeysWithValues: zip(names, cells.map(String.init))))
        }
    }

    func number(_ name: String) -> Double? { values[name].flatMap(Double.init) }
    func text(_ name: String) -> String? { values[name] }
}

extension Program {
    /// What `compare` knows of the latest experiment.
    func compare(_ more: [String] = []) throws -> [Row] {
        let result = try run(["compare", "--format", "json"] + more)
        return try JSONDecoder().decode([Row].self, from: Data(result.output.utf8))
    }

    /// Every recorded step, of the newest experiment or of some runs.
    func steps(_ runs: [String] = []) throws -> [StepLine] {
        _ = try run(["export", "--format", "csv", "-o", path("steps.csv")] + runs)
        return StepLine.parse(try String(contentsOfFile: path("steps.csv"), encoding: .utf8))
    }

    /// Waits for a row of a run's steps; false after a minute.
    func waitForSteps(of run: Int) -> Bool {
        var reading = Configuration()
        reading.readonly = true
        return waitUntil(60) {
            let queue = try? DatabaseQueue(path: path("peerless.db"), configuration: reading)
            let rows = try? queue?.read {
                try Int.fetchOne($0, sql: "SELECT 1 FROM step WHERE run = \(run) LIMIT 1")
            }
            return rows == 1
        }
    }

    /// Asks or changes a database behind the program's back; what it answers.
    @discardableResult
    func tamper(_ sql: String, in database: String = "peerless.db") throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", path(database), sql]
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: answer, as: UTF8.self)
    }
}
