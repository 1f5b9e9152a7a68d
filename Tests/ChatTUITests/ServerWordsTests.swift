import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// What the server says, for readers of other languages than the API's.
struct ServerWordsTests {
    @Test(arguments: Refusal.allCases)
    func everyRefusalIsTranslated(_ refusal: Refusal) {
        expectTranslations(of: refusal.message)
    }

    @Test(arguments: RequestProblem.allCases)
    func everyProblemIsTranslated(_ problem: RequestProblem) {
        expectTranslations(of: problem.message)
    }

    private func expectTranslations(of text: String) {
        let (english, portuguese, spanish) = (
            Language.english.catalogue(), Language.brazilianPortuguese.catalogue(),
            Language.spanish.catalogue()
        )
        #expect(portuguese.serverWords(text) == text)
        let all = [text, english.serverWords(text), spanish.serverWords(text)]
        #expect(Set(all).count == 3 && !all.contains(""))
    }

    @Test func otherWordsStayAsTheyCame() {
        let english = Language.english.catalogue()
        #expect(english.serverWords("Algo novo") == "Algo novo")
        #expect(english.serverWords("") == "")
        #expect(english.serverWords("Erro no servidor: 'int' object") == "The server failed: 'int' object")
        #expect(
            english.error(.refused(status: 400, message: "Email inválido"))
                == "The email address is not valid")
    }
}
