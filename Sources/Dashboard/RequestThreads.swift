import Dispatch

/// Threads of the server's own for its tasks: who waits for an answer in the same process may hold
/// every thread that the language gives tasks, of which there are as many as cores.
final class RequestThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "dashboard", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
