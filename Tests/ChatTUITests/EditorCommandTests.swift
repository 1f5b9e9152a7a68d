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
        _ = state.update(.editedExternally(.noEditor(nil)))
        #expect(state.notice?.text.contains("EDITOR") == true)
        _ = state.update(.editedExternally(.noEditor(.init(variable: "VISUAL", words: "vmi -f"))))
        #expect(
            state.notice?.text.contains("“vmi -f”") == true && state.notice?.text.contains("VISUAL") == true)
        _ = state.update(.editedExternally(.noFile(reason: "/tmp: No space left on device")))
        #expect(state.notice?.text.contains("/tmp: No space left on device") == true)
        _ = state.update(.editedExternally(.tooLong))
        #expect(state.notice?.kind == .warning && state.open?.editor.text == "meio caminho")
    }

    @Test func whatIsNoTextLeavesTheTextBefore() {
        var state = Fixtures.chat()
        state.press("\"antes")
        _ = state.update(.editedExternally(.notText(left: "caf\u{FFFD}")))
        #expect(state.open?.editor.text == "antes")
        #expect(state.notice?.text.contains("UTF-8") == true && state.notice?.kind == .warning)
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
        for missing in [
            "kein-solches-programm-hier", "A=1 kein-solches-programm-hier -f", "/dev/null", "LC_ALL=C",
        ] {
            #expect(edit(missing) == .noEditor(.init(variable: "EDITOR", words: missing)))
        }
        #expect(edit("rm") == .failed(left: "texto ção"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    /// Writes a program from another process. A file that this process has open for writing cannot be run for as long as
    /// a child that another test has just forked holds it, too.
    private func install(_ script: String, at path: String) throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "printf %s \"$1\" > \"$2\" && chmod 700 \"$2\"", "sh", script, path]
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
    }

    /// The variables hold what a shell understands.
    @Test func theEditorIsRunAsAShellWould() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(
            atPath: folder + "/my editors", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = folder + "/my editors/write"
        try install(
            "#!/bin/sh\nfor last; do :; done\nprintf '%s\\n' \"$FIRST|$SECOND|$#|$1\" > \"$last\"\n",
            at: program)
        func edit(_ variables: [String: String]) -> ExternalEditor.Outcome {
            ExternalEditor.edit(
                "x",
                environment: ["TMPDIR": folder, "PATH": folder + "/my editors:/usr/bin:/bin"].merging(
                    variables
                ) { $1 })
        }
        #expect(edit(["EDITOR": "FIRST=C write -w"]) == .saved("C||2|-w"))
        #expect(edit(["EDITOR": "FIRST=a SECOND='b c' write -f --wait"]) == .saved("a|b c|3|-f"))
        #expect(edit(["EDITOR": "\"\(program)\" '-a b'"]) == .saved("||2|-a b"))
        #expect(edit(["EDITOR": "'\(program)' -w"]) == .saved("||2|-w"))
        #expect(edit(["EDITOR": "  write   -w  "]) == .saved("||2|-w"))
        #expect(edit(["EDITOR": "env FIRST=x write -w"]) == .saved("x||2|-w"))
        // A path with blanks, as many write it.
        guard case .saved(let left) = edit(["EDITOR": program]) else {
            Issue.record("the path was not run")
            return
        }
        #expect(left.hasPrefix("||1|/"))
        #expect(edit(["VISUAL": " ", "EDITOR": "write -w"]) == .saved("||2|-w"))
        #expect(edit(["VISUAL": "write -v", "EDITOR": "write -w"]) == .saved("||2|-v"))
    }

    /// Whatever system the editor thinks it is on, a line break is one, and only text comes back.
    @Test(arguments: [
        (#"one\r\ntwo\r\n"#, ExternalEditor.Outcome.saved("one\ntwo")), (#"one\rtwo\r"#, .saved("one\ntwo")),
        (#"\357\273\277one\r\n\r\ntwo"#, .saved("one\n\ntwo")), (#"one\n\n"#, .saved("one\n")),
        (#"\357\273\277"#, .saved("")), (#"caf\351\n"#, .notText(left: "caf\u{FFFD}")),
        (#"\377\376a\000"#, .notText(left: "\u{FFFD}\u{FFFD}a\0")),
    ])
    func whatTheEditorLeavesIsText(bytes: String, outcome: ExternalEditor.Outcome) {
        let editor = "sh -c 'printf \"\(bytes)\" > \"$0\"'"
        #expect(
            ExternalEditor.edit("x", environment: ["EDITOR": editor, "PATH": "/usr/bin:/bin"]) == outcome)
    }

    @Test func aFileThatIsTooLongIsRefused() {
        let editor = "sh -c 'head -c \(ExternalEditor.bytesMax + 1) /dev/zero > \"$0\"'"
        #expect(
            ExternalEditor.edit("x", environment: ["EDITOR": editor, "PATH": "/usr/bin:/bin"]) == .tooLong)
    }

    /// Variables of another login name directories that are gone or another's: the next one is tried.
    @Test func theFileIsWhereItCanBe() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func place(_ variables: [String: String]) -> ExternalEditor.Outcome {
            let editor = ["EDITOR": "sh -c 'dirname \"$0\" > \"$0\"'", "PATH": "/usr/bin:/bin"]
            return ExternalEditor.edit("x", environment: editor.merging(variables) { $1 })
        }
        let gone = folder + "/gone"
        #expect(place(["XDG_RUNTIME_DIR": folder]) == .saved(folder))
        #expect(place(["XDG_RUNTIME_DIR": gone, "TMPDIR": folder]) == .saved(folder))
        #expect(place(["XDG_RUNTIME_DIR": gone, "TMPDIR": gone]) == .saved("/tmp"))
        #expect(place(["XDG_RUNTIME_DIR": "run", "TMPDIR": ""]) == .saved("/tmp"))
        #expect(place(["XDG_RUNTIME_DIR": "/proc", "TMPDIR": "/dev/null"]) == .saved("/tmp"))
        #expect(
            ExternalEditor.edit("x", environment: ["EDITOR": "true"], places: ["/dev/null", gone])
                == .noFile(reason: gone + ": No such file or directory"))
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
