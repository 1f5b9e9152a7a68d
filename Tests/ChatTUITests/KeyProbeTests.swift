import Foundation
import Testing

@testable import ChatTUI

struct KeyProbeTests {
    private let strings = Language.english.catalogue()

    private func lines(_ events: [InputEvent], _ bytes: String) -> [String] {
        KeyProbe.lines(events, Array(bytes.utf8), .standard, strings)
    }

    @Test func aKeyIsNamedWithItsCommandAndItsBytes() {
        #expect(
            lines([.key(.character("k", .control))], "\u{B}")
                == ["ctrl-k               go-to                  0x0B"])
        #expect(
            lines([.key(Key(.function(1)))], "\u{1B}OP") == [
                "f1                   help                   ESC O P"
            ])
        // What it does while a message is chosen is said too.
        #expect(lines([.key(.character("q"))], "q")[0].contains("message-quote"))
        #expect(lines([], "\u{1B}[99;1~")[0].hasPrefix("(no key)"))
        #expect(lines([.paste("abc")], "x")[0].hasPrefix("(pasted: 3 characters)"))
        #expect(lines([], "") == [])
    }

    /// What it prints can be put into the configuration file as it is.
    @Test(arguments: Language.allCases)
    func theTableBindsWhatIsBound(language: Language) throws {
        var bindings = KeyBindings()
        for line in KeyProbe.table(keys: KeyBindings(), language: language).dropFirst() {
            // A bracket may be a key: the list ends before the comment.
            let setting = try #require(line.components(separatedBy: " # ").first)
            let parts = setting.split(separator: " = ", maxSplits: 1)
            let list = try #require(parts.last).drop { $0 != "[" }.dropFirst().reversed().drop { $0 != "]" }
                .dropFirst().reversed()
            let names = String(list).components(separatedBy: ", ").map {
                $0.dropFirst().dropLast().replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
            }
            try bindings.bind(String(try #require(parts.first)), to: names.map(String.init))
        }
        #expect(bindings.applied(to: .standard) == .standard)
    }
}
