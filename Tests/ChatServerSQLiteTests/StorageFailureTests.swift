import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// SQLite's failures in the terms that every storage shares.
@Suite struct StorageFailureTests {
    private struct Other: Error, CustomStringConvertible {
        var description: String { "another" }
    }

    @Test func everyErrorHasAKind() {
        // The codes are SQLite's: 2067 is SQLITE_CONSTRAINT_UNIQUE, 1299 is SQLITE_CONSTRAINT_NOTNULL, 8 is
        // SQLITE_READONLY, 1 is SQLITE_ERROR.
        let table: [(SQLiteError, StorageFailure.Kind)] = [
            (.full(message: "m"), .full), (.busy(message: "m"), .busy), (.corrupt(message: "m"), .corrupt),
            (.constraint(code: 2067, message: "m"), .conflict),
            (.constraint(code: 1299, message: "m"), .other),
            (.failed(code: 8, message: "m", sql: "s"), .readOnly),
            (.failed(code: 8 | 1 << 8, message: "m", sql: "s"), .readOnly),
            (.failed(code: 1, message: "m", sql: "s"), .other),
            (.cannotOpen(path: "p", code: 14, message: "m"), .other),
            (.newerSchema(found: 2, supported: 1), .other),
        ]
        for (error, kind) in table {
            #expect(StorageFailure(of: error) == StorageFailure(kind, detail: error.description))
        }
        #expect(StorageFailure(of: Other()) == StorageFailure(.other, detail: "another"))
    }

    @Test func aDatabaseThatCannotBeOpenedSaysWhy() {
        #expect(
            UnusableDatabase(.newerSchema(found: 9, supported: 6)) == .newerSchema(found: 9, supported: 6))
        #expect(
            UnusableDatabase(.cannotOpen(path: "p", code: 14, message: "m")) == .cannotOpen(reason: "m"))
        let busy = SQLiteError.busy(message: "m")
        #expect(UnusableDatabase(busy) == .failed(StorageFailure(.busy, detail: busy.description)))
    }
}

/// The mark outside the database that reveals an older copy.
@Suite struct HighWaterMarkTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func aMarkIsFoundAgain() throws {
        try inDirectory { directory in
            let path = directory + "/state/x.mark"
            do {
                let mark = try HighWaterMark(path: path)
                #expect(mark.found == nil)
                mark.write(epoch: 5, sequence: -7, newestMessage: .max)
                mark.write(epoch: 5, sequence: 8, newestMessage: 9)
            }
            let again = try HighWaterMark(path: path)
            #expect(again.found == HighWaterMark.Position(epoch: 5, sequence: 8, newestMessage: 9))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.size] as? Int == 32)
        }
    }

    /// A file of another kind is no mark, and becomes one with the next commit.
    @Test(arguments: [[], [1, 2, 3], [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 100)])
    func anotherFileIsNoMark(content: [UInt8]) throws {
        try inDirectory { directory in
            let path = directory + "/x.mark"
            try Data(content).write(to: URL(fileURLWithPath: path))
            do {
                let mark = try HighWaterMark(path: path)
                #expect(mark.found == nil)
                mark.write(epoch: 1, sequence: 2, newestMessage: 3)
            }
            let again = try HighWaterMark(path: path)
            #expect(again.found == HighWaterMark.Position(epoch: 1, sequence: 2, newestMessage: 3))
        }
    }
}

/// The words of the index of people.
@Suite struct SearchTextTests {
    /// Every text of up to four letters that a user's text contains leads to words that the user has.
    @Test(arguments: [("Ana Lima", "ana@exemplo.com"), ("Ζωή 😀", "zoe@x"), ("B", "b"), ("", "")])
    func whatAUserContainsIsFound(name: String, email: String) {
        let words = Set(SearchText.words(name: name, email: email).split(separator: " ").map(String.init))
        let text = Array(SearchText.of(name: name, email: email).unicodeScalars)
        for start in text.indices {
            for length in 1...4 where start + length <= text.count {
                let part = String(String.UnicodeScalarView(text[start..<start + length]))
                guard let query = SearchText.query([part]) else { continue }
                for word in query.components(separatedBy: " AND ") {
                    let isThere =
                        word.hasSuffix("*")
                        ? words.contains { $0.hasPrefix(word.dropLast()) } : words.contains(word)
                    #expect(isThere, "\(part): \(word)")
                }
            }
        }
    }

    @Test func nothingToSearchForIsNoQuery() {
        #expect(SearchText.query([]) == nil)
        #expect(SearchText.query(["", ""]) == nil)
    }

    /// Four base 36 digits for each letter: "a" is 97, which is 2p in base 36.
    @Test func wordsAreDigits() {
        #expect(SearchText.query(["a"]) == "002p*")
        #expect(SearchText.query(["ab"]) == "002p002q*")
        #expect(SearchText.query(["abc"]) == "002p002q002r")
        #expect(SearchText.query(["abcd", "a"]) == "002p* AND 002p002q002r AND 002q002r002s")
        #expect(
            Set(SearchText.words(name: "A", email: "").split(separator: " ")) == [
                "002p00010001", "000100010001",
            ])
        #expect(SearchText.of(name: "Ána", email: "X@y") == "ana\u{1}x@y")
    }

    /// However long the text is, the query stays short.
    @Test func aLongTextMakesAShortQuery() {
        let long = String((0..<5000).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
        #expect(SearchText.query([long])?.components(separatedBy: " AND ").count == 26)
        let varied = String(String.UnicodeScalarView((0..<5000).compactMap { Unicode.Scalar(0x4E00 + $0) }))
        #expect(SearchText.query([varied])?.components(separatedBy: " AND ").count == 32)
    }
}
