import Foundation
import Membership
import RunStore
import Wire

extension CheckpointRow {
    /// A row of the store from what a node wrote.
    init(_ note: CheckpointNote, run: Int64, rank: Int) {
        self.init(
            run: run, step: note.step, rank: rank, world: note.worldSize, path: note.path,
            bytes: Int64(note.bytes), nanoseconds: note.nanoseconds,
            checksum: String(format: "%016lx", note.checksum))
    }
}

extension RecoveryRow {
    /// A row of the store from what the board measured.
    ///
    /// - Parameter now: of the board's clock; its moments become dates by their distance from it.
    init(_ recovery: Recovery, run: Int64, now: Double) {
        func date(_ moment: Double) -> Date { Date(timeIntervalSinceNow: moment - now) }
        self.init(
            run: run, generation: Int(recovery.generation), cause: Cause(recovery.cause),
            detectedAt: date(recovery.detectedAt), step: recovery.step,
            worldBefore: recovery.worldBefore, worldAfter: recovery.worldAfter)
        node = recovery.node.isEmpty ? nil : recovery.node
        slot = recovery.slot
        injectedAt = recovery.injectedAt.map(date)
        recoveredAt = recovery.recoveredAt.map(date)
        detectSeconds = recovery.detectSeconds
        recoverSeconds = recovery.recoverSeconds
        stepsRedone = recovery.stepsRedone
        samplesLost = recovery.samplesLost
        residualNorm = recovery.residual?.norm
        residualStep = recovery.residual?.step
    }
}

extension RecoveryRow.Cause {
    fileprivate init(_ cause: Recovery.Cause) {
        switch cause {
        case .workerLost: self = .workerLost
        case .serverLost: self = .serverLost
        case .workerJoined: self = .workerJoined
        case .coordinatorLost: self = .coordinatorLost
        case .resumed: self = .resumed
        }
    }
}

extension ObservationRow {
    /// A row of the store from what the workers saw.
    init(_ seen: StepObservation, run: Int64) {
        self.init(run: run, step: seen.step, workers: seen.workers)
        gradientNorm = seen.gradientNorm
        contributionNorm = seen.contributionNorm
        updateNorm = seen.updateNorm
        residualNorm = seen.residualNorm
        cosineGradient = seen.cosineGradient
        cosineContribution = seen.cosineContribution
        kept = seen.kept
        applied = seen.applied
        recall = seen.recall
        capturedEnergy = seen.capturedEnergy
        topEnergy = seen.topEnergy
        noiseRatio = seen.noiseRatio
        unchangedShare = seen.unchangedShare
        associativityDefect = seen.associativityDefect
        bytesSent = seen.bytesSent
        nanoseconds = seen.nanoseconds
    }
}

extension StepRow {
    /// A row of the store from what a node measured.
    init(_ record: StepRecord, run: Int64, rank: Int) {
        self.init(
            run: run, rank: rank, step: record.step, loss: record.loss,
            totalNanoseconds: record.total, computeNanoseconds: record.compute,
            encodeNanoseconds: record.encode, exchangeNanoseconds: record.exchange,
            waitNanoseconds: record.wait, decodeNanoseconds: record.decode,
            updateNanoseconds: record.update, hiddenNanoseconds: record.hidden,
            bytesSent: record.bytesSent, bytesReceived: record.bytesReceived,
            messagesSent: record.messagesSent,
            beganNanoseconds: record.began > 0 ? record.began : nil)
    }
}
