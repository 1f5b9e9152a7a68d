/// One stretch of a conversation: its start and its lines.
struct DemoConversation: Sendable {
    enum Start: Sendable {
        /// A time of day some days ago, in local time.
        case daysAgo(Int, hour: Int, minute: Int)
        /// Some minutes ago.
        case minutesAgo(Int)
    }

    /// The state of the last messages. All earlier ones are read.
    enum Ending: Sendable {
        case read
        /// This many last messages are on the receiver's device, unread.
        case delivered(Int)
        /// This many last messages have not reached the receiver.
        case sent(Int)
    }

    let between: (DemoPerson, DemoPerson)
    let start: Start
    var ending = Ending.read
    let lines: [(DemoPerson, String)]
}

extension DemoConversation {
    /// All conversations of the demonstration.
    static let all = [
        withBiaLastWeek, withBiaWeekend, withBiaYesterday, withBiaToday, withCaioBarbecue, withCaioToday,
        withDaviReport, withDaviToday, withEmmaTrip, withEmmaToday, biaAndCaio,
    ]

    private static let withBiaLastWeek = DemoConversation(
        between: (.ana, .bia), start: .daysAgo(6, hour: 19, minute: 42),
        lines: [
            (.bia, "Oi Ana! Tudo bem por aí?"),
            (.ana, "Oi Bia! Tudo ótimo, e você? 😊"),
            (.bia, "Correria, mas bem. Você ainda tem aquela receita de pão de queijo da sua avó?"),
            (.ana, "Tenho sim! Está num caderno velho, espera que eu copio."),
            (
                .ana,
                """
                Pão de queijo da vó Lurdes:
                • 500 g de polvilho azedo
                • 250 ml de leite
                • 125 ml de óleo
                • 2 ovos
                • 300 g de queijo meia cura ralado
                • sal a gosto
                Ferve o leite com o óleo e o sal, escalda o polvilho, deixa esfriar um pouco, depois os \
                ovos e o queijo. Sova até soltar da mão, faz as bolinhas e forno a 200 °C por uns 25 \
                minutos. O segredo, segundo ela, é não ter pressa nenhuma e não abrir o forno antes da \
                hora, nem se alguém pedir com jeitinho.
                """
            ),
            (.bia, "Que maravilha!! Obrigada 🥰"),
            (.bia, "Vou fazer no domingo e te conto"),
            (.ana, "Quero foto, hein 📸"),
        ])

    private static let withBiaWeekend = DemoConversation(
        between: (.ana, .bia), start: .daysAgo(3, hour: 17, minute: 5),
        lines: [
            (.bia, "Ana do céu, deu certo! 🧀🎉"),
            (.bia, "Ficaram tortinhos, mas sumiram em dez minutos"),
            (.ana, "Hahaha torto é sinal de que é caseiro"),
            (.ana, "E o pessoal gostou?"),
            (.bia, "A família inteira aprovou 👨‍👩‍👧‍👦 Meu pai perguntou se você adota"),
            (.ana, "Diz pra ele que a fila é longa 😂"),
        ])

    private static let withBiaYesterday = DemoConversation(
        between: (.ana, .bia), start: .daysAgo(1, hour: 18, minute: 20),
        lines: [
            (.ana, "Bia, você viu que vão passar aquele filme que a gente queria ver?"),
            (.bia, "Vi! Quinta às 20h, no cinema da praça 🎬"),
            (.ana, "Bora? Eu saio do trabalho às 18h30"),
            (.bia, "Bora! Compro os ingressos hoje mesmo"),
            (.ana, "Fechado. Te devo uma pipoca 🍿"),
        ])

    private static let withBiaToday = DemoConversation(
        between: (.ana, .bia), start: .minutesAgo(4),
        lines: [
            (.bia, "Ingressos comprados! Fileira G, bem no meio 😎"),
            (.ana, "Você é demais! Quanto ficou?"),
            (.bia, "Depois a gente acerta, deixa a pipoca por sua conta"),
            (.ana, "Combinado 🤝"),
        ])

