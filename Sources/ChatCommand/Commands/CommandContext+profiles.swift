import ChatClientCore
import ChatTUI
import ChatWire

extension CommandContext {
    /// The profiles that have files here, in the order of their names.
    var profiles: [String] {
        ((try? FileSystem.names(in: settings.directories.data)) ?? []).filter(ProfileName.isValid).sorted()
    }

    /// The same command on another server, which the person has chosen and which stands before every other
    /// source. A token of the environment is for the first one.
    func changed(to server: ServerURL, flags: SettingsFlags) throws(CommandFailure) -> CommandContext {
        var flags = flags
        flags.server = "\(server)"
        flags.profile = settings.profile
        let environment = environment.filter { $0.key != "MYCHAT_TOKEN" }
        do {
            return CommandContext(
                settings: try Settings.resolve(flags: flags, environment: environment),
                environment: environment, input: input, output: output, isJSON: isJSON)
        } catch {
            throw strings.failure(error)
        }
    }

    /// The same command with another profile: its own server and account, and not those that flags and
    /// environment named for the first one.
    func changed(to profile: String, flags: SettingsFlags) throws(CommandFailure) -> CommandContext {
        var flags = flags
        flags.profile = profile
        flags.server = nil
        let environment = environment.filter { $0.key != "MYCHAT_TOKEN" && $0.key != "MYCHAT_URL" }
        do {
            var settings = try Settings.resolve(flags: flags, environment: environment)
            // A profile that nobody has used yet begins where the person is.
            if settings.serverSource == .standard { flags.server = "\(self.settings.server)" }
            if flags.server != nil { settings = try Settings.resolve(flags: flags, environment: environment) }
            return CommandContext(
                settings: settings, environment: environment, input: input, output: output, isJSON: isJSON)
        } catch {
            throw strings.failure(error)
        }
    }
}
