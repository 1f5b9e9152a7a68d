import ChatClientCore
import ChatTUI
import ChatWire
import TestSupport
import Testing

@testable import ChatCommand

/// Plays a script against its own clock: time jumps from deadline to deadline.
private struct Stage {
    var script: PartnerScript
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    var log: [PartnerScript.Action] = []

    init(language: Language = .english, pace: PartnerScript.Pace = .human) {
        script = PartnerScript(newcomer: "Ana Lima", language: language, pace: pace)
    }

    /// Time since the beginning.
    var elapsed: Duration { now - MonotonicInstant(nanoseconds: 1_000_000_000) }

    @discardableResult
    mutating func take(_ event: PartnerScript.Event) -> [PartnerScript.Action] {
        let actions = script.receive(event, at: now)
        log += actions
        return actions
    }

    /// Goes to the next deadline; false when there is none.
    @discardableResult
    mutating func advance() -> Bool {
        guard let deadline = script.deadline else { return false }
        now = max(now, deadline)
        take(.time)
        return true
    }

    /// Continues until the predicate holds for the actions of a step.
    mutating func advance(until isEnough: ([PartnerScript.Action]) -> Bool) {
        for _ in 0..<50 {
            guard let deadline = script.deadline else { return }
            now = max(now, deadline)
            if isEnough(take(.time)) { return }
        }
        Issue.record("never came")
    }

    mutating func playToTheEnd() {
        for _ in 0..<200 where advance() {}
    }

    var spoken: [String] {
        log.compactMap { if case .say(let text) = $0 { text } else { nil } }
    }
}

@Suite("The partner's script")
struct PartnerScriptTests {
    @Test("Alone, the newcomer sees everything within a minute, in this order")
    func sceneAlone() {
        var stage = Stage()
        stage.take(.began)
        stage.playToTheEnd()
        let expected: [PartnerScript.Action] = [
            .read,
            .startTyping, .stopTyping, .say(Language.english.partner.text(.welcome, newcomer: "Ana")),
            .letFriendWrite(Language.english.partner.text(.friend, newcomer: "Ana")),
            .startTyping, .stopTyping, .say(Language.english.partner.text(.marks, newcomer: "Ana")),
            .startTyping, .stopTyping, .say(Language.english.partner.text(.leaving, newcomer: "Ana")),
            .goOffline,
            .comeOnline,
            .startTyping, .stopTyping, .say(Language.english.partner.text(.back, newcomer: "Ana")),
        ]
        #expect(stage.log == expected)
        #expect(stage.elapsed < .seconds(60))
        #expect(stage.script.isIdle)
        #expect(stage.script.deadline == nil)
    }

    @Test("Nothing happens before its time")
    func patience() throws {
        var stage = Stage()
        stage.take(.began)
        let deadline = try #require(stage.script.deadline)
        stage.now = deadline - .nanoseconds(1)
        #expect(stage.take(.time) == [])
        stage.now = deadline
        #expect(stage.take(.time) == [.read])
    }

    @Test("What the newcomer writes is read, then answered, before the scene goes on")
    func answer() {
        var stage = Stage()
        stage.take(.began)
        #expect(stage.take(.received(["Hello!"])) == [])
        var actions: [[PartnerScript.Action]] = []
        for _ in 0..<3 {
            stage.now = stage.script.deadline ?? stage.now
            actions.append(stage.take(.time))
        }
        #expect(actions == [[.read], [.startTyping], [.stopTyping, .say("Hi Ana! 👋")]])
        #expect(stage.elapsed < .seconds(6))
        stage.playToTheEnd()
        #expect(stage.spoken.last == Language.english.partner.text(.back, newcomer: "Ana"))
    }

    @Test("A line being typed is said before the answer to what came meanwhile")
    func interruption() {
        var stage = Stage()
        stage.take(.began)
        stage.advance { $0 == [.startTyping] }
        stage.take(.received(["Hello!"]))
        stage.advance { $0.contains { if case .say = $0 { true } else { false } } }
        #expect(stage.spoken == [Language.english.partner.text(.welcome, newcomer: "Ana")])
        stage.advance { $0 == [.read] }
        stage.advance { $0.contains(.say("Hi Ana! 👋")) }
    }

    @Test("Three lines in a row get one answer, to the last")
    func rowOfLines() {
        var stage = Stage()
        stage.take(.began)
        stage.take(.received(["Hello!"]))
        stage.take(.received(["thanks", "do you want coffee?"]))
        stage.advance { $0.contains { if case .say = $0 { true } else { false } } }
        #expect(stage.spoken == ["I never say no to coffee ☕"])
        stage.playToTheEnd()
        #expect(stage.spoken.filter { $0.contains("no to coffee") }.count == 1)
        #expect(!stage.spoken.contains("Hi Ana! 👋"))
    }

