import Testing

@testable import ChatServerLite

@Suite struct EnvironmentFileTests {
    private func values(_ text: String) throws -> [String: String] {
        try EnvironmentFile(parsing: Array(text.utf8)).entries.mapValues(\.value)
    }

    @Test(arguments: [
        ("PORT=8080", ["PORT": "8080"]),
        ("  export HOST = 0.0.0.0  ", ["HOST": "0.0.0.0"]),
        ("# a comment\n\nA=1\r\nB=2\r\n", ["A": "1", "B": "2"]),
        ("A=one # the rest\nB=two#not", ["A": "one", "B": "two#not"]),
        ("A=", ["A": ""]),
        ("A='$HOME # \\n'", ["A": "$HOME # \\n"]),
        ("A=\"x\\ny\\t\\\"\\\\\\$\\q\"  # why", ["A": "x\ny\t\"\\$\\q"]),
        ("KEY=\"-----BEGIN\nabc\n-----END\"\nB=2", ["KEY": "-----BEGIN\nabc\n-----END", "B": "2"]),
        ("A=1\nA=2", ["A": "2"]),
        ("URL=sqlite:a=b", ["URL": "sqlite:a=b"]),
        ("\u{FEFF}A=1", ["A": "1"]),
        ("A=\"\"", ["A": ""]),
        ("A=olá 😀", ["A": "olá 😀"]),
    ])
    func readsCommonSyntax(text: String, expected: [String: String]) throws {
        #expect(try values(text) == expected)
    }

    @Test(arguments: [
        ("A=1\nnonsense\n", EnvironmentFile.ParseError.missingEqualsSign(line: 2)),
        ("\n\n1A=2", .invalidKey(line: 3)),
        ("A B=2", .invalidKey(line: 1)),
        ("=2", .invalidKey(line: 1)),
        ("A=1\nB=\"never\nclosed", .unterminatedQuote(line: 2)),
        ("B='x' y", .textAfterQuote(line: 1)),
        ("export", .missingEqualsSign(line: 1)),
    ])
    func reportsTheLineOfAnError(text: String, expected: EnvironmentFile.ParseError) {
        #expect(throws: expected) { try values(text) }
    }

    @Test func refusesInvalidUTF8() {
        #expect(throws: EnvironmentFile.ParseError.notUTF8) {
            try EnvironmentFile(parsing: [0x41, 0x3D, 0xFF])
        }
    }

    @Test func keepsTheLineOfEachKey() throws {
        let file = try EnvironmentFile(parsing: Array("\nA=\"x\ny\"\nB=2".utf8))
        #expect(file["A"]?.line == 2)
        #expect(file["B"]?.line == 4)
    }
}
