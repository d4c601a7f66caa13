import ArgumentParser
import Cluster
import Foundation
import NeuralNetwork

/// `peerless doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what this machine is and which data sets it has.")

    func run() throws {
        let facts = HostFacts(blas: BLAS.coreName, engine: Engine.preferred.summary)
        print("peerless   \(facts.peerless)")
        print("host       \(facts.host)")
        print("processor  \(facts.processor), \(facts.cores) cores")
        print("memory     \(facts.memoryBytes >> 20) MiB")
        print("system     \(facts.system)")
        print("OpenBLAS   \(facts.blas) kernels")
        print("engine     \(facts.engine)")
        print("libzmq     \(Security.capabilities)")
        print("sketching  \(facts.kernel) kernels")
        for (name, trouble) in DataCheck.all() {
            print("data       \(name): \(trouble ?? "ready")")
        }
    }
}
