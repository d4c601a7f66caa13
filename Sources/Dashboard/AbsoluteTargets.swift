import NIOCore
import NIOHTTP1

/// Takes the host of a target in absolute form (`GET http://HOST/ HTTP/1.1`) for the request's host,
/// as RFC 9112 asks, before the target is cut down to its path: a foreign one is to be refused like a
/// foreign `Host`.
final class AbsoluteTargets: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data),
            let authority = Self.authority(of: head.uri)
        else { return context.fireChannelRead(data) }
        head.headers.replaceOrAdd(name: "Host", value: authority)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// The host and port that a target names; `nil` for a path.
    static func authority(of target: String) -> String? {
        let parts = target.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["http", "https"].contains(parts[0].lowercased()),
            parts[1].hasPrefix("//")
        else { return nil }
        return String(parts[1].dropFirst(2).prefix { !"/?#".contains($0) })
    }
}
