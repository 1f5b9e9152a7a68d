import Foundation
import Testing

/// Checks the documentation against the sources.
@Suite struct DocumentationTests {
    /// ChatClientCore is a library that others may build a client on.
    @Test(arguments: SourceTree.sources.filter { $0.target == "ChatClientCore" })
    func everyPublicDeclarationIsDocumented(file: SourceFile) {
        for (index, line) in file.lines.enumerated() {
            let words = line.split(separator: " ").map(String.init).drop { $0.hasPrefix("@") }
            guard words.first == "public", !words.contains("extension") else { continue }
            let above = file.lines[..<index].last { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("@") }
            let isDocumented = above?.trimmingCharacters(in: .whitespaces).hasPrefix("///") == true
            #expect(isDocumented, "\(file.path):\(index + 1) says nothing of what it promises")
        }
    }

    /// ARCHITECTURE.md leads a newcomer from file to file: each of them must exist.
    @Test func everyPlaceNamedInTheArchitectureIsThere() throws {
        let text = try String(contentsOfFile: SourceTree.root + "/ARCHITECTURE.md", encoding: .utf8)
        let targets = Set(SourceTree.sources.map(\.target))
        let places = text.components(separatedBy: "`").enumerated()
            .filter { $0.offset % 2 == 1 && targets.contains(String($0.element.prefix { $0 != "/" })) }
            .map(\.element)
            .filter { $0.contains("/") }
        #expect(places.count > 30)
        for place in places {
            let path = SourceTree.root + "/Sources/" + place
            #expect(FileManager.default.fileExists(atPath: path), "no Sources/\(place)")
        }
    }

    /// The rules of the outbox name the tests that hold them, and each rule has a break that a test notices.
    @Test func everyTestNamedForARuleIsThere() throws {
        let text = try String(
            contentsOfFile: SourceTree.root + "/docs/outbox-rules.md", encoding: .utf8)
        let parts = text.components(separatedBy: "\n## ").map { part in
            part.components(separatedBy: "\n").filter { $0.hasPrefix("| ") && $0.contains("`") }
        }
        let rows = parts.flatMap { $0 }
        #expect(parts.first?.count == 22)
        let broken = Set(
            rows.dropFirst(22).compactMap { row in Int(row.dropFirst(2).prefix { $0.isNumber }) })
        #expect(broken == Set(1...22))
        let tests = Set(
            SourceTree.tests.flatMap(\.lines).flatMap { line in
                line.components(separatedBy: "func ").dropFirst().map { String($0.prefix { $0 != "(" }) }
            })
        for row in rows {
            let names = row.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }
            for (_, name) in names { #expect(tests.contains(name), "no test \(name)") }
        }
    }
}
