import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatClientCore

@Suite struct AccountFilesTests {
    private let user = User(id: ana, name: "Ana Lima", email: "ana@exemplo.com")

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func theTokenIsForItsOwnerOnly() throws {
        let directory = try TemporaryDirectory()
        let files = try ProfileFiles(
            directories: ClientDirectories(root: directory.path), profile: "default",
            server: ServerURL("localhost:5000"))
        #expect(try files.loadAccount() == nil)
        let saved = ProfileFiles.SavedAccount(user: user, token: "a.b.c")
        try files.save(saved)
        #expect(try files.loadAccount() == saved)
        let place = directory.path + "/data/default/http_3a_2f_2flocalhost_3a5000"
        #expect(try mode(place + "/account.json") == 0o600)
        for path in [place, directory.path + "/data", directory.path + "/data/default"] {
            #expect(try mode(path) == 0o700)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["account.json"])
        try files.save(ProfileFiles.SavedAccount(user: user, token: nil))
        #expect(try files.loadAccount()?.token == nil)
        try files.forgetAccount()
        try files.forgetAccount()
        #expect(try files.loadAccount() == nil)
    }

    @Test func aDamagedAccountFileIsNoAccount() throws {
        let directory = try TemporaryDirectory()
        let files = try ProfileFiles(
            directories: ClientDirectories(root: directory.path), profile: "p", server: ServerURL("localhost")
        )
        let path = directory.path + "/data/p/http_3a_2f_2flocalhost/account.json"
        for text in ["", "{", "[]", #"{"token":"x"}"#, #"{"user":{"id":"a"}}"#] {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            #expect(try files.loadAccount() == nil)
        }
    }

    @Test func aDirectoryThatCannotBeMadeIsSaid() throws {
        let directory = try TemporaryDirectory()
        let blocker = directory.path + "/file"
        try "x".write(toFile: blocker, atomically: false, encoding: .utf8)
        #expect(throws: ChatError.file(path: blocker + "/data/p/http_3a_2f_2flocalhost", code: ENOTDIR)) {
            try ProfileFiles(
                directories: ClientDirectories(root: blocker), profile: "p", server: ServerURL("localhost"))
        }
    }

    @Test func noTwoTextsHaveOneDirectory() {
        #expect(ProfileFiles.component("https://example.org/base") == "https_3a_2f_2fexample.org_2fbase")
        #expect(ProfileFiles.component("..") == "_2e.")
        #expect(ProfileFiles.component("a_3a") == "a_5f3a")
        #expect(ProfileFiles.component("") == "_")
        #expect(ProfileFiles.component("é") == "_c3_a9")
    }

    @Test func oneSenderAtATimeAndAnEndedOneFreesTheLock() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/sender.lock"
        func isFree() throws -> Bool {
            if let lock = try SenderLock.take(path) {
                _ = consume lock
                return true
            }
            return false
        }
        guard let lock = try SenderLock.take(path) else {
            Issue.record("a lock that nobody has was refused")
            return
        }
        #expect(try !isFree())
        _ = consume lock
        #expect(try isFree())
    }

    @Test func directoriesFollowTheEnvironment() {
        let plain = ClientDirectories.xdg(environment: ["HOME": "/home/ana"])
        #expect(plain.data == "/home/ana/.local/share/mychat")
        #expect(plain.config == "/home/ana/.config/mychat")
        #expect(plain.state == "/home/ana/.local/state/mychat")
        #expect(plain.runtime == nil)
        let set = ClientDirectories.xdg(environment: [
            "HOME": "/home/ana", "XDG_DATA_HOME": "/d/", "XDG_CONFIG_HOME": "relative",
            "XDG_RUNTIME_DIR": "/run/1",
        ])
        #expect(set.data == "/d/mychat")
        #expect(set.config == "/home/ana/.config/mychat")
        #expect(set.runtime == "/run/1/mychat")
    }

    /// Without a valid home no directory is created, least of all in the working directory.
    @Test func aHomeThatIsNoneIsLookedUpAndNeverMade() throws {
        let directory = try TemporaryDirectory()
        let real = ClientDirectories.xdg(environment: ["HOME": directory.path])
        #expect(real.missingHome == nil)
        let absent = ClientDirectories.xdg(environment: ["HOME": directory.path + "/absent"])
        #expect(absent.missingHome == .absent(directory.path + "/absent"))
        let file = directory.path + "/file"
        try #require(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(ClientDirectories.xdg(environment: ["HOME": file]).missingHome == .absent(file))
        let account = ClientDirectories.xdg(environment: [:])
        for home in ["", ".", "relative/home"] {
            let directories = ClientDirectories.xdg(environment: ["HOME": home])
            #expect(directories == account, "\(home)")
            #expect(directories.data.hasPrefix("/"))
        }
        // A program that needs no home is not stopped.
        let own = ["XDG_DATA_HOME": directory.path, "XDG_STATE_HOME": directory.path, "HOME": "/no/where"]
        #expect(ClientDirectories.xdg(environment: own).missingHome == nil)
    }

    @Test func aTokenTellsItsEnd() throws {
        let claims = Base64URL.encode(Array(#"{"user_id":15,"exp":1797407527,"iat":1795333927}"#.utf8))
        let read = try #require(TokenClaims(token: "e30.\(claims).sig"))
        #expect(read.userID == UserID(15))
        #expect(read.expiresAt == Timestamp(seconds: 1_797_407_527))
        #expect(read.issuedAt == Timestamp(seconds: 1_795_333_927))
        for text in ["", "a.b", "a.b.c", "a.%%.c", "..", "a.e30.b.c"] {
            #expect(TokenClaims(token: text) == nil)
        }
    }
}
