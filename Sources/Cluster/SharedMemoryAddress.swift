/// Where a node's shared memory is: `shm://PROCESS/DESCRIPTOR/TOKEN`.
package struct SharedMemoryAddress {
    package let process: Int32
    package let descriptor: Int32
    /// A random number in the memory, by which a reused process number is told apart.
    let token: UInt64

    var text: String { "shm://\(process)/\(descriptor)/\(token)" }

    init(process: Int32, descriptor: Int32, token: UInt64) {
        self.process = process
        self.descriptor = descriptor
        self.token = token
    }

    package init?(_ text: String) {
        let scheme = "shm://"
        guard text.hasPrefix(scheme) else { return nil }
        let parts = text.dropFirst(scheme.count).split(separator: "/")
        guard parts.count == 3, let process = Int32(parts[0]), let descriptor = Int32(parts[1]),
            let token = UInt64(parts[2]), process > 0, descriptor >= 0
        else { return nil }
        self.init(process: process, descriptor: descriptor, token: token)
    }
}