    private static let withCaioBarbecue = DemoConversation(
        between: (.ana, .caio), start: .daysAgo(2, hour: 12, minute: 31),
        lines: [
            (.caio, "E aí Aninha, churrasco no sábado?"),
            (.ana, "Opa! Que horas?"),
            (.caio, "A partir das 13h lá em casa"),
            (.caio, "Traz só a sobremesa, o resto é comigo 🔥🥩"),
            (.ana, "Levo aquele pudim que você gosta 🍮"),
            (.caio, "Aí eu choro 🥹"),
            (.ana, "Posso levar a Bia?"),
            (.caio, "Claro! Quanto mais gente melhor"),
            (.ana, "Ela vai amar, obrigada!"),
            (.caio, "👊🏽"),
        ])

    private static let withCaioToday = DemoConversation(
        between: (.ana, .caio), start: .minutesAgo(21), ending: .delivered(2),
        lines: [
            (.ana, "Caio, seu prédio é aquele da padaria na esquina, né?"),
            (.caio, "Isso, número 212. Mas o interfone pifou"),
            (.caio, "Me manda mensagem quando chegar que eu desço 🏃🏽‍♂️"),
        ])

    private static let withDaviReport = DemoConversation(
        between: (.ana, .davi), start: .daysAgo(1, hour: 9, minute: 14),
        lines: [
            (.davi, "Bom dia, Ana. Conseguiu olhar o relatório?"),
            (.ana, "Bom dia! Li ontem à noite. Está muito bom, só a tabela 3 não bate com o texto."),
            (.davi, "Verdade, somei duas vezes o mesmo mês. Corrijo agora."),
            (.davi, "Pronto. Versão nova na pasta do projeto."),
            (.ana, "Perfeito, agora fechou."),
            (.ana, "Sobre a apresentação: quem fala primeiro?"),
            (.davi, "Pode ser você? Eu entro na parte dos números."),
            (.ana, "Pode ser. Ensaiamos amanhã cedo?"),
            (.davi, "9h na sala pequena. Levo café ☕"),
        ])

    private static let withDaviToday = DemoConversation(
        between: (.ana, .davi), start: .minutesAgo(95), ending: .sent(1),
        lines: [
            (.davi, "A sala pequena está ocupada até as 10h. Vamos na varanda?"),
            (.ana, "Vamos, lá pelo menos tem sol ☀️"),
            (.davi, "O ensaio foi ótimo. Parabéns!"),
            (.ana, "Para nós! Mandei a versão final por e-mail, dá uma última olhada quando puder?"),
        ])

    private static let withEmmaTrip = DemoConversation(
        between: (.ana, .emma), start: .daysAgo(4, hour: 15, minute: 50),
        lines: [
            (.emma, "Hi Ana! It's official: I'm coming to Brazil in March 🇧🇷✈️"),
            (.ana, "WHAT. That's the best news of the week!!"),
            (.ana, "How long are you staying?"),
            (.emma, "Almost three weeks. Rio first, then I'd love to see where you live."),
            (.ana, "You're staying with us, no discussion 😄 We have a guest room and a very friendly cat."),
            (.emma, "A cat! Sold. 🐈"),
            (.emma, "Do I need a visa, by the way?"),
            (.ana, "I'm not sure, the rules changed. The official page is here: https://www.gov.br/mre/en"),
            (.emma, "Perfect, I'll read it tonight."),
            (.ana, "And bring a light jacket, evenings are cooler than people think."),
        ])

    private static let withEmmaToday = DemoConversation(
        between: (.ana, .emma), start: .minutesAgo(12), ending: .sent(3),
        lines: [
            (.ana, "Did you find anything about the visa?"),
            (.emma, "Yes! I applied this morning, it was surprisingly painless 🙌"),
            (.emma, "One question: is it crazy to rent a car in Rio?"),
            (.emma, "My colleague says yes, my mum says absolutely yes 😅"),
        ])

    private static let biaAndCaio = DemoConversation(
        between: (.bia, .caio), start: .daysAgo(1, hour: 20, minute: 2),
        lines: [
            (.bia, "Caio, a Ana falou do churrasco, posso ir mesmo?"),
            (.caio, "Mas é claro! Sábado, 13h"),
            (.bia, "Levo farofa ou cerveja?"),
            (.caio, "Sim 😂"),
            (.bia, "Hahaha anotado"),
        ])
}
