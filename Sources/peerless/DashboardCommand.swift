import ArgumentParser
import Cluster
import Dashboard
import Foundation
import Logging
import RunStore

/// `peerless dashboard`: a database in a browser.
struct DashboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard",
        abstract: "Serve a database to browsers, and its figures to Prometheus at /metrics.",
        discussion: """
            The database is only read, and may come later; pages follow it while runs go on. Whoever \
            reaches the port can read everything, so it listens on this machine alone unless --host \
            names another address.
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: "Port to listen on; 0 for one that the system chooses.")
    var port = 8080

    @Option(help: "Address to listen on; any but loopback lets other machines read everything.")
    var host = "127.0.0.1"

    @Option(help: "A further name that browsers and Prometheus call it by; may be repeated.")
    var name: [String] = []

    mutating func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port: found \(port); allowed: 0 to 65535")
        }
    }

    func run() throws {
        var logger = Logger(label: "dashboard") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        var options = DashboardOptions(database: store.path, logger: logger)
        options.host = host
        options.port = port
        options.names = name
        let stop = StopFlag()
        let signals = SignalWatch { [stop] name in stop.raise(name) }
        defer { signals.cancel() }
        let server = try serve(options)
        announce(options, at: server.port)
        while stop.reason == nil, server.isRunning { Thread.sleep(forTimeInterval: 0.05) }
        guard stop.reason != nil else {
            StandardError.print("peerless: the web server ended by itself")
            throw ExitCode.runFailed
        }
        end(server)
    }

    /// The rest ends with the process: a server that is cancelled just as it accepts a connection
    /// makes NIO trap (apple/swift-nio#2637).
    private func end(_ server: DashboardServer) {
        server.endStreams(withinSeconds: 1)
        withExtendedLifetime(server) { Foundation.exit(ExitCode.success.rawValue) }
    }

    private func announce(_ options: DashboardOptions, at port: Int) {
        let shown = host.contains(":") ? "[\(host)]" : host
        StandardError.print("serving \(store.path) at http://\(shown):\(port)/")
        if !FileManager.default.fileExists(atPath: store.path) {
            StandardError.print("\(store.path): there is no such file yet; it is waited for")
        }
        if !options.isLoopback {
            StandardError.print(
                "warning: --host \(host): whoever reaches this port can read everything that is "
                    + "recorded; there are no keys and no passwords")
        }
    }

    private func serve(_ options: DashboardOptions) throws -> DashboardServer {
        try store.reporting {
            do {
                return try DashboardServer(options)
            } catch let error as DashboardError {
                StandardError.print("peerless: \(error)")
                throw ExitCode.badUsage
            }
        }
    }
}
