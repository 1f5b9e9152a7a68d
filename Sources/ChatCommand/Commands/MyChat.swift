import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat`: the terminal client, or the given command.
struct MyChat: ScreenCommand {
    static let title = "mychat"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "mychat",
            abstract: HelpText.mychat.text,
            discussion: HelpText.mychatDetails.text,
            version: ProgramVersion.text,
            subcommands: [
                Login.self, Register.self, Logout.self, WhoAmI.self, Send.self, History.self, Search.self,
                Unread.self, Read.self, Watch.self, Delete.self, Outbox.self, Contacts.self, Status.self,
                Sessions.self, Doctor.self, Keys.self, Push.self, Script.self, Cache.self, Cache.Export.self,
                Completions.self,
                Demo.self,
            ])
    }

    @OptionGroup var global: GlobalOptions

    func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
        var context = context
        var signIn = SignInDraft(email: context.settings.email ?? "")
        while true {
            let client = try context.makeClient()
            try await context.signInByToken(client)
            let ending = try await ClientScreen.show(
                client, in: context, profiles: context.profiles, changesServer: true, signIn: signIn)
            switch ending {
            case .left(let status): return status
            case .profile(let name):
                context = try context.changed(to: name, flags: global.flags)
                signIn = SignInDraft(email: context.settings.email ?? "")
            case .server(let server, let draft):
                context = try context.changed(to: server, flags: global.flags)
                signIn = draft
            }
        }
    }
}
