import ChatClientCore
import ChatTUI
import ChatWire

extension CommandContext {
    /// The profiles with files here, sorted by name.
    var profiles: [String] {
        ((try? FileSystem.names(in: settings.directories.data)) ?? []).filter(ProfileName.isValid).sorted()
    }

    /// The same command on another server that the person has chosen; it overrides every other source. A token in the
    /// environment belongs to the first server.
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

    /// The same command with another profile, with its own server and account instead of those that flags and
    /// environment named for the first one.
    func changed(to profile: String, flags: SettingsFlags) throws(CommandFailure) -> CommandContext {
        var flags = flags
        flags.profile = profile
        flags.server = nil
        let environment = environment.filter { $0.key != "MYCHAT_TOKEN" && $0.key != "MYCHAT_URL" }
        do {
            var settings = try Settings.resolve(flags: flags, environment: environment)
            // A profile that was never used starts with the current server.
            if settings.serverSource == .standard { flags.server = "\(self.settings.server)" }
            if flags.server != nil { settings = try Settings.resolve(flags: flags, environment: environment) }
            return CommandContext(
                settings: settings, environment: environment, input: input, output: output, isJSON: isJSON)
        } catch {
            throw strings.failure(error)
        }
    }
}
