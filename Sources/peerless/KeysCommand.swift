public import ArgumentParser
public import Cluster

extension KeyRole: ExpressibleByArgument {}

/// `peerless keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke the keys that let daemons and clients in.",
        discussion: """
            Make a folder once, keep it on the coordinator's machine, and start every daemon and \
            client with --keys DIR. Copy to other machines, into folders of mode 700:
              worker machine  worker.key (or NAME.key), coordinator.pub, authorized/
              server machine  server.key (or NAME.key), coordinator.pub, authorized/
              client machine  client.key (or NAME.key), coordinator.pub
            authorized/ has the public keys of those who are let in: the coordinator's decides who \
            takes part, a worker's or server's which peers may send it gradients.
            """,
        subcommands: [
            KeysInitCommand.self, KeysAddCommand.self, KeysListCommand.self,
            KeysRevokeCommand.self,
        ])
}

/// The folder as an argument.
struct KeyFolderArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Folder of keys.", valueName: "dir"))
    var path: String

    var folder: KeyFolder { KeyFolder(path: path) }
}

/// `peerless keys init`.
struct KeysInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a folder with a key of every role.",
        discussion: "Nothing is ever overwritten. 'peerless help keys' tells what to copy where.")

    @OptionGroup var argument: KeyFolderArgument

    func run() throws {
        try reporting {
            try argument.folder.initialize()
            let path = argument.path
            print("made coordinator, server, worker and client keys in \(path)")
            print("worker machines need worker.key, coordinator.pub and authorized/")
            print("server machines need server.key, coordinator.pub and authorized/")
            print("client machines need client.key and coordinator.pub")
            print("start every daemon and client with --keys DIR")
        }
    }
}

/// `peerless keys add`.
struct KeysAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a key of its own for one machine or person.",
        discussion: """
            Such a key can be revoked alone. Copy NAME.key and coordinator.pub to its machine, and \
            authorized/NAME.pub to authorized/ of the workers and servers that will be its peers. \
            A running coordinator with this folder lets it in within about a second.
            """)

    @OptionGroup var argument: KeyFolderArgument

    @Argument(help: "Name of the key.")
    var name: String

    @Option(help: "worker, server or client.")
    var role: KeyRole

    func run() throws {
        try reporting {
            try argument.folder.add(name, role: role)
            let path = argument.path
            print("made \(path)/\(name).key and let \(role.rawValue) '\(name)' in")
            let peers = role == .client ? "" : ", and authorized/\(name).pub to its peers'"
            print("copy \(name).key and coordinator.pub to its folder\(peers)")
        }
    }
}

/// `peerless keys list`.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the keys of a folder and who is let in.")

    @OptionGroup var argument: KeyFolderArgument

    func run() throws {
        try reporting {
            for key in try argument.folder.list() {
                let state =
                    key.role == .coordinator ? "-" : key.isAuthorized ? "let in" : "refused"
                let cells = [
                    key.name.padding(to: 20), key.role.rawValue.padding(to: 11),
                    state.padding(to: 7), "\(key.publicKey)",
                    key.hasSecret ? "secret is here" : "",
                ]
                print(cells.filter { !$0.isEmpty }.joined(separator: "  "))
            }
        }
    }
}

/// `peerless keys revoke`.
struct KeysRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a key off the list of those who are let in.",
        discussion: """
            A running process with this folder notices within about a second: it lets the key in no \
            more, and hears nothing that comes over a connection that the key still has. Revoke it in \
            the folders of the other machines, too. To take it back, move revoked/NAME.pub to \
            authorized/.
            """)

    @OptionGroup var argument: KeyFolderArgument

    @Argument(help: "Name of the key, as 'peerless keys list' shows it.")
    var name: String

    func run() throws {
        try reporting {
            let names = try argument.folder.revoke(name)
            print("revoked \(names.joined(separator: ", ")) in \(argument.path)")
        }
    }
}

extension String {
    /// With spaces up to a width.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
