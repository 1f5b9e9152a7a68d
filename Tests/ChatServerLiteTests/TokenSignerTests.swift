import ChatCrypto
import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct TokenSignerTests {
    private let secret = Array("peer_secret_for_tests".utf8)
    private let now = Timestamp(seconds: 1_795_333_751)

    private func signer(
        _ algorithm: TokenAlgorithm = .hs256, _ manner: Manner = .extended
    ) -> TokenSigner {
        TokenSigner(
            algorithm: algorithm, secret: secret, lifetime: .seconds(24 * 86_400),
            bindsToAccounts: manner == .extended)
    }

    /// A token of the real API, from the recordings.
    private let recorded =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxLCJleHAiOjE3OTc0MDczMzksImlhdCI6MTc5NTMzMzczOX0"
        + ".ZnNxObC4at6zSRla9AarClRIyEyjf0tnlIBrRIFDlYI"

    @Test func makesTheRecordedToken() {
        #expect(signer().token(for: UserID(1), now: Timestamp(seconds: 1_795_333_739)) == recorded)
    }

    @Test func readsTheRecordedToken() throws {
        #expect(try signer().user(of: recorded, now: now) == UserID(1))
    }

    /// Judges every recorded token, at its time, as the real API did.
    @Test func judgesTokensAsRecorded() throws {
        let cases = try #require(try Recordings.rest.get()["cases"]?.arrayValue)
        var judged = 0
        for entry in cases {
            let name = entry["name"]?.stringValue ?? ""
            guard name.hasPrefix("me_"), name != "me_token_unknown_user",
                let header = entry["request"]?["headers"]?["Authorization"]?.stringValue,
                let token = try? AccessToken.text(of: header)
            else { continue }
            let date = entry["response"]?["headers"]?.arrayValue?.first { $0[0] == "Date" }?[1]?.stringValue
            let time = try #require(WireDate.parse(date ?? ""))
            let isGood = (try? signer(.hs256, .recorded).user(of: token, now: time)) != nil
            let status = entry["response"]?["status"]?.integerValue
            #expect(isGood == (status != 401), "\(name)")
            judged += 1
        }
        #expect(judged >= 14)
    }

    @Test(arguments: TokenAlgorithm.allCases)
    func eachAlgorithmReadsItsOwn(algorithm: TokenAlgorithm) throws {
        let token = signer(algorithm).token(for: UserID(42), now: now)
        #expect(try signer(algorithm).user(of: token, now: now) == UserID(42))
        for other in TokenAlgorithm.allCases where other != algorithm {
            #expect(throws: TokenSigner.Refusal.otherAlgorithm) {
                try signer(other).user(of: token, now: now)
            }
        }
    }

    /// RFC 7515 section 4.1.11: a token with critical extensions that the server does not understand is
    /// refused, whether well formed or not.
    @Test(arguments: [
        #"["x"]"#, #"["exp"]"#, "[]", "null", "true", "\"x\"", "{}", "[1]", #"["x","x"]"#,
    ])
    func refusesCriticalExtensions(crit: String) throws {
        let claims = #"{"user_id":1,"iat":1795333700,"exp":1795999999}"#
        func token(_ header: String) -> String {
            let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
            return signed + "."
                + Base64URL.encode(HMAC.authenticate(Array(signed.utf8), key: secret, using: .sha256))
        }
        for manner in [Manner.extended, .recorded] {
            let signer = signer(.hs256, manner)
            #expect(try signer.user(of: token(#"{"alg":"HS256","x":1}"#), now: now) == UserID(1))
            for header in [#"{"alg":"HS256","crit":\#(crit),"x":1}"#, #"{"crit":\#(crit),"alg":"HS256"}"#] {
                #expect(throws: TokenSigner.Refusal.malformed, "\(header)") {
                    try signer.user(of: token(header), now: now)
                }
            }
        }
    }

    @Test func expiresOnTheSecond() throws {
        let token = signer().token(for: UserID(1), now: now)
        let end = now.seconds + 24 * 86_400
        #expect(try signer().user(of: token, now: Timestamp(seconds: end - 1)) == UserID(1))
        #expect(throws: TokenSigner.Refusal.expired) {
            try signer().user(of: token, now: Timestamp(seconds: end))
        }
    }

    @Test(arguments: [
        "", ".", "..", "a.b", "a.b.c", "a.b.c.d", "eyJ9.e30.", String(repeating: "a", count: 5000),
    ])
    func refusesMalformedTokens(text: String) {
        #expect(throws: TokenSigner.Refusal.self) { try signer().user(of: text, now: now) }
    }

    /// A change of any bit invalidates a token.
    @Test func anyChangedBitInvalidatesAToken() {
        let bytes = Array(recorded.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            let token = String(decoding: changed, as: UTF8.self)
            #expect(throws: TokenSigner.Refusal.self, "byte \(index)") {
                try signer().user(of: token, now: now)
            }
        }
    }

    private func token(_ claims: JSONValue) -> String {
        let head = Base64URL.encode(Array(#"{"alg":"HS256"}"#.utf8))
        let signed = head + "." + Base64URL.encode(claims.serialized())
        return signed + "." + Base64URL.encode(HMAC.authenticate(Array(signed.utf8), key: secret))
    }

    @Test(
        arguments: [
            (["user_id": 7], .endless),
            (["user_id": 7, "exp": 99_999_999_999], nil),
            (["user_id": "7", "exp": 99_999_999_999], nil),
            (["exp": 99_999_999_999], .noUser),
            (["user_id": "x", "exp": 99_999_999_999], .noUser),
            (["user_id": 7, "exp": "soon"], .malformed),
            (["user_id": 7, "exp": .null], .malformed),
            (["user_id": 7, "exp": 99_999_999_999, "iat": 1_795_333_900], nil),
            (["user_id": 7, "exp": 1_795_333_899, "iat": 1_795_333_900], .malformed),
            (["user_id": 7, "exp": 99_999_999_999, "iat": 1e300], .malformed),
            (["user_id": 7, "exp": 99_999_999_999, "iat": "now"], .malformed),
            (["user_id": 7, "exp": 99_999_999_999, "nbf": 1_795_333_900], .notYetValid),
            (["user_id": 7, "exp": 1_795_333_899, "nbf": 1_795_333_900], .malformed),
            (["user_id": 7, "exp": 1_795_333_751.5], nil),
        ] as [(JSONValue, TokenSigner.Refusal?)])
    func checksTheClaims(claims: JSONValue, refusal: TokenSigner.Refusal?) throws {
        if let refusal {
            #expect(throws: refusal) { try signer().user(of: token(claims), now: now) }
        } else {
            #expect(try signer().user(of: token(claims), now: now) == UserID(7))
        }
    }

    /// The limit counts whole tokens, and holds however well one is signed.
    @Test(arguments: [(4096, 3023, nil), (4097, 3024, .malformed)] as [(Int, Int, TokenSigner.Refusal?)])
    func aTokenMayHave4096Bytes(length: Int, claimBytes: Int, refusal: TokenSigner.Refusal?) throws {
        let rest = #"{"user_id":7,"exp":99999999999,"x":""}"#
        let filling = String(repeating: "a", count: claimBytes - rest.utf8.count)
        let long = token(["user_id": 7, "exp": 99_999_999_999, "x": .string(filling)])
        try #require(long.utf8.count == length)
        if let refusal {
            #expect(throws: refusal) { try signer().user(of: long, now: now) }
        } else {
            #expect(try signer().user(of: long, now: now) == UserID(7))
        }
    }

    /// The clocks of machines that share a secret may differ by a second.
    @Test(arguments: [("nbf", Manner.extended), ("nbf", .recorded), ("iat", .recorded)])
    func aSecondAheadIsTolerated(claim: String, manner: Manner) throws {
        let signer = signer(.hs256, manner)
        func ahead(_ seconds: Int64) -> String {
            token([
                "user_id": 7, "exp": 99_999_999_999, claim: .integer(now.seconds + seconds),
            ])
        }
        #expect(try signer.user(of: ahead(1), now: now) == UserID(7))
        #expect(throws: TokenSigner.Refusal.notYetValid) { try signer.user(of: ahead(2), now: now) }
    }

    /// The real server does refuse it, and so signs everybody out when its clock is set back.
    @Test func theOriginalRefusesATokenFromTheFuture() throws {
        let early = token(["user_id": 7, "iat": .integer(now.seconds + 3600)])
        #expect(throws: TokenSigner.Refusal.notYetValid) {
            try signer(.hs256, .recorded).user(of: early, now: now)
        }
    }

    @Test(arguments: [(-1, false), (0, true), (1, true), (86_400, true)])
    func aTokenBelongsToTheAccountThatExistedWhenItWasIssued(seconds: Int64, isItsOwn: Bool) throws {
        // The account is created late in a second. The token has only the whole second.
        let made = Timestamp(microseconds: now.seconds * 1_000_000 + 999_999)
        let account = User(id: UserID(7), name: "Ana", email: "ana@x", createdAt: made)
        let end = JSONValue.integer(now.seconds + 90_000)
        let issued = token(["user_id": 7, "exp": end, "iat": .integer(now.seconds + seconds)])
        let holder = try signer().holder(of: issued, now: now)
        #expect(signer().accepts(holder, for: account) == isItsOwn)
        #expect(signer(.hs256, .recorded).accepts(holder, for: account))
        let silent = try signer().holder(of: token(["user_id": 7, "exp": end]), now: now)
        #expect(signer().accepts(silent, for: account))
    }

    /// The clock was ahead when the account was created, and has been corrected since.
    @Test func aFreshTokenIsValidAfterTheClockWasSetBack() throws {
        let account = User(
            id: UserID(7), name: "Ana", email: "ana@x",
            createdAt: Timestamp(seconds: now.seconds + 40 * 86_400))
        let fresh = signer().token(for: account, now: now)
        #expect(signer().accepts(try signer().holder(of: fresh, now: now), for: account))
    }

    /// The real server accepts it, as recorded.
    @Test func onlyTheOriginalAcceptsAnEndlessToken() throws {
        let endless = token(["user_id": 7])
        #expect(throws: TokenSigner.Refusal.endless) { try signer().user(of: endless, now: now) }
        #expect(try signer(.hs256, .recorded).user(of: endless, now: now) == UserID(7))
    }

    // MARK: Several keys

    private func ring(_ secrets: String...) -> TokenKeyring {
        TokenKeyring(secrets.map { TokenKey(secret: Array($0.utf8)) })
    }

    private func signer(_ ring: TokenKeyring) -> TokenSigner {
        TokenSigner(
            algorithm: .hs256, ring: ring, lifetime: .seconds(3600), bindsToAccounts: true, namesKeys: true)
    }

    @Test func theNewestKeySignsAndNamesItself() throws {
        let ring = ring("new", "old")
        let text = signer(ring).token(for: UserID(1), session: SessionID(5), now: now)
        let header = try JSONValue(
            parsing: try Base64URL.decode(Array(text.utf8.prefix { $0 != UInt8(ascii: ".") })))
        #expect(header["kid"]?.stringValue == TokenKey(secret: Array("new".utf8)).id)
        let holder = try signer(ring).holder(of: text, now: now)
        #expect(holder.session == SessionID(5) && holder.key == ring.keys[0].id)
        #expect(holder.expiresAt == now.seconds + 3600)
    }

    /// Also tokens without a name, from before, and those with the name of a key that nobody has.
    @Test func allKeysVerifyUntilTheyAreGone() throws {
        let before = TokenSigner(algorithm: .hs256, secret: Array("old".utf8), lifetime: .seconds(3600))
        let tokens = [
            before.token(for: UserID(1), now: now), signer(ring("old")).token(for: UserID(1), now: now),
        ]
        let ring = ring("old")
        let signer = signer(ring)
        for keys in [["new", "old"], ["newest", "new", "old"]] {
            ring.replace(keys.map { TokenKey(secret: Array($0.utf8)) })
            for token in tokens { #expect(try signer.user(of: token, now: now) == UserID(1)) }
        }
        let holder = try signer.holder(of: tokens[0], now: now)
        #expect(signer.has(keyOf: holder))
        ring.replace([TokenKey(secret: Array("newest".utf8))])
        for token in tokens {
            #expect(throws: TokenSigner.Refusal.badSignature) { try signer.user(of: token, now: now) }
        }
        #expect(!signer.has(keyOf: holder))
    }

    /// A name chooses one key: a signature of another one does not count.
    @Test func aNamedKeyIsTheOnlyOneThatCounts() throws {
        let ring = ring("new", "old")
        let head = JSONValue.object(["alg": "HS256", "kid": .string(ring.keys[0].id)])
        let claims: JSONValue = ["user_id": 7, "exp": 99_999_999_999]
        let signed = Base64URL.encode(head.serialized()) + "." + Base64URL.encode(claims.serialized())
        func token(_ secret: String) -> String {
            signed + "."
                + Base64URL.encode(
                    HMAC.authenticate(Array(signed.utf8), key: Array(secret.utf8), using: .sha256))
        }
        #expect(try signer(ring).user(of: token("new"), now: now) == UserID(7))
        #expect(throws: TokenSigner.Refusal.badSignature) {
            try signer(ring).user(of: token("old"), now: now)
        }
    }

    @Test(arguments: [
        ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER   abc  ", "abc"), ("\tBearer\tabc", "abc"),
    ])
    func findsTheTokenInAHeader(header: String, token: String) throws {
        #expect(try AccessToken.text(of: header) == token)
    }

    @Test(arguments: [
        (nil, TokenProblem.missing), ("", .missing), ("abc", .malformed), ("Bearer", .malformed),
        ("Bearer a b", .malformed), ("Basic abc", .malformed), ("   ", .malformed),
    ])
    func reportsTheProblemOfAHeader(header: String?, problem: TokenProblem) {
        #expect(throws: problem) { try AccessToken.text(of: header) }
    }
}
