import ChatClientCore
import ChatWire
import Foundation
import Testing

@testable import ChatTUI

/// Pastes, history, cutting, undo, and the person's own editor.
struct EditorCommandTests {
    private static let manyLines = (1...11).map { "linha \($0)" }.joined(separator: "\n")

    // MARK: Pastes

    @Test func aLongPasteIsAskedAbout() {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste(Self.manyLines)))
        #expect(state.text.contains("Paste 11 lines?") && state.open?.editor.isEmpty == true)
        state.press("y")
        #expect(state.open?.editor.text == Self.manyLines)
        state.press("ctrl-u")
    }

    @Test func itMayBecomeOneLineOrNothing() {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste(Self.manyLines)))
        state.press("j")
        #expect(state.open?.editor.text.hasPrefix("linha 1 linha 2") == true)
        _ = state.update(.input(.paste(Self.manyLines)))
        state.press("escape")
        #expect(state.open?.editor.text.contains("\n") == false)
    }

    @Test func aShortPasteGoesIn() {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste("a\nb")))
        #expect(state.open?.editor.text == "a\nb" && state.dialog == nil)
    }

    // MARK: History

    @Test func eachConversationHasItsHistory() {
        var state = Fixtures.chat()
        state.press("\"para Bia", "enter")
        state.press("alt-2")
        _ = state.update(
            .timelineLoaded(Timeline(peer: Fixtures.caio, rows: [], hasOlder: false), draft: ""))
        state.press("up")
        #expect(state.open?.editor.isEmpty == true)
        state.press("\"para Caio", "enter", "alt-1")
        state.press("up")
        #expect(state.open?.editor.text == "para Bia")
    }

    // MARK: Cutting and undoing

    @Test func neighbouringCutsAreOnePiece() {
        var editor = LineEditor("um dois três")
        editor.killWordBackward()
        editor.killWordBackward()
        editor.moveToStart()
        editor.yank()
        #expect(editor.text == "dois trêsum ")
    }

    @Test func theRingBringsEarlierCuts() {
        var editor = LineEditor("um dois")
        editor.killWordBackward()
        editor.moveLeft()
        editor.killToLineStart()
        editor.yank()
        #expect(editor.text == "um ")
        editor.yankEarlier()
        #expect(editor.text == "dois ")
        editor.yankEarlier()
        #expect(editor.text == "um ")
        editor.insert("x")
        editor.yankEarlier()
        #expect(editor.text == "umx ")
    }

    @Test func redoFollowsUndoUntilSomethingNewIsTyped() {
        var editor = LineEditor()
        editor.insert("a b")
        editor.insert("!")
        editor.undo()
        editor.undo()
        #expect(editor.text == "")
        editor.redo()
        editor.redo()
        #expect(editor.text == "a b!")
        editor.undo()
        editor.insert("?")
        editor.redo()
        #expect(editor.text == "a b?")
    }

    // MARK: The person's own editor

    @Test func theKeyAndTheCommandOpenTheEditor() {
        var state = Fixtures.chat()
        state.press("\"oi")
        #expect(state.press("alt-e") == [.editExternally("oi")])
        #expect(state.press("ctrl-x", "ctrl-e") == [.editExternally("oi")])
        #expect(state.press("ctrl-u", "\"/edit", "enter").last == .editExternally(""))
        _ = state.update(.editedExternally(.saved("do editor\ncom duas linhas")))
        #expect(state.open?.editor.text == "do editor\ncom duas linhas")
    }

    @Test func aFailedEditorLeavesTheTextAndKeepsWhatItSaved() {
        var state = Fixtures.chat()
        state.press("\"antes")
        _ = state.update(.editedExternally(.failed(left: "meio caminho")))
        #expect(state.open?.editor.text == "antes" && state.notice?.kind == .warning)
        state.press("ctrl-u", "ctrl-y")
        #expect(state.open?.editor.text == "antes")
        state.press("alt-y")
        #expect(state.open?.editor.text == "meio caminho")
        _ = state.update(.editedExternally(.unavailable))
        #expect(state.notice?.text.contains("EDITOR") == true)
    }

    @Test func theEditorGetsAPrivateFileThatIsGoneAfterwards() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func edit(_ editor: String) -> ExternalEditor.Outcome {
            ExternalEditor.edit(
                "texto ção",
                environment: ["EDITOR": editor, "TMPDIR": folder, "PATH": "/usr/bin:/bin"])
        }
        #expect(
            edit("sh -c 'stat -c %a \"$0\" >> \"$0\"; echo fim >> \"$0\"'") == .saved("texto ção600\nfim"))
        #expect(edit("sh -c 'echo mais >> \"$0\"; exit 3'") == .failed(left: "texto çãomais"))
        #expect(edit("sh -c 'kill -SEGV $$'") == .failed(left: "texto ção"))
        #expect(edit("true") == .saved("texto ção"))
        #expect(edit("kein-solches-programm-hier") == .unavailable)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        #expect(
            ExternalEditor.edit("x", environment: ["EDITOR": "true", "TMPDIR": folder + "/nicht"])
                == .unavailable)
    }

    // MARK: Length

    @Test func whatIsTooLongIsKept() {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste(String(repeating: "é", count: 4999))))
        #expect(state.text.contains("4,999/5,000"))
        state.press("\"ab")
        #expect(!state.press("enter").contains { if case .send = $0 { true } else { false } })
        #expect(state.open?.editor.scalarCount == 5001)
    }
}
