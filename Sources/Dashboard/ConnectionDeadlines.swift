import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client neither sends a whole request in time, however it dribbles, nor
/// takes what is written to it: each holds one of a bounded number of connections.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    /// Requests read to their ends that are not answered to the end yet.
    private var unanswered = 0
    private var unwritten = 0
    private var request: Scheduled<Void>?
    private var writing: Scheduled<Void>?

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { awaitRequest(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        awaitRequest(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) {
            unanswered += 1
            awaitRequest(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
        let done = promise ?? context.eventLoop.makePromise(of: Void.self)
        awaitWriting(context, done.futureResult)
        context.write(data, promise: done)
        guard isEnd else { return }
        unanswered -= 1
        awaitRequest(context)
    }

    /// A request may be answered before it has been read to its end: below zero it is still read.
    private func awaitRequest(_ context: ChannelHandlerContext) {
        if unanswered > 0 {
            request?.cancel()
            request = nil
        } else if request == nil {
            request = close(context)
        }
    }

    private func awaitWriting(_ context: ChannelHandlerContext, _ done: EventLoopFuture<Void>) {
        unwritten += 1
        if writing == nil { writing = close(context) }
        done.assumeIsolated().whenComplete { _ in
            self.unwritten -= 1
            guard self.unwritten == 0 else { return }
            self.writing?.cancel()
            self.writing = nil
        }
    }

    private func close(_ context: ChannelHandlerContext) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            context.close(promise: nil)
        }
    }

    private func cancel() {
        request?.cancel()
        writing?.cancel()
    }
}
