import ChatClientCore
import Testing

@testable import ChatTUI

/// What the server says, for readers of other languages than the API's.
struct ServerReasonTests {
    @Test(arguments: ServerReason.allCases)
    func theWordsOfTheAPIAreTranslated(_ reason: ServerReason) {
        let (english, portuguese, spanish) = (
            Language.english.catalogue(), Language.brazilianPortuguese.catalogue(),
            Language.spanish.catalogue()
        )
        #expect(portuguese.serverWords(reason.rawValue) == reason.rawValue)
        let all = [
            reason.rawValue, english.serverWords(reason.rawValue), spanish.serverWords(reason.rawValue),
        ]
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