    @Test("Whatever is written at whatever step, it is read and answered, and the scene ends as it should")
    func answerAtEveryStep() {
        for step in 0...16 {
            var stage = Stage()
            stage.take(.began)
            for _ in 0..<step { stage.advance() }
            let before = stage.log.count
            stage.take(.received(["what is your favourite colour?"]))
            stage.playToTheEnd()
            let after = stage.log.dropFirst(before)
            let reply = after.firstIndex(of: .say("Good question… let me think."))
            let reading = after.firstIndex(of: .read)
            #expect(reply != nil, "step \(step): \(after)")
            #expect((reading ?? .max) < (reply ?? .min), "step \(step): \(after)")
            #expect(
                stage.spoken.contains(Language.english.partner.text(.back, newcomer: "Ana")), "step \(step)")
            #expect(stage.script.isIdle)
            // Typing and saying alternate, and nobody speaks while away.
            var isTyping = false
            var isAway = false
            for action in stage.log {
                switch action {
                case .startTyping:
                    #expect(!isTyping && !isAway, "step \(step): \(stage.log)")
                    isTyping = true
                case .say:
                    #expect(isTyping && !isAway, "step \(step): \(stage.log)")
                    isTyping = false
                case .read: #expect(!isAway, "step \(step): \(stage.log)")
                case .goOffline: isAway = true
                case .comeOnline: isAway = false
                case .stopTyping, .letFriendWrite: break
                }
            }
        }
    }

    @Test("What came while she was away is read on coming back, and answered after saying so")
    func away() {
        var stage = Stage()
        stage.take(.began)
        stage.advance { $0 == [.goOffline] }
        #expect(stage.script.isAway)
        stage.take(.received(["are you there?"]))
        stage.advance { $0 == [.comeOnline] }
        #expect(!stage.script.isAway)
        stage.advance()
        #expect(stage.log.last == .read)
        stage.playToTheEnd()
        let back = Language.english.partner.text(.back, newcomer: "Ana")
        #expect(Array(stage.spoken.suffix(2)) == [back, "Good question… let me think."])
    }

    @Test("The partner follows the newcomer's language")
    func language() {
        var stage = Stage(language: .english)
        stage.take(.began)
        stage.take(.received(["Oi, tudo bem?"]))
        #expect(stage.script.language == .brazilianPortuguese)
        stage.playToTheEnd()
        #expect(stage.spoken.first == "Tudo ótimo por aqui! E com você?")
        #expect(stage.spoken.contains(Language.brazilianPortuguese.partner.text(.welcome, newcomer: "Ana")))
    }

    @Test("While the newcomer types the scene waits, but not for ever")
    func courtesy() throws {
        var stage = Stage()
        stage.take(.began)
        let planned = try #require(stage.script.deadline)
        for _ in 0..<100 {
            stage.now = stage.now + .milliseconds(500)
            stage.take(.newcomerTyping(true))
        }
        let postponed = try #require(stage.script.deadline)
        #expect(postponed > planned)
        #expect(postponed - planned < .seconds(10))
        stage.take(.newcomerTyping(false))
        stage.playToTheEnd()
        #expect(stage.script.isIdle)
    }

    @Test("A cued script moves by cues alone")
    func cues() {
        var stage = Stage(pace: .cued)
        stage.take(.began)
        #expect(stage.script.deadline == nil)
        stage.now = stage.now + .seconds(3600)
        #expect(stage.take(.time) == [])
        #expect(stage.script.next == .read)
        #expect(stage.take(.cue) == [.read])
        #expect(stage.script.next == .startTyping)
        stage.take(.received(["Hello!"]))
        #expect(stage.script.next == .read)
        var human = Stage()
        human.take(.began)
        #expect(human.take(.cue) == [])
    }

    @Test(
        "Random newcomers never bring the script out of order",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var stage = Stage()
        stage.take(.began)
        let texts = [
            "oi", "hello", "?", "😀", "ok", String(repeating: "x ", count: 300), "http://a.b", "tchau",
        ]
        for _ in 0..<400 {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: stage.take(.received([texts.randomElement(using: &generator) ?? ""]))
            case 1: stage.take(.newcomerTyping(Bool.random(using: &generator)))
            case 2: stage.now = stage.now + .milliseconds(Int.random(in: 0..<3000, using: &generator))
            default: stage.advance()
            }
        }
        stage.playToTheEnd()
        #expect(stage.script.isIdle, "seed \(seed)")
        var isTyping = false
        for action in stage.log {
            if case .startTyping = action {
                #expect(!isTyping, "seed \(seed)")
                isTyping = true
            } else if case .say = action {
                #expect(isTyping, "seed \(seed)")
                isTyping = false
            }
        }
        for action: PartnerScript.Action in [.goOffline, .comeOnline] {
            #expect(stage.log.filter { $0 == action }.count == 1, "seed \(seed)")
        }
    }
}

