import Membership
import Wire

/// Control lines keep their order and lose what is on the way when they break; frames overtake each
/// other, come twice and get lost.
extension ClusterSimulation {
    func sendUp(_ word: ControlLine.Word, from node: Int) {
        census.controlMessages += 1
        let life = nodes[node].life
        if losesWord(of: node, isDown: false) { return }
        if nodes[node].line.cuts > 0 {
            if !nodes[node].line.forgets { nodes[node].line.heldUp.append((life, word)) }
            return
        }
        let time = max(
            now + .random(in: options.controlSeconds, using: &chance), nodes[node].line.upClear)
        nodes[node].line.upClear = time
        queue.push(
            .up(node: node, life: life, epoch: nodes[node].line.epoch, word), at: time)
    }

    func arrive(
        _ word: ControlLine.Word, from node: Int, _ life: Int, _ epoch: Int, _ event: Event
    ) throws(ClusterViolation) {
        guard nodes[node].line.epoch == epoch else { return }
        guard coordinator.isUp else {
            if !nodes[node].line.forgets { nodes[node].line.heldUp.append((life, word)) }
            return
        }
        guard coordinator.pausedUntil <= now else {
            return queue.push(event, at: coordinator.pausedUntil)
        }
        note("coordinator hears \(word.summary) of \(scenario.name(of: node))")
        let id = ClusterSimulation.identity(node, life)
        try carryOut(coordinator.received(word, from: id, now: now))
    }

    func sendDown(_ message: ControlMessage, to id: RunBoard.NodeID) {
        census.controlMessages += 1
        let node = Int(id[0])
        guard nodes[node].life == Int(id[1]), nodes[node].member != nil else { return }
        if losesWord(of: node, isDown: true) {
            return note("\(message.summary) to \(scenario.name(of: node)) is lost")
        }
        if nodes[node].line.cuts > 0 {
            if !nodes[node].line.forgets { nodes[node].line.heldDown.append(message) }
            return
        }
        let time = max(
            now + .random(in: options.controlSeconds, using: &chance), nodes[node].line.downClear)
        nodes[node].line.downClear = time
        queue.push(
            .down(node: node, life: Int(id[1]), epoch: nodes[node].line.epoch, message), at: time)
    }

    func arrive(
        _ message: ControlMessage, at node: Int, _ life: Int, _ epoch: Int, _ event: Event
    ) throws(ClusterViolation) {
        guard nodes[node].line.epoch == epoch, nodes[node].life == life, !defers(node, event)
        else { return }
        note("\(scenario.name(of: node)) hears \(message.summary)")
        try change(node, event) { $0.heard(message, now: now) }
    }

    private func losesWord(of node: Int, isDown: Bool) -> Bool {
        guard lossyLines.values.contains(where: { $0.node == node && $0.isDown == isDown }),
            Double.random(in: 0..<1, using: &chance) < options.wordLossProbability
        else { return false }
        census.wordsLost += 1
        return true
    }

    /// What is on the way is lost; what waits is, if the line forgets.
    func breakLine(of node: Int, forgets: Bool) {
        nodes[node].line.epoch += 1
        nodes[node].line.forgets = forgets
        nodes[node].line.upClear = now
        nodes[node].line.downClear = now
    }

    /// A line that is whole again delivers what has waited.
    func resume(lineOf node: Int) {
        guard nodes[node].line.cuts == 0 else { return }
        let (up, down) = (nodes[node].line.heldUp, nodes[node].line.heldDown)
        nodes[node].line.heldDown = []
        if coordinator.isUp {
            nodes[node].line.heldUp = []
            for (life, word) in up where life == nodes[node].life { sendUp(word, from: node) }
        }
        for message in down {
            sendDown(message, to: ClusterSimulation.identity(node, nodes[node].life))
        }
    }

    func sendFrame(_ frame: DataFrame, from node: Int, to peer: Int) {
        census.frames += 1
        if let cut = cuts.values.first(where: { $0.nodes.contains(node) != $0.nodes.contains(peer) }
        ) {
            census.framesLost += cut.forgets ? 1 : 0
            if !cut.forgets { heldFrames.append((frame, node, peer)) }
            return
        }
        let isLossy = lossy.values.contains { $0.from == node && $0.to == peer }
        if isLossy, Double.random(in: 0..<1, using: &chance) < options.lossProbability {
            census.framesLost += 1
            return
        }
        let isDouble =
            scenario.duplicateProbability > 0
            && Double.random(in: 0..<1, using: &chance) < scenario.duplicateProbability
        census.framesDoubled += isDouble ? 1 : 0
        for _ in 0..<(isDouble ? 2 : 1) {
            var seconds = Double.random(in: options.frameSeconds, using: &chance)
            if scenario.jitterSeconds > 0 {
                seconds += .random(in: 0...scenario.jitterSeconds, using: &chance)
            }
            queue.push(.frame(frame, to: peer), at: now + seconds)
        }
    }

    func releaseFrames() {
        let waiting = heldFrames
        heldFrames = []
        for (frame, node, peer) in waiting { sendFrame(frame, from: node, to: peer) }
    }

    /// A socket identity of a daemon process.
    static func identity(_ node: Int, _ life: Int) -> RunBoard.NodeID {
        [UInt8(node), UInt8(truncatingIfNeeded: life)]
    }
}
