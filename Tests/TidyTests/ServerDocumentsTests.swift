import Foundation
import Testing

/// Holds the documents for people who run a server to the sources.
@Suite struct ServerDocumentsTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: SourceTree.root + "/" + path, encoding: .utf8)
    }

    private static let serverTargets: Set = ["ChatServerLite", "ChatServerSQLite", "mychat-server"]

    private static let serverSources = SourceTree.sources.filter { serverTargets.contains($0.target) }

    /// Words in capitals in the server's sources that are no settings.
    private static let otherWords: Set = [
        "DESC", "HEAD", "OPTIONS", "ES256", "HS256", "HS384", "HS512", "LIMIT_",
    ]

    /// What the server reads from its environment, for which a file of settings is no place.
    private static let environmentOnly: Set = [
        "HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_STATE_HOME", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
    ]

    /// The names of the settings that the server reads.
    private static let settings: Set<String> = {
        var names: Set<String> = []
        for file in serverSources {
            for match in file.lines.joined(separator: "\n").matches(of: #/"([A-Z][A-Z0-9_]{3,})"/#) {
                names.insert(String(match.output.1))
            }
        }
        return names.subtracting(otherWords)
    }()

    /// The words of a text that could be settings.
    private static func words(in text: String) -> Set<String> {
        Set(text.matches(of: #/[A-Z][A-Z0-9_]+/#).map { String($0.output) })
    }

    /// A setting without a word in the manual and in the template is known to nobody.
    @Test func everySettingIsDocumented() throws {
        #expect(Self.settings.count >= 40)
        let manual = Self.words(in: try Self.text("man/mychat-server.8"))
        let template = Self.words(in: try Self.text(".env.example"))
        for name in Self.settings {
            #expect(manual.contains(name), "mychat-server(8) lacks \(name)")
            #expect(
                template.contains(name) || Self.environmentOnly.contains(name), ".env.example lacks \(name)")
        }
    }

    /// The limits are named by a rule: LIMIT_ACTION_ADDRESS and LIMIT_ACTION_ACCOUNT.
    private static func isSetting(_ name: String) -> Bool {
        settings.contains(name) || (name.hasPrefix("LIMIT_") && name.contains(#/_(ADDRESS|ACCOUNT)$/#))
    }

    @Test func theManualNamesNoOtherSetting() throws {
        let manual = try Self.text("man/mychat-server.8")
        let section = manual.components(separatedBy: ".Sh SETTINGS")[1].components(separatedBy: "\n.Sh ")[0]
        let items = section.components(separatedBy: "\n").filter {
            $0.hasPrefix(".It Ev ") && !$0.contains(" Ns ")
        }
        let names = items.flatMap { $0.dropFirst(7).components(separatedBy: " , ") }
        #expect(names.count >= 30)
        for name in names { #expect(Self.isSetting(name), "the server does not read \(name)") }
    }

    @Test(arguments: [
        (".env.example", #"^#?([A-Z_0-9]+)="#), ("deploy/systemd/env", #"^#?([A-Z_0-9]+)="#),
        ("deploy/render.yaml", #"- key: ([A-Z_0-9]+)$"#),
        ("deploy/systemd/mychat-server.service", #"^Environment=([A-Z_]+)="#),
    ])
    func filesOfSettingsNameNoOther(path: String, pattern: String) throws {
        let expression = try Regex(pattern, as: (Substring, Substring).self).anchorsMatchLineEndings()
        let names = try Self.text(path).matches(of: expression).map { String($0.output.1) }
        #expect(!names.isEmpty)
        for name in names { #expect(Self.isSetting(name), "\(path): the server does not read \(name)") }
    }

    /// The options of each command are in the manual.
    @Test func everyOptionIsInTheManual() throws {
        let manual = try Self.text("man/mychat-server.8")
        var count = 0
        for file in SourceTree.sources where file.target == "mychat-server" {
            let text = file.lines.joined(separator: "\n")
            for declaration in text.split(separator: #/@(?:Option|Flag)\b/#).dropFirst() {
                let end = try #require(declaration.firstMatch(of: #/\bvar (\w+)/#))
                let long = declaration[..<end.range.lowerBound].firstMatch(of: #/customLong\("([^"]+)"\)/#)
                let name = long.map { String($0.output.1) } ?? Self.kebab(String(end.output.1))
                count += 1
                #expect(manual.contains("Fl -\(name)"), "mychat-server(8) lacks --\(name) of \(file.path)")
            }
        }
        #expect(count >= 25)
    }

    private static func kebab(_ name: String) -> String {
        name.reduce(into: "") { text, character in
            text += character.isUppercase ? "-" + character.lowercased() : String(character)
        }
    }

    /// Each signal that the server takes is in the manual.
    @Test func everySignalIsInTheManual() throws {
        let manual = try Self.text("man/mychat-server.8")
        let section = manual.components(separatedBy: ".Sh SIGNALS")[1].components(separatedBy: "\n.Sh ")[0]
        let source = try Self.text("Sources/ChatServerLite/Process/ProcessEvents.swift")
        let stopping = try #require(source.firstMatch(of: #/let stopping = \[([^\]]+)\]/#)).output.1
        let names = stopping.components(separatedBy: ", ")
        #expect(names.contains("SIGTERM"))
        for name in names + ["SIGUSR1", "SIGUSR2"] { #expect(section.contains(name), "\(name)") }
    }
}

/// docs/troubleshooting.md quotes what the programs print, and docs/threat-model.md names places in the sources.
@Suite struct OperationDocumentsTests {
    private struct Entry {
        let phrase: String
        let sample: String
    }

    private func entries() throws -> [Entry] {
        let text = try String(
            contentsOfFile: SourceTree.root + "/docs/troubleshooting.md", encoding: .utf8)
        return text.components(separatedBy: "\n### ").dropFirst().map { part in
            let heading = part.components(separatedBy: "\n")[0]
            let blocks = part.components(separatedBy: "```")
            return Entry(
                phrase: heading.components(separatedBy: "`").dropFirst().first ?? "",
                sample: blocks.count >= 3 ? blocks[1] : "")
        }
    }

    /// The sources, with the continued lines of long texts joined.
    private static let sources = SourceTree.sources.map { file in
        file.lines.joined(separator: "\n").replacing(#/\\\n\s*/#, with: "")
    }

    @Test func everyQuotedMessageIsInTheSources() throws {
        let entries = try entries()
        #expect(entries.count >= 25)
        for entry in entries {
            #expect(entry.phrase.count >= 10, "a heading without a phrase: \(entry)")
            #expect(entry.sample.contains(entry.phrase), "the sample lacks the phrase: \(entry.phrase)")
            #expect(
                Self.sources.contains { $0.contains(entry.phrase) }, "no program prints: \(entry.phrase)")
        }
    }

    @Test func everyPlaceInTheThreatModelIsThere() throws {
        let text = try String(contentsOfFile: SourceTree.root + "/docs/threat-model.md", encoding: .utf8)
        let targets = Set(SourceTree.sources.map(\.target))
        let places = text.components(separatedBy: "`").enumerated()
            .filter { $0.offset % 2 == 1 && targets.contains(String($0.element.prefix { $0 != "/" })) }
            .map(\.element)
            .filter { $0.contains("/") }
        #expect(places.count >= 20)
        for place in places {
            #expect(
                FileManager.default.fileExists(atPath: SourceTree.root + "/Sources/" + place),
                "no Sources/\(place)")
        }
    }
}
