import Collectives
import Foundation
import Wire
import ZeroMQ

/// Sockets on a thread of their own, so that an exchange goes on while backward computes.
final class ExchangeThread: RunExchange, Collective {
    let rank: Int
    let worldSize: Int
    let topology: CollectiveTopology
    private let desk = ExchangeDesk()
    private let clock = ExchangeClock()
    private let phases: PhaseClock
    private var exposed: UInt64 = 0
    private var counted: UInt64 = 0

    /// Starts the thread and opens its sockets.
    ///
    /// - Parameter phases: the training thread's; what `finish` stands still for is counted there.
    /// - Throws: `CollectiveError` when the sockets cannot be opened.
    init(
        _ options: RunExchangeOptions, context: Context, phases: PhaseClock
    ) throws(CollectiveError) {
        rank = options.rank
        worldSize = options.worldSize
        topology = options.topology
        self.phases = phases
        let thread = Thread { [desk, clock] in
            do {
                try Self.work(options, context, desk, clock)
                desk.ended(nil)
            } catch {
                desk.ended(.transport("opening the data sockets: \(error)"))
            }
        }
        thread.name = "exchange"
        thread.start()
        try desk.awaitAll()
    }

    deinit {
        desk.close()
    }

    func close() { desk.close() }

    var endpoint: String { desk.endpoint }
    var collective: any Collective { self }
    var meter: ByteMeter { desk.meter }

    func connect(_ endpoints: [String], rank: Int) throws {
        desk.ask(.connect(endpoints, rank: rank))
        try desk.awaitAll()
    }

    func begin(
        _ operation: CollectiveOperation, _ transfer: Transfer
    ) throws(CollectiveError) {
        desk.ask(.operate(operation, ExchangeDesk.Handover(transfer)))
    }

    /// The time until everything is complete counts as waiting or exchanging, whichever the
    /// exchange thread does meanwhile.
    func finish() throws(CollectiveError) {
        phases.enter(.wait)
        let before = clock.reading()
        defer {
            let after = clock.reading()
            phases.enter(.exchange)
            phases.move(after.exchange - before.exchange, from: .wait, to: .exchange)
            exposed += after.total - before.total
        }
        try desk.awaitAll()
    }

    func reduceWhole(
        _ buffer: UnsafeMutableBufferPointer<Float>, combine: Combine
    ) throws(CollectiveError) {
        preconditionFailure("only sums go on behind backward; loading refuses other methods")
    }

    func countHidden(into record: inout StepRecord) {
        let total = clock.reading().total
        record.hidden = Int64(total - counted - min(exposed, total - counted))
        counted = total
        exposed = 0
    }

    private static func work(
        _ options: RunExchangeOptions, _ context: Context, _ desk: ExchangeDesk,
        _ clock: ExchangeClock
    ) throws {
        let mesh = try options.transport.open(
            options.plane, context: context,
            cancellation: { desk.isStopping ? "the run has ended" : options.cancellation() })
        let collective = options.collective(over: mesh, phases: clock)
        desk.opened(mesh.endpoint)
        while let command = desk.next() {
            var failure: CollectiveError?
            do throws(CollectiveError) {
                if !desk.hasFailed { try carryOut(command, mesh, collective, desk) }
            } catch {
                failure = error
            }
            clock.rest()
            desk.finished(mesh.meter.taking(collective), failure)
        }
    }

    private static func carryOut(
        _ command: ExchangeDesk.Command, _ mesh: any DataPlane, _ collective: BlockingCollective,
        _ desk: ExchangeDesk
    ) throws(CollectiveError) {
        switch command {
        case .connect(let endpoints, let rank):
            do {
                try mesh.connect(endpoints, rank: rank)
            } catch {
                throw .transport("connecting: \(error)")
            }
        case .operate(let operation, let handover):
            try collective.begin(operation, handover.transfer, ahead: { desk.following })
        }
    }
}
