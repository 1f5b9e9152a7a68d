import Foundation
import Testing

/// Holds the sources to what ARCHITECTURE.md and Package.swift say of them.
@Suite struct ArchitectureTests {
    /// What each target imports beside the toolchain, by the table in ARCHITECTURE.md.
    static let arrows: [String: Set<String>] = {
        var arrows: [String: Set<String>] = [:]
        for line in lines(of: "ARCHITECTURE.md") where line.hasPrefix("| ") {
            let cells = line.components(separatedBy: " | ")
            guard cells.count == 4, cells[1] != "imports" else { continue }
            let modules = cells[1] == "nothing" ? [] : cells[1].components(separatedBy: ", ")
            arrows[String(cells[0].dropFirst(2))] = Set(modules)
        }
        return arrows
    }()

    /// What each target of Package.swift depends on, tests and C libraries aside.
    static let dependencies: [String: Set<String>] = {
        var dependencies: [String: Set<String>] = [:]
        let text = lines(of: "Package.swift").joined(separator: "\n")
        for part in text.split(separator: #/\.(?:executableT|t)arget\(/#).dropFirst() {
            let target = part.split(separator: #/\.testTarget\(/#)[0]
            guard let name = target.firstMatch(of: #/name: "([^"]+)"/#)?.output.1 else { continue }
            let list = target.firstMatch(of: #/dependencies: \[(?s:(.*?))\],?\s*swiftSettings/#)
            let modules = (list?.output.1 ?? "").replacing(#/, package: "[^"]+"/#, with: "")
                .matches(of: #/"([^"]+)"/#)
            dependencies[String(name)] = Set(modules.map { String($0.output.1) })
        }
        return dependencies
    }()

    /// Parts of the toolchain that any target may use. Foundation is not among them: it slows every start.
    static let toolchain: Set = [
        "Swift", "Synchronization", "Glibc", "Musl", "FoundationEssentials", "Dispatch",
    ]

    private static func lines(of file: String) -> [String] {
        let text = try? String(contentsOfFile: SourceTree.root + "/" + file, encoding: .utf8)
        return text?.components(separatedBy: "\n") ?? []
    }

    @Test func theTableNamesEveryTarget() {
        #expect(Set(SourceTree.sources.map(\.target)) == Set(Self.arrows.keys))
    }

    @Test func theTableAndThePackageAgree() {
        #expect(Self.dependencies == Self.arrows)
    }

    @Test(arguments: SourceTree.sources)
    func importsFollowTheArrows(file: SourceFile) throws {
        let allowed = try #require(Self.arrows[file.target], "a target that ARCHITECTURE.md does not know")
        for (module, line) in file.imports where !Self.toolchain.contains(module) {
            #expect(allowed.contains(module), "\(file.path):\(line) imports \(module)")
        }
    }

    /// The server knows no database: what keeps its data is chosen where it is started.
    @Test func theServerImportsNoDatabase() {
        #expect(Self.arrows["ChatServerLite"]?.contains { $0.contains("SQL") } == false)
    }

    /// Each C library is imported from one folder only.
    @Test(arguments: [
        ("CNcurses", "Sources/ChatTUI/Terminal/"), ("COpenSSL", "Sources/ChatCrypto/"),
        ("CSQLite", "Sources/ChatSQLite/"), ("CCrypt", "Sources/ChatServerLite/Auth/"),
    ])
    func eachCLibraryHasOneDoor(library: String, folder: String) {
        for file in SourceTree.sources where file.imports.contains(where: { $0.module == library }) {
            #expect(file.path.hasPrefix(folder), "\(file.path) imports \(library)")
        }
    }
}
