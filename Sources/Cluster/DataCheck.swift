import Datasets
import Foundation

/// Which data sets this machine has.
public enum DataCheck {
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
