import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire
import Glibc

/// `mychat demo`
struct Demo: ScreenCommand {
    static let title = "demo"
    /// The demo is the same everywhere, and works even with a broken configuration.
    static let usesConfiguration = false

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "demo", abstract: HelpText.demo.text,
            discussion: HelpText.demoDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { VariableGroup.server }

    @Flag(help: HelpText.demoPrint.help)
    var headless = false

    func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
        let isScreen = !headless && context.input.isTerminal && context.output.isTerminal(.standardOutput)
        let environment = context.environment
        let logLevel = context.settings.logLevel
        let made = await BlockingThread.run { () -> Result<DemoStage, DemoServer.Failure> in
            do throws(DemoServer.Failure) {
                return .success(try DemoStage(environment: environment, logLevel: logLevel))
            } catch {
                return .failure(error)
            }
        }
        let stage: DemoStage
        do throws(DemoServer.Failure) {
            stage = try made.get()
        } catch {
            throw context.strings.failure(error)
        }
        let result: Result<Int32, CommandFailure>
        do throws(CommandFailure) {
            result = .success(
                isScreen ? try await showScreen(stage, context) : try await playHeadless(stage, context))
        } catch {
            result = .failure(error)
        }
        try await strike(stage, context)
        return try result.get()
    }

    private func showScreen(
        _ stage: DemoStage, _ context: CommandContext
    ) async throws(CommandFailure) -> Int32 {
        let client = try await context.asking { () throws(ChatError) in
            try await stage.client(for: stage.newcomer)
        }
        // The first screen must show the conversations, not an empty list.
        await client.connect()
        await client.open(stage.partner.id)
        let wait = ServerWait(client: client, strings: context.strings)
        _ = await wait.until(timeout: .seconds(3)) { () throws(ChatError) in
            await client.freshness.isUpToDate(with: stage.partner.id)
        }
        // The partner arrives while the newcomer looks around.
        let arrival = Task { () -> Partner? in
            guard
                let partner = try? await Partner.make(
                    on: stage, language: context.settings.language, pace: .human)
            else { return nil }
            await partner.begin()
            return partner
        }
        let result: Result<Int32, CommandFailure>
        do throws(CommandFailure) {
            result = .success(try await ClientScreen.run(client, in: context))
        } catch {
            result = .failure(error)
        }
        await arrival.value?.end()
        return try result.get()
    }

    private func playHeadless(
        _ stage: DemoStage, _ context: CommandContext
    ) async throws(CommandFailure) -> Int32 {
        let text = SceneText(
            output: context.output, strings: context.strings, ink: context.ink,
            partnerName: stage.partner.name)
        let scene = HeadlessScene(stage: stage, strings: context.strings, text: text)
        do throws(HeadlessScene.Failure) {
            try await scene.play()
        } catch {
            switch error {
            case .chat(let error): throw context.strings.failure(error)
            case .notSeen(let what):
                throw CommandFailure(
                    .timeout, context.strings.notSeen(what))
            }
        }
        return ExitStatus.success.rawValue
    }

    private func strike(_ stage: DemoStage, _ context: CommandContext) async throws(CommandFailure) {
        let error = await BlockingThread.run { () -> SystemError? in
            do throws(SystemError) {
                try stage.strike()
                return nil
            } catch {
                return error
            }
        }
        if let error { throw context.strings.failure(error) }
    }
}
