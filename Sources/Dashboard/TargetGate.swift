import NIOCore
import NIOHTTPTypesHTTP1

/// Puts `AbsoluteTargets` where requests still have their targets whole; handlers that a server adds
/// get them too late.
final class TargetGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(AbsoluteTargets(), position: .before(codec))
        } catch {
            // Nobody is answered who was not looked at.
            context.close(promise: nil)
        }
    }
}
