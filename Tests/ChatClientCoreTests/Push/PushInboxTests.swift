import ChatCrypto
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct PushInboxTests {
    private let server = P256PrivateKey()
    private let keys = PushKeys()
    private let now = Timestamp(seconds: 1_800_000_000)

    private var inbox: PushInbox {
        PushInbox(
            keys: keys,
            verifier: VAPIDVerifier(serverKey: server.publicKey, audience: "http://127.0.0.1:9"),
            target: "/push/x")
    }

    private func authorization(
        _ claims: JSONValue? = nil, key: P256PrivateKey? = nil, shown: P256PrivateKey? = nil,
        algorithm: String = "ES256"
    ) throws -> String {
        let claims =
            claims ?? ["aud": "http://127.0.0.1:9", "exp": .integer(now.seconds + 60), "sub": "mailto:a@b"]
        let header: JSONValue = ["typ": "JWT", "alg": .string(algorithm)]
        let text = Base64URL.encode(header.serialized()) + "." + Base64URL.encode(claims.serialized())
        let signature = try (key ?? server).signature(for: Array(text.utf8))
        let point = Base64URL.encode((shown ?? server).publicKey.point)
        return "vapid t=\(text).\(Base64URL.encode(signature)), k=\(point)"
    }

    private func request(_ authorization: String?, _ payload: JSONValue = ["title": "T"]) throws
        -> PushRequest
    {
        let body = try WebPushMessage.seal(
            payload.serialized(), to: keys.key.publicKey, secret: keys.secret)
        var headers = ["content-encoding": "aes128gcm"]
        headers["authorization"] = authorization
        return PushRequest(method: "POST", target: "/push/x", headers: headers, body: body)
    }

    @Test func readsAPush() throws {
        let push = try inbox.receive(
            request(
                authorization(),
                [
                    "title": "💬 Ana", "body": "oi",
                    "data": ["type": "message", "senderId": 7, "senderName": "Ana"],
                ]
            ), now: now)
        #expect(push.title == "💬 Ana")
        #expect(push.body == "oi")
        #expect(push.kind == "message")
        #expect(push.senderID == UserID(7))
        #expect(push.senderName == "Ana")
    }

    @Test func takesTheOrderAndSpacingOfOtherSenders() throws {
        let text = try authorization().dropFirst("vapid ".count)
        let parts = text.split(separator: ", ")
        for other in ["VAPID \(parts[1]),\(parts[0])", "vapid \(parts[0]),\(parts[1])"] {
            #expect(try inbox.receive(request(other), now: now).title == "T")
        }
    }

    @Test func refusesWhoIsNotTheServer() throws {
        let stranger = P256PrivateKey()
        let audience: JSONValue = "http://127.0.0.1:9"
        func claims(_ seconds: Int64, audience: JSONValue, subject: JSONValue = "mailto:a@b") -> JSONValue {
            ["aud": audience, "exp": .integer(now.seconds + seconds), "sub": subject]
        }
        let cases: [(String?, VAPIDProblem)] = [
            (nil, .missing), ("", .malformed), ("Bearer x", .malformed), ("vapid t=a.b.c", .malformed),
            ("vapid x", .malformed), (try authorization(algorithm: "none"), .malformed),
            (try authorization(key: stranger, shown: stranger), .wrongKey),
            (try authorization(key: stranger), .wrongSignature),
            (try authorization(claims(60, audience: "http://127.0.0.1:10")), .wrongAudience),
            (try authorization(claims(0, audience: audience)), .wrongTime),
            (try authorization(claims(90_000, audience: audience)), .wrongTime),
            (try authorization(claims(60, audience: audience, subject: .null)), .noSubject),
        ]
        for (text, problem) in cases {
            #expect(throws: PushRejection.unauthorized(problem), "\(problem)") {
                try inbox.receive(request(text), now: now)
            }
        }
    }

    @Test func refusesWhatIsNoPush() throws {
        var other = try request(authorization())
        other.target = "/"
        #expect(throws: PushRejection.unknownPath) { try inbox.receive(other, now: now) }
        other = try request(authorization())
        other.method = "GET"
        #expect(throws: PushRejection.wrongMethod) { try inbox.receive(other, now: now) }
        other = try request(authorization())
        other.body[100] ^= 1
        #expect(throws: PushRejection.unreadable) { try inbox.receive(other, now: now) }
        other = try request(authorization())
        other.headers["content-encoding"] = "aesgcm"
        #expect(throws: PushRejection.unreadable) { try inbox.receive(other, now: now) }
        #expect(throws: PushRejection.unexpectedContent) {
            try inbox.receive(request(authorization(), ["body": "no title"]), now: now)
        }
    }
}

@Suite struct PushRequestParserTests {
    private static let bytes = Array(
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX-Y:  z\r\n\r\nabcGET / HTTP/1.1\r\n\r\n".utf8)

    private static let expected = [
        PushRequest(
            method: "POST", target: "/x", headers: ["host": "a", "content-length": "3", "x-y": "z"],
            body: Array("abc".utf8)),
        PushRequest(method: "GET", target: "/", headers: [:], body: []),
    ]

    @Test(arguments: [1, 2, 3, 7, 1000])
    func requestsInPieces(_ size: Int) throws {
        var parser = PushRequestParser()
        var requests: [PushRequest] = []
        var rest = Self.bytes[...]
        while !rest.isEmpty {
            parser.receive(rest.prefix(size))
            rest = rest.dropFirst(size)
            while let request = try parser.next() { requests.append(request) }
        }
        #expect(requests == Self.expected)
    }

    @Test(arguments: [
        "x\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nx\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "\r\n\r\n",
    ])
    func refusesWhatIsNoRequest(_ text: String) {
        #expect(throws: PushRequestParser.ParseError.malformed) {
            var parser = PushRequestParser()
            parser.receive(Array(text.utf8))
            _ = try parser.next()
        }
    }

    @Test func askingAgainWithoutMoreBytesGivesNothing() throws {
        var parser = PushRequestParser()
        parser.receive(Array("POST /".utf8))
        for _ in 1...3 { #expect(try parser.next() == nil) }
    }

    @Test func limitsWhatItHolds() {
        for text in [
            String(repeating: "a", count: 16 * 1024 + 1), "POST / HTTP/1.1\r\nContent-Length: 8193\r\n\r\n",
        ] {
            #expect(throws: PushRequestParser.ParseError.tooLong) {
                var parser = PushRequestParser()
                parser.receive(Array(text.utf8))
                _ = try parser.next()
            }
        }
    }
}
