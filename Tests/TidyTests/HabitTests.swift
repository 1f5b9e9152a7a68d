import Foundation
import Testing

/// The habits of CONTRIBUTING.md that a machine can check.
@Suite struct HabitTests {
    /// Code that bypasses the compiler's checks needs its reason on the same line or in the comment above.
    @Test(arguments: SourceTree.sources)
    func escapesFromCheckingGiveTheirReason(file: SourceFile) {
        let escapes = ["@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast", "@preconcurrency"]
        for (index, line) in file.lines.enumerated() {
            let code = line.components(separatedBy: "//")[0]
            guard escapes.contains(where: code.contains) else { continue }
            let above = file.lines[max(0, index - 4)..<index]
            let explained = line.contains("//") || above.contains { $0.contains("//") }
            #expect(explained, "\(file.path):\(index + 1) gives no reason")
        }
    }

    @Test(arguments: SourceTree.sources)
    func nothingIsForced(file: SourceFile) {
        for (index, line) in file.lines.enumerated() {
            let code = line.components(separatedBy: "//")[0]
            #expect(!code.contains("try!") && !code.contains(" as! "), "\(file.path):\(index + 1)")
        }
    }

    /// Open work is an issue, not a word in the code. (The words are assembled here so that this file does not find
    /// itself.)
    @Test(arguments: SourceTree.sources + SourceTree.tests)
    func nothingIsLeftOpen(file: SourceFile) {
        let words: Set = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        for (index, line) in file.lines.enumerated() {
            let found = line.split { !$0.isLetter }.map(String.init)
            #expect(words.isDisjoint(with: found), "\(file.path):\(index + 1)")
        }
    }

    /// A test waits for an event, not for time to pass. When the time itself is tested, or only ends a test that has
    /// already failed, the comment above says so.
    @Test(arguments: SourceTree.tests)
    func testsThatSleepGiveTheirReason(file: SourceFile) {
        let sleeps = ["Task." + "sleep", "Thread." + "sleep", "us" + "leep("]
        for (index, line) in file.lines.enumerated() where sleeps.contains(where: line.contains) {
            let above = file.lines[max(0, index - 2)..<index]
            #expect(above.contains { $0.contains("//") }, "\(file.path):\(index + 1)")
        }
    }

    /// A file begins with its imports or declarations; git records the author and the date.
    @Test(arguments: SourceTree.sources + SourceTree.tests)
    func filesHaveNoBanner(file: SourceFile) {
        let first = file.lines.first ?? ""
        #expect(!first.hasPrefix("//===") && !first.hasPrefix("/*") && first != "//", "\(file.path)")
    }

    @Test(arguments: SourceTree.sources + SourceTree.tests)
    func linesFitTheScreen(file: SourceFile) {
        // Data tables and long texts may be wide.
        guard !file.path.contains("Tables") && !file.path.contains("Vectors") else { return }
        for (index, line) in file.lines.enumerated() where line.count > 140 && !line.contains("\"") {
            Issue.record("\(file.path):\(index + 1) is \(line.count) columns wide")
        }
    }
}
