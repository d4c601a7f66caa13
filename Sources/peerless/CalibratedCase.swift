import ArgumentParser
import Cluster
import Experiment
import Foundation
import RunStore
import Wire

/// A case whose noise is to be measured.
struct CalibratedCase {
    let experiment: String
    let text: String
    let variant: String
    /// The variant as JSON.
    let config: String

    /// A run of it.
    func request(seed: UInt64) -> RunRequest {
        RunRequest(experiment: experiment, experimentText: text, config: config, seed: seed)
    }

    /// The variants of a file, or the newest ones of a recorded experiment.
    static func find(
        _ word: String, database: String, only: [String]
    ) throws -> [CalibratedCase] {
        let isFile = FileManager.default.fileExists(atPath: word)
        let cases = isFile ? try file(word) : try recorded(word, database)
        let names = cases.map(\.variant)
        for name in only where !names.contains(name) {
            throw ValidationError(
                "--only: found \(name); allowed: \(names.joined(separator: ", "))")
        }
        return cases.filter { only.isEmpty || only.contains($0.variant) }
    }

    private static func file(_ path: String) throws -> [CalibratedCase] {
        let plan = try ExperimentLoader.load(path: path, overrides: [])
        let requests = try RunRequest.requests(of: plan, seeds: [1])
        return zip(plan.variants, requests).map { variant, request in
            CalibratedCase(
                experiment: plan.name, text: plan.text, variant: variant.name,
                config: request.config)
        }
    }

    private static func recorded(
        _ experiment: String, _ database: String
    ) throws -> [CalibratedCase] {
        guard FileManager.default.fileExists(atPath: database) else {
            StandardError.print(
                "peerless: \(experiment): no such file, and there is no database \(database) with "
                    + "an experiment of that name")
            throw ExitCode.badUsage
        }
        let store = try RunStore(path: database, readOnly: true)
        let rows = try store.comparison(ComparisonFilter(experiment: experiment))
        var cases: [CalibratedCase] = []
        for row in rows where !cases.contains(where: { $0.variant == row.variant }) {
            let asked = try store.detail(run: row.run).description
            cases.append(
                CalibratedCase(
                    experiment: experiment, text: asked.experimentText, variant: row.variant,
                    config: asked.config))
        }
        return cases
    }
}
