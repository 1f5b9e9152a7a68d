import ArgumentParser
import ChatServerLite

/// `mychat-server vapid`
struct VAPID: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vapid", abstract: "Make a pair of keys for pushes, as lines for a .env file.",
        discussion: """
            Without a configured key the server makes one for itself and keeps it beside the database; \
            this is for keeping it elsewhere. Whoever subscribed with another key must do so again.
            """)

    func run() throws {
        try CommandFailure.exiting {
            let key = VAPIDKey()
            StandardOutput.line("VAPID_PUBLIC_KEY=\(key.publicText)")
            StandardOutput.line("VAPID_PRIVATE_KEY_BASE64=\(try key.base64PEM())")
        }
    }
}
