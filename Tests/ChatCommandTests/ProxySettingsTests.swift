import ChatClientCore
import ChatNet
import ChatWire
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("Transports in the settings") struct TransportSettingsTests {
    private func transport(
        _ text: String, environment: [String: String] = [:], profile: String? = nil
    ) throws -> TransportPreference {
        var flags = SettingsFlags()
        flags.profile = profile
        return try Settings.resolve(
            flags: flags, environment: environment,
            file: ConfigurationFile.parse(Array(text.utf8), file: "config.toml"),
            directories: .xdg(environment: ["HOME": "/nonexistent"])
        ).transport
    }

    @Test func theEnvironmentGoesBeforeTheProfileAndTheFile() throws {
        #expect(try transport("") == .automatic)
        let text = "transport = \"polling\"\n[profiles.home]\ntransport = \"upgrade\"\n"
        #expect(try transport(text) == .polling)
        #expect(try transport(text, profile: "home") == .upgrade)
        #expect(
            try transport(text, environment: ["MYCHAT_TRANSPORT": "websocket"], profile: "home") == .webSocket
        )
        #expect(throws: SettingsError.self) {
            try transport("", environment: ["MYCHAT_TRANSPORT": "pigeon"])
        }
    }
}

@Suite("Proxies in the settings") struct ProxySettingsTests {
    private func proxy(
        _ text: String, environment: [String: String], profile: String? = nil
    ) throws -> ProxyServer? {
        var flags = SettingsFlags()
        flags.profile = profile
        let settings = try Settings.resolve(
            flags: flags, environment: environment,
            file: ConfigurationFile.parse(Array(text.utf8), file: "config.toml"),
            directories: .xdg(environment: ["HOME": "/nonexistent"]))
        return settings.proxy.proxy(for: try ServerURL("https://chat.example"))
    }

    private let a = ProxyServer(.http, host: "a", port: 1)
    private let b = ProxyServer(.http, host: "b", port: 2)

    @Test func theFileGoesBeforeTheEnvironment() throws {
        #expect(try proxy("", environment: [:]) == nil)
        #expect(try proxy("", environment: ["HTTPS_PROXY": "a:1"]) == a)
        #expect(try proxy("proxy = \"b:2\"", environment: ["HTTPS_PROXY": "a:1"]) == b)
        #expect(try proxy("proxy = \"none\"", environment: ["HTTPS_PROXY": "a:1"]) == nil)
    }

    @Test func exceptionsHoldForBoth() throws {
        #expect(try proxy("", environment: ["all_proxy": "a:1", "no_proxy": ".example"]) == nil)
        #expect(try proxy("proxy = \"b:2\"", environment: ["no_proxy": ".example"]) == nil)
    }

    @Test func aProfileMayHaveItsOwn() throws {
        let text = "proxy = \"a:1\"\n[profiles.home]\nproxy = \"none\"\n"
        #expect(try proxy(text, environment: [:]) == a)
        #expect(try proxy(text, environment: [:], profile: "home") == nil)
    }

    /// An error of the connection, if there is one: nothing else needs the proxy.
    @Test func aVariableThatIsNoProxyIsNamedWithoutItsPassword() async throws {
        let home = try ScratchDirectory()
        let odd = ["ALL_PROXY": "ftp://u:secret@a", "MYCHAT_URL": "https://chat.example"]
        let status = await Run.mychat("status", "--offline", in: home, environment: odd)
        #expect(status.error == "", "\(status.error)")
        let login = await Run.mychat(
            "login", "ana@exemplo.com", "--password-stdin", in: home, environment: odd,
            input: MemoryInput("segredo\n"))
        #expect(login.status == ExitStatus.configuration.rawValue)
        #expect(login.error.contains("ALL_PROXY") && !login.error.contains("secret"), "\(login.error)")
    }
}
