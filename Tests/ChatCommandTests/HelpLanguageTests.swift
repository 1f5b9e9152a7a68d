import ChatTUI
import Testing

@testable import ChatCommand

@Suite("Help and mistakes in the language of the command line")
struct HelpLanguageTests {
    @Test("The flag goes before the variable, and that before the locale")
    func whichLanguage() {
        let environment = ["LANG": "pt_BR.UTF-8", "MYCHAT_LANGUAGE": "es"]
        #expect(CommandLanguage.named(by: [], [:]) == .english)
        #expect(CommandLanguage.named(by: [], ["LANG": "pt_BR.UTF-8"]) == .brazilianPortuguese)
        #expect(CommandLanguage.named(by: ["status"], environment) == .spanish)
        #expect(CommandLanguage.named(by: ["--language", "en"], environment) == .english)
        #expect(CommandLanguage.named(by: ["--language=pt-BR"], [:]) == .brazilianPortuguese)
        #expect(CommandLanguage.named(by: ["--language"], environment) == .spanish)
    }

    @Test(
        "A page of help is in one language, headings and all",
        arguments: [
            ("en", "USAGE:", "Send a message", "Show help information."),
            ("pt-BR", "USO:", "Enviar uma mensagem", "Mostrar esta ajuda."),
            ("es", "USO:", "Envía un mensaje", "Mostrar esta ayuda."),
        ])
    func page(language: String, usage: String, abstract: String, help: String) async {
        let output = MemoryOutput()
        let runner = CommandRunner(
            environment: ["MYCHAT_LANGUAGE": language], input: MemoryInput(), output: output)
        #expect(await runner.run(["send", "--help"]) == 0)
        let text = output.standardOutput
        #expect(text.contains(usage) && text.contains(abstract) && text.contains(help), "\(text)")
        #expect(text.contains("--queue") && text.contains("15s"))
        if language != "en" {
            for word in ["OPTIONS", "ARGUMENTS", "default", "Show", "The "] {
                #expect(!text.contains(word), "\(text)")
            }
        }
    }

    @Test(
        "Mistakes are said in it",
        arguments: [
            (
                ["--langage", "x"],
                "Opción desconocida: '--langage'. ¿Querías decir '--language'? Mira: mychat --help"
            ),
            (["send"], "Falta el argumento '<quién>'. Mira: mychat send --help"),
            (
                ["send", "bia", "--timeout"],
                "Falta el valor de '--timeout <duración>'. Mira: mychat send --help"
            ),
            (["status", "b", "c"], "Argumentos inesperados: 'b', 'c'. Mira: mychat status --help"),
            (["stauts"], "Argumento inesperado: 'stauts'. ¿Querías decir: mychat status?"),
            (
                ["history", "bia", "--limit", "x"],
                "El valor 'x' no sirve para '--limit <número>'. Mira: mychat history --help"
            ),
            (
                ["history", "bia", "--limit", "0"],
                "--limit lleva un número del 1 al 10000. Mira: mychat history --help"
            ),
        ])
    func mistakes(arguments: [String], expected: String) async {
        let output = MemoryOutput()
        let runner = CommandRunner(environment: ["LANG": "es_ES.UTF-8"], input: MemoryInput(), output: output)
        #expect(await runner.run(arguments) == ExitStatus.usage.rawValue)
        #expect(output.standardError == "mychat: \(expected)\n")
    }

    @Test("Values have names in it", arguments: Language.allCases)
    func valueNames(language: Language) async {
        let english = ValueName.allCases.map { "<\($0.rawValue)>" }
        let own = ValueName.allCases.map { "<\(language.commands.word(for: $0))>" }
        let arguments = [
            [], ["send"], ["search"], ["watch"], ["script"], ["contacts", "add"], ["cache", "export"],
        ]
        for command in arguments {
            let output = MemoryOutput()
            let runner = CommandRunner(
                environment: ["MYCHAT_LANGUAGE": language.rawValue], input: MemoryInput(), output: output)
            #expect(await runner.run(command + ["--help"]) == 0)
            let shown = output.standardOutput.split(separator: " ").filter {
                $0.hasPrefix("<") && $0.hasSuffix(">")
            }
            for name in shown.map(String.init) where english.contains(name) {
                #expect(own.contains(name), "\(command): \(name)")
            }
        }
    }

    @Test("What the parser says otherwise stays as it is")
    func otherWords() {
        let strings = Language.spanish.commands
        #expect(ParserTexts.sentence("Something else", strings) == "Something else")
        #expect(ParserTexts.sentence("", strings) == "")
        #expect(ParserTexts.help("", strings) == "")
    }
}
