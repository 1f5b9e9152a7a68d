import ArgumentParser
import ChatServerLite

/// The chat server's command line.
@main
struct MyChatServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mychat-server",
        abstract: "Serve the MyChat API and its realtime protocol.",
        discussion: """
            Without any setting it listens on 127.0.0.1:5000 and keeps its database and secrets in the \
            user's data directory. Settings come from flags, then the environment, then a .env file; \
            mychat-server(8) lists them.
            """,
        version: ServerVersion.text,
        subcommands: [
            Serve.self, Demo.self, VAPID.self, Certificate.self, Check.self, Backup.self, Restore.self,
            Migrate.self, User.self, Session.self, Invite.self, Secret.self,
        ],
        defaultSubcommand: Serve.self)
}
