import ChatWire
import Testing

@testable import ChatServerLite

/// Each error as a response: this table is the API's contract with clients that are in use.
@Suite struct RouteErrorTests {
    private struct Expected: Sendable {
        let status: Int
        let message: String
        var fields: [String] = []
        var closes = false
        var methods: [String] = []
    }

    private static let table: [(RouteError, Expected)] = [
        (.refused(.emailTaken), Expected(status: 400, message: "Email já cadastrado")),
        (.unauthorized(.missing), Expected(status: 401, message: "Token não fornecido.")),
        (.unauthorized(.malformed), Expected(status: 401, message: "Formato de token inválido.")),
        (.unauthorized(.invalid), Expected(status: 401, message: "Token inválido ou expirado.")),
        (.notFound, Expected(status: 404, message: "Rota não encontrada")),
        (
            .methodNotAllowed(["GET", "HEAD"]),
            Expected(status: 405, message: "Método não permitido", methods: ["GET", "HEAD"])
        ),
        (.bodyTooLarge, Expected(status: 413, message: "Requisição muito grande", closes: true)),
        (.headTooLarge, Expected(status: 431, message: "Cabeçalhos muito grandes", closes: true)),
        (.unknownCoding, Expected(status: 501, message: "Codificação não suportada", closes: true)),
        (.badRequest, Expected(status: 400, message: "Requisição inválida", closes: true)),
        (
            .tooManyAnswers,
            Expected(status: 429, message: "Muitas requisições, tente novamente", fields: ["Retry-After: 1"])
        ),
        (
            .tooMany(retryAfter: 7),
            Expected(
                status: 429, message: "Muitas requisições, tente novamente em instantes",
                fields: ["Retry-After: 7"])
        ),
        (.overloaded, Expected(status: 503, message: "Servidor sobrecarregado, tente novamente")),
        (
            .storage(StorageFailure(.full, detail: "secret detail")),
            Expected(status: 503, message: "Servidor sem espaço em disco, tente novamente mais tarde")
        ),
        (
            .storage(StorageFailure(.gone, detail: "secret detail")),
            Expected(
                status: 503, message: "Servidor sem acesso ao banco de dados, tente novamente mais tarde")
        ),
        (
            .storage(StorageFailure(.corrupt, detail: "secret detail")),
            Expected(status: 500, message: "Erro no servidor")
        ),
    ]

    @Test func everyErrorHasItsResponse() throws {
        for (error, expected) in Self.table {
            let response = error.response
            #expect(response.status == expected.status, "\(error)")
            let body = try JSONValue(parsing: response.body)
            #expect(body == ["success": false, "message": .string(expected.message)], "\(error)")
            #expect(response.headers.fields.map { "\($0.name): \($0.value)" } == expected.fields, "\(error)")
            #expect(response.closesConnection == expected.closes, "\(error)")
            #expect(response.allowedMethods == expected.methods, "\(error)")
        }
    }

    /// What a storage says becomes the same errors everywhere.
    @Test func theStoragesErrorsAreTranslated() {
        let failure = StorageFailure(.busy, detail: "x")
        let table: [(StoreError, RouteError)] = [
            (.refused(.contactExists), .refused(.contactExists)), (.storage(failure), .storage(failure)),
            (.tooManyQuestions, .tooMany(retryAfter: 1)), (.overloaded, .overloaded), (.closed, .overloaded),
        ]
        for (error, expected) in table { #expect(RouteError(error) == expected) }
    }

    @Test(arguments: [
        (HTTPParseError.lineTooLong(limit: 1), RouteError.headTooLarge),
        (.headTooLong(limit: 1), .headTooLarge),
        (.tooManyFields(limit: 1), .headTooLarge), (.unsupportedTransferEncoding, .unknownCoding),
        (.invalidHost, .badRequest), (.conflictingLengths, .badRequest), (.bareLineFeed, .badRequest),
        (.invalidChunkSize, .badRequest),
    ])
    func errorsInTheBytesAreTranslated(error: HTTPParseError, expected: RouteError) {
        #expect(RouteError(error) == expected)
    }

    /// The pages of the real server's framework replace the envelope of these two errors only.
    @Test func onlyRoutingErrorsHavePages() throws {
        for (error, _) in Self.table {
            let page = RoutingErrorPage.page(for: error, error.response)
            switch error {
            case .notFound, .methodNotAllowed:
                let page = try #require(page)
                #expect(page.contentType == "text/html; charset=utf-8")
                #expect(page.status == error.response.status)
                #expect(page.allowedMethods == error.response.allowedMethods)
                let title = error == .notFound ? "404 Not Found" : "405 Method Not Allowed"
                #expect(
                    String(decoding: page.body, as: UTF8.self).hasPrefix(
                        "<!doctype html>\n<html lang=en>\n<title>\(title)</title>\n"))
            default: #expect(page == nil, "\(error)")
            }
        }
    }
}