@Suite("The partner's answers")
struct PartnerRepliesTests {
    @Test(
        "The topic is told by the text",
        arguments: [
            ("veja https://exemplo.com", PartnerTopic.link), ("👍👍", .emoji), ("???", .question),
            ("Quem é você?", .identity), ("who are you?", .identity), ("are you a bot", .identity),
            ("Oi, tudo bem?", .wellbeing), ("How are you?", .wellbeing), ("muito obrigada!", .thanks),
            ("até mais!", .farewell), ("bye", .farewell), ("help", .help), ("como funciona isso?", .help),
            ("isto é um teste", .test), ("quer café?", .coffee), ("Olá", .greeting),
            ("Boa noite, Bia", .greeting),
            ("kkkkk", .laughter), ("hahaha", .laughter), ("rsrs", .laughter), ("cada um", .other),
            ("jajaja", .laughter), ("¿Cómo estás?", .wellbeing), ("¡hasta luego!", .farewell),
            ("why not?", .question), (String(repeating: "palavra ", count: 40), .long), ("tanto faz", .other),
            ("", .emoji),
        ])
    func topics(text: String, topic: PartnerTopic) {
        #expect(PartnerReplies.topic(of: text) == topic)
    }

    @Test("The same topic is not answered twice in a row with the same words")
    func variety() {
        for language in Language.allCases {
            var replies = PartnerReplies(newcomer: "Ana Lima")
            let answers = (0..<8).map { _ in replies.reply(to: "tanto faz", in: language) }
            for (one, next) in zip(answers, answers.dropFirst()) { #expect(one != next) }
            #expect(Set(answers).count == 4)
        }
    }

    @Test("The newcomer is called by the first name")
    func firstName() {
        var replies = PartnerReplies(newcomer: "Ana Lima")
        #expect(replies.reply(to: "bye", in: .english) == "See you, Ana! 👋")
        #expect(PartnerReplies(newcomer: "").newcomer == "")
    }

    @Test(
        "Languages are told by small words; without a sign nothing changes",
        arguments: [
            ("Oi, tudo bem?", Language.brazilianPortuguese), ("não", .brazilianPortuguese),
            ("maçã", .brazilianPortuguese),
            ("Hola, ¿qué tal?", .spanish), ("muchas gracias, hasta luego", .spanish), ("mañana", .spanish),
            ("how are you?", .english), ("this is a test", .english), ("thanks!", .english),
        ])
    func detection(text: String, language: Language) {
        for other in Language.allCases {
            #expect(NewcomerLanguage.detect(in: text, otherwise: other) == language)
            #expect(NewcomerLanguage.detect(in: "😀 123", otherwise: other) == other)
            #expect(NewcomerLanguage.detect(in: "", otherwise: other) == other)
        }
    }
}

@Suite("The headless scene's director")
struct SceneDirectorTests {
    private let bia = UserID(2)
    private let caio = UserID(3)

    @Test("Each step has to be seen; the newcomer speaks twice, once to somebody away")
    func course() {
        var director = HeadlessScene.Director(partner: bia, friend: caio)
        let strings = Language.english.commands
        #expect(director.effects(of: .read) == [])
        #expect(director.effects(of: .startTyping) == [.typing(bia, times: 1)])
        #expect(director.effects(of: .sayLine(.welcome)) == [.received(bia, count: 1)])
        #expect(director.lineAfter(.sayLine(.welcome), strings) != nil)
        director.sent(TempID("one"))
        #expect(director.effects(of: .read) == [.atLeast(TempID("one"), .read)])
        #expect(director.effects(of: .startTyping) == [.typing(bia, times: 2)])
        #expect(director.effects(of: .sayReply("x")) == [.received(bia, count: 2)])
        #expect(director.effects(of: .friendWrites) == [.unread(caio)])
        #expect(director.effects(of: .goOffline) == [.wentOffline(bia, times: 1)])
        #expect(director.isPartnerAway)
        #expect(director.lineAfter(.goOffline, strings) != nil)
        director.sent(TempID("two"))
        #expect(!director.isComplete)
        #expect(
            director.effects(of: .comeOnline)
                == [.cameOnline(bia, times: 2), .atLeast(TempID("two"), .delivered)])
        #expect(!director.isPartnerAway)
        #expect(director.isComplete)
        #expect(director.lineAfter(.sayLine(.back), strings) == nil)
    }

    @Test("The server's line of accounts is read, and nothing else is taken for it")
    func readyLine() throws {
        let line = """
            {"url":"http://127.0.0.1:4321","accounts":[\
            {"id":1,"name":"Ana Lima","email":"a@x","password":"p"},\
            {"id":2,"name":"Bia","email":"b@x","password":"q"}]}
            """
        let ready = try DemoServer.parse(Array(line.utf8))
        #expect(ready.url.port == 4321)
        #expect(ready.people.map(\.id) == [UserID(1), UserID(2)])
        #expect(ready.people[0].firstName == "Ana")
        for bad in [
            "", "{}", "listening", #"{"url":"http://127.0.0.1:1","accounts":[]}"#,
            #"{"url":"x y","accounts":[]}"#,
        ] {
            #expect(throws: DemoServer.Failure.self) { try DemoServer.parse(Array(bad.utf8)) }
        }
    }
}
