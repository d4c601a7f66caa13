import ArgumentParser
import Cluster
import Experiment

extension ExitCode {
    /// A run failed, or a daemon had trouble.
    static let runFailed = ExitCode(1)
    /// Bad usage or a bad experiment file.
    static let badUsage = ExitCode(2)
    /// The database lacks what the question is about.
    static let notEnoughData = ExitCode(3)
    /// This machine lacks what the experiment needs.
    static let wrongEnvironment = ExitCode(4)
}

/// Runs `body`, turns errors into one line on standard error and the exit code they stand for.
func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let code as ExitCode {
        throw code
    } catch let error as ExperimentError {
        StandardError.print("peerless: \(error)")
        throw ExitCode.badUsage
    } catch let error as SecurityError {
        StandardError.print("peerless: \(error)")
        throw ExitCode.badUsage
    } catch let error as ValidationError {
        StandardError.print("peerless: \(error.message)")
        throw ExitCode.badUsage
    } catch {
        StandardError.print("peerless: \(error)")
        throw ExitCode.runFailed
    }
}
