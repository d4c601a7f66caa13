import Wire

/// Whose a daemon's name is: the key's that said hello with it, as long as the daemon is there. The
/// name of a member that the board waits for, because its run was taken over from another coordinator
/// or is resumed, is the key's that is on record with it, whoever comes first.
extension RunBoard {
    /// Why a daemon may not have its name, if it may not.
    func objection(to hello: Hello, by id: NodeID) -> String? {
        objection(toKeyOf: hello)
            ?? nodes.first { $0.value.hello.name == hello.name && $0.key != id }
            .flatMap { objection(to: hello, besides: $0.value.hello) }
    }

    /// A process that was started later on the same machine is the restart of one that died. That one
    /// may only have been stopped: when it wakes up, the name is not its own any more.
    private func objection(to hello: Hello, besides holder: Hello) -> String? {
        let advice = "choose another with --name"
        guard holder.host == hello.host, holder.bootID == hello.bootID else {
            return "the name \(hello.name) is taken, by a daemon on \(holder.host); \(advice)"
        }
        guard holder.startedNanoseconds < hello.startedNanoseconds else {
            return "the name \(hello.name) was taken over by a daemon that was started later, "
                + "pid \(holder.pid); \(advice)"
        }
        return nil
    }

    /// Without keys everybody is believed.
    private func objection(toKeyOf hello: Hello) -> String? {
        guard let key = hello.publicKey else { return nil }
        let holder = nodes.values.first { $0.hello.name == hello.name }
        let isOwn =
            holder.map { $0.hello.publicKey == key } ?? mayTake(hello.name, with: key)
        guard !isOwn else { return nil }
        return "the name \(hello.name) is another key's; choose another with --name"
    }

    /// Whether a name that nobody holds is waited for with this key, or with none.
    private func mayTake(_ name: String, with key: String) -> Bool {
        let awaited = [active?.awaitedKeys] + queue.map { $0.resumption?.keys }
        let owners: [String] = awaited.compactMap { $0?[name] }
        return owners.isEmpty || owners.contains(key)
    }

    /// A key that is let in no more keeps no name from others: its daemon may come with a new one.
    package mutating func forgetKeys(where isRevoked: (String) -> Bool) {
        active?.awaitedKeys.forget(where: isRevoked)
        for position in queue.indices {
            queue[position].resumption?.keys.forget(where: isRevoked)
        }
    }
}

extension RunBoard.Resumption {
    /// Whether a daemon has the key that its name is on record with, as far as one is.
    func isOwn(_ hello: Hello) -> Bool {
        guard let key = hello.publicKey, let known = keys[hello.name] else { return true }
        return key == known
    }
}

extension [String: String] {
    fileprivate mutating func forget(where isRevoked: (String) -> Bool) {
        self = filter { !isRevoked($0.value) }
    }
}