/// The fields that tell browsers what pages of other origins may do.
@Suite struct CrossOriginTests {
    private static let listed = AllowedOrigins.only(["https://a.example", "https://b.example"])

    private func fields(
        _ kind: CrossOrigin, origin: String? = "https://b.example", wanted: String? = nil,
        isPreflight: Bool = false, allowed: AllowedOrigins = listed, asRecorded: Bool = false
    ) -> [String] {
        kind.fields(
            for: CrossOrigin.Request(origin: origin, wantedFields: wanted, isPreflight: isPreflight),
            allowed: allowed, asRecorded: asRecorded
        ).map { "\($0.name): \($0.value)" }
    }

    private static let api = [
        "Access-Control-Allow-Headers: Content-Type, Authorization",
        "Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS",
    ]

    /// An origin that is not listed gets a listed one, which makes its browser refuse the answer.
    @Test(arguments: [
        ("https://b.example", "https://b.example"), ("https://evil.example", "https://a.example"),
        (nil, "https://a.example"),
    ])
    func theAPINamesAListedOrigin(origin: String?, named: String) {
        #expect(
            fields(.api, origin: origin) == ["Access-Control-Allow-Origin: \(named)"] + Self.api + [
                "Vary: Origin"
            ])
    }

    @Test func theAPIIsOpenWhenAllMayCall() {
        #expect(fields(.api, allowed: .any) == ["Access-Control-Allow-Origin: *"] + Self.api)
        #expect(fields(.api, allowed: .none) == Self.api + ["Vary: Origin"])
    }

    /// A realtime session may carry credentials, so it names the page's origin and never a star.
    @Test func aSessionNamesThePagesOrigin() {
        let named = [
            "Access-Control-Allow-Origin: https://b.example", "Access-Control-Allow-Credentials: true",
            "Vary: Origin",
        ]
        #expect(fields(.engine) == named + Self.api)
        #expect(fields(.engine, allowed: .any) == named + Self.api)
        #expect(
            fields(.engine, origin: "https://evil.example")
                == ["Access-Control-Allow-Origin: https://a.example"] + Self.api)
        // A preflight gets the fields that it asks for.
        #expect(
            fields(.engine, wanted: "X-A, X-B", isPreflight: true)
                == named + ["Access-Control-Allow-Headers: X-A, X-B", Self.api[1]])
        #expect(fields(.engine, wanted: "X-A") == named + Self.api)
    }

    @Test func theRecordedSessionHasItsOwnFields() {
        let credentials = "Access-Control-Allow-Credentials: true"
        #expect(
            fields(.engine, asRecorded: true) == [
                "Access-Control-Allow-Origin: https://b.example", credentials,
            ])
        #expect(fields(.engine, origin: nil, asRecorded: true) == [credentials])
        #expect(fields(.engine, origin: "https://evil.example", asRecorded: true) == [credentials])
        #expect(
            fields(.engine, wanted: "X-A", isPreflight: true, asRecorded: true) == [
                "Access-Control-Allow-Origin: https://b.example",
                "Access-Control-Allow-Methods: OPTIONS, GET, POST", "Access-Control-Allow-Headers: X-A",
                credentials,
            ])
        #expect(fields(.noEngine, asRecorded: true) == [])
        #expect(fields(.noEngine) == fields(.api))
    }

    /// To a preflight without a route the real server sends two sets of fields.
    @Test func aRecordedPreflightWithoutARouteHasBothSets() {
        let everywhere = fields(.api)
        #expect(fields(.noRoute, asRecorded: true) == everywhere)
        #expect(
            fields(.noRoute, isPreflight: true, asRecorded: true) == [
                "Access-Control-Allow-Origin: https://b.example", "Access-Control-Allow-Credentials: true",
                "Access-Control-Allow-Methods: DELETE, GET, OPTIONS, POST, PUT", "Vary: Origin",
            ] + everywhere)
        #expect(fields(.noRoute, isPreflight: true) == everywhere)
    }
}
