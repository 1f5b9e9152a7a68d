import Foundation
import Testing

/// Several programs on one account: one of them sends, over one socket, and all of them see everything.
///
/// The original server drops the older of two sockets and tells its client; a second socket would be noticed there.
@Suite(.serialized) struct OneEngineTests {
    @Test(arguments: ReferenceProgram.servers)
    func theScreenAndTheCommandLineShareOneSocket(_ program: String) throws {
        let people = try TwoPeople(program: program)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let screen = try ana.openTerminal()
        try screen.wait(forText: "connected")
        try screen.open("bia")

        // A message that one program enters is seen by the others, and the holder of the link sends it.
        for number in 1...3 {
            let sent = try ana.mychat(["send", bia.email, "da linha \(number)"])
            #expect(sent.status == 0, "\(sent.errors)")
            try screen.wait(for: "the command's message") { $0.show("da linha \(number)", mark: "✓") }
        }
        try screen.type("da tela")
        try screen.press("Enter")
        let rows = try screen.wait(for: "sent") { $0.show("da tela", mark: "✓") }
        #expect(rows.containing("in use elsewhere").isEmpty)
        #expect(
            try ana.history(with: bia, "--offline")
                == ["da linha 1", "da linha 2", "da linha 3", "da tela"])

        // The same without the server.
        _ = server.stop(SIGKILL)
        try screen.wait(forText: "offline")
        let queued = try ana.mychat(["send", bia.email, "na fila", "--queue", "--timeout", "0s"])
        #expect(queued.status == 0, "\(queued.errors)")
        try screen.wait(for: "pending") { $0.show("na fila", mark: "◷") }
        try server.start()
        try screen.press("C-r")
        try screen.wait(for: "sent") { $0.show("na fila", mark: "✓") }
        #expect(
            try bia.history(with: ana) == ["da linha 1", "da linha 2", "da linha 3", "da tela", "na fila"])
        try screen.press("C-q")
        #expect(try screen.waitForExit() == 0)
        _ = server.stop()
    }

    @Test(arguments: ReferenceProgram.servers)
    func whenTheHolderIsKilledAnotherTakesOver(_ program: String) throws {
        let people = try TwoPeople(program: program)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let screen = try ana.openTerminal()
        try screen.wait(forText: "connected")
        try screen.open("bia")
        try screen.type("em paz")
        try screen.press("Enter")
        try screen.wait(for: "sent") { $0.show("em paz", mark: "✓") }

        _ = server.stop(SIGKILL)
        try screen.wait(forText: "offline")
        let watch = try ana.start(["--json", "watch", "--only", "link", "--only", "state"])
        // The watch does not send: it reports the state of the screen's link.
        try watch.wait(forLineWith: "\"link\"", "\"offline\"")
        try screen.type("antes da morte")
        try screen.press("Enter")
        try screen.wait(for: "pending") { $0.show("antes da morte", mark: "◷") }
        try screen.signal(SIGKILL)
        #expect(try screen.waitForExit() == 128 + Int(SIGKILL))

        // The killed holder has released the lock: the watch connects, and sends what the other one left.
        try server.start()
        try watch.wait(forLineWith: "\"link\"", "\"online\"")
        try watch.wait(forLineWith: "\"sent\"", "antes da morte")
        let sent = try ana.mychat(["send", bia.email, "depois"])
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(try bia.history(with: ana) == ["em paz", "antes da morte", "depois"])
        #expect(try ana.history(with: bia, "--offline") == ["em paz", "antes da morte", "depois"])
        kill(watch.pid, SIGTERM)
        watch.waitForEnd()
        _ = server.stop()
    }
}
