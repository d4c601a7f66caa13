import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Reporting
import RunStore

/// Answers requests: reads only, and says so to whoever asks for more.
struct DashboardResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let desk: StoreDesk
    /// Its streams of events, which whoever stops the server ends first.
    let events: EventStream
    private let names: HostNames
    private let frame = ReportFrame(
        script: DashboardRoute.script.target, home: (DashboardRoute.index.target, "Peerless")
    ) { DashboardRoute.run($0).target }

    init(_ desk: StoreDesk, _ options: DashboardOptions) {
        self.desk = desk
        events = EventStream(desk, options)
        names = HostNames(listeningOn: options.host, options.names)
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let isHead = request.method == .head
        guard isHead || request.method == .get else {
            var response = Self.plain(.methodNotAllowed, "The dashboard only reads: GET or HEAD.\n")
            response.headers[.allow] = "GET, HEAD"
            return Self.guarded(response)
        }
        guard names.contain(request.head.authority) else {
            return Self.guarded(
                Self.plain(
                    .misdirectedRequest,
                    "The dashboard does not answer to this name; --name adds one.\n"))
        }
        let response = await answer(request.head.path ?? "/", isHead: isHead)
        return Self.guarded(isHead ? response.createHeadResponse() : response)
    }

    private func answer(_ target: String, isHead: Bool) async -> Response {
        guard let route = DashboardRoute(target) else {
            return Self.problem(.notFound, "There is no such page.")
        }
        do {
            switch route {
            case .health: return Self.plain(.ok, "ok\n")
            case .script: return Self.text(LiveScript.text, "text/javascript; charset=utf-8")
            case .events: return isHead ? Self.text("", Self.eventStream) : stream()
            case .metrics: return try await metrics()
            case .index: return try await page { try DashboardPages.index($0) }
            case .experiment(let name):
                return try await page { [frame] store in
                    try DashboardPages.experiment(name, store, frame)
                }
            case .run(let number):
                return try await page { [frame] store in
                    try DashboardPages.run(number, store, frame)
                }
            }
        } catch let error as StoreError {
            return Self.problem(Self.status(of: error), error.description)
        } catch {
            return Self.problem(.internalServerError, "\(error)")
        }
    }

    private static func status(of error: StoreError) -> HTTPResponse.Status {
        switch error {
        case .missing, .nothingRecorded: .serviceUnavailable
        default: error.isNotEnoughData ? .notFound : .serviceUnavailable
        }
    }

    private func page(
        _ make: @escaping @Sendable (RunStore) throws -> String
    ) async throws -> Response {
        Self.text(try await desk.ask(make), "text/html; charset=utf-8")
    }

    /// Without a database, too: whoever is to ring when there is none has to be told.
    private func metrics() async throws -> Response {
        var metrics: DashboardMetrics?
        do {
            metrics = try await desk.ask { try DashboardMetrics($0) }
        } catch is StoreError {}
        return Self.text(
            DashboardMetrics.text(metrics), "text/plain; version=0.0.4; charset=utf-8")
    }

    private static let eventStream = "text/event-stream"

    private func stream() -> Response {
        guard events.hasRoom else {
            return Self.plain(.serviceUnavailable, "As many as may listen for events.\n")
        }
        var response = Response(status: .ok, body: events.body)
        response.headers[.contentType] = Self.eventStream
        return response
    }

    private static func problem(_ status: HTTPResponse.Status, _ words: String) -> Response {
        let page = HTML.page(title: "\(status.code)", "<p>\(HTML.text(words))</p>")
        return text(page, "text/html; charset=utf-8", status)
    }

    private static func plain(_ status: HTTPResponse.Status, _ words: String) -> Response {
        text(words, "text/plain; charset=utf-8", status)
    }

    private static func text(
        _ text: String, _ type: String, _ status: HTTPResponse.Status = .ok
    ) -> Response {
        var response = Response(
            status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        response.headers[.contentType] = type
        return response
    }

    /// Nothing from elsewhere, nothing framed, nothing kept.
    private static func guarded(_ response: Response) -> Response {
        var response = response
        response.headers[.cacheControl] = "no-store"
        for (name, value) in [
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; "
                    + "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'"
            ),
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            if let field = HTTPField.Name(name) { response.headers[field] = value }
        }
        return response
    }
}
