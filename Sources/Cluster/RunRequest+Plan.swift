public import Experiment
import Foundation
public import Wire

extension RunRequest {
    /// One request per variant and seed of an experiment, seeds innermost.
    ///
    /// - Throws: `ClusterError` for a variant that is not there or cannot run.
    public static func requests(
        of plan: ExperimentPlan, only: [String] = [], seeds: [UInt64]? = nil
    ) throws -> [RunRequest] {
        let names = plan.variants.map(\.name)
        for name in only where !names.contains(name) {
            throw ClusterError(
                "--only: found \(name); allowed: \(names.joined(separator: ", "))")
        }
        let chosen = plan.variants.filter { only.isEmpty || only.contains($0.name) }
        for variant in chosen { try VariantCheck.check(variant) }
        return chosen.flatMap { variant in
            (seeds ?? plan.seeds).map {
                RunRequest(
                    experiment: plan.name, experimentText: plan.text,
                    config: variant.canonicalJSON, seed: $0)
            }
        }
    }
}
