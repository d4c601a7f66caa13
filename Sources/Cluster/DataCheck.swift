import Datasets
public import Experiment
import Foundation

/// Which data sets this machine has.
public enum DataCheck {
    /// Reads every data set that the variants need, before anything is started.
    ///
    /// - Throws: `ClusterError` with the file that is missing or damaged and the remedy.
    public static func require(_ variants: [Variant]) throws(ClusterError) {
        let shelf = DatasetShelf()
        do {
            for variant in variants { _ = try shelf.dataset(for: variant) }
        } catch {
            throw ClusterError(String(describing: error))
        }
    }

    /// Every data set with what is wrong with it, or `nil` when it can be read.
    public static func all() -> [(name: String, trouble: String?)] {
        let kinds: [(String, DatasetKind)] = [
            ("digits", .digits), ("fashion-mnist", .fashionMNIST), ("mnist", .mnist),
            ("cifar10", .cifar10),
        ]
        let paths = DatasetLibrary.defaultSearchPaths(
            environment: ProcessInfo.processInfo.environment)
        return kinds.map { name, kind in
            do {
                _ = try DatasetLibrary.load(kind, searchPaths: paths)
                return (name, nil)
            } catch {
                return (name, String(describing: error))
            }
        }
    }
}
