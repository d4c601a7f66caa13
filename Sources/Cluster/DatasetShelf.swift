import Datasets
import Experiment
import Foundation

/// Keeps the data set that was used last, so that a row of runs reads its files once.
final class DatasetShelf {
    private var held: (kind: DatasetKind, dataset: Dataset)?

    /// The data set of a variant.
    func dataset(for variant: Variant) throws -> Dataset {
        let kind = DatasetKind(variant)
        if let held, held.kind == kind { return held.dataset }
        let paths = DatasetLibrary.defaultSearchPaths(
            environment: ProcessInfo.processInfo.environment)
        let dataset = try DatasetLibrary.load(kind, searchPaths: paths)
        held = (kind, dataset)
        return dataset
    }
}
