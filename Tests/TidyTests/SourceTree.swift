import Foundation
import Testing

/// A source file of the package: its target, its path from the root, and its lines.
struct SourceFile: CustomTestStringConvertible {
    let target: String
    let path: String
    let lines: [String]

    var testDescription: String { path }

    /// The modules that the file imports, with their line numbers.
    var imports: [(module: String, line: Int)] {
        lines.enumerated().compactMap { number, line in
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
            // Only attributes and access levels may precede it: a sentence with the word is not an import.
            let before = words[..<place]
            let modifiers: Set = ["public", "package", "internal", "private", "fileprivate"]
            guard before.allSatisfy({ $0.hasPrefix("@") || modifiers.contains($0) }) else { return nil }
            let kinds: Set = ["struct", "class", "enum", "func", "let", "var", "typealias", "protocol"]
            let named =
                kinds.contains(words[place + 1]) && place + 2 < words.count
                ? words[place + 2] : words[place + 1]
            return (String(named.prefix { $0 != "." }), number + 1)
        }
    }
}

/// The package on disk.
enum SourceTree {
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    static let sources = files(under: "Sources")
    static let tests = files(under: "Tests")

    private static func files(under top: String) -> [SourceFile] {
        let directory = root + "/" + top
        let paths = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
            guard let text = try? String(contentsOfFile: directory + "/" + path, encoding: .utf8) else {
                return nil
            }
            return SourceFile(
                target: String(path.prefix { $0 != "/" }),
                path: top + "/" + path,
                lines: text.components(separatedBy: "\n"))
        }
    }
}
