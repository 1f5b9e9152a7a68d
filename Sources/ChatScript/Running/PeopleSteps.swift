import ChatCrypto
import ChatNet
import ChatWire

/// Brings the people of a scenario on: accounts and links.
struct PeopleSteps {
    let context: ScenarioContext
    private var rest: RESTSteps { RESTSteps(context: context) }

    func bringOn(_ names: [String], areNew: Bool) async throws(StepFailure) {
        for name in names {
            let person = try await makePerson(name)
            context.people[name] = person
            context.order.append(name)
            if !areNew, let account = await context.pool.take() {
                context.leased.append(account)
                try await signIn(person, account)
            } else {
                try await signUp(person)
            }
            context.scope[name] = person.variable
            context.redactor.hide(person.token)
            context.redactor.hide(person.password)
        }
    }

    private func makePerson(_ name: String) async throws(StepFailure) -> Person {
        guard context.scenario.touchesLink(of: name) else {
            return Person(
                name: name, http: HTTPClient(thread: context.thread, configuration: context.settings.net),
                net: context.settings.net,
                gate: nil)
        }
        do throws(NetError) {
            let gate = try LinkGate(
                to: context.settings.server, net: context.settings.net, thread: context.thread)
            await gate.start()
            let net = gate.configuration
            return Person(
                name: name, http: HTTPClient(thread: context.thread, configuration: net), net: net, gate: gate
            )
        } catch {
            throw StepFailure(expected: "a relay on this machine", came: error.description, kind: .network)
        }
    }

    private func signUp(_ person: Person) async throws(StepFailure) {
        guard context.settings.mayRegister else {
            throw StepFailure(
                expected: "an account", came: "needs accounts, or --allow-register", kind: .notAllowed)
        }
        let word = Scope.randomWord()
        person.fullName = "\(person.name) \(word)"
        person.email = "\(person.name.lowercased())-\(word)@example.com"
        person.password = Scope.randomWord() + Scope.randomWord()
        context.redactor.hide(person.password)
        var body: JSONObject = [
            "name": .string(person.fullName), "email": .string(person.email),
            "password": .string(person.password),
        ]
        var answer = try await register(body, person)
        if answer.body?["message"] == .string(Refusal.proofMissing.message) {
            let problem = try await rest.request(
                .get, API.Challenge.path.text(for: ()), nil, token: nil, as: person)
            guard let data = problem.body?["data"], let challenge = try? SignUpChallenge(json: data),
                challenge.bits <= SignUpChallenge.bitsMax,
                let number = await ProofOfWork.solution(of: challenge.text, bits: challenge.bits)
            else { throw StepFailure(expected: "a challenge", came: "\(problem.text.prefix(600))") }
            body["challenge"] = .string(challenge.text)
            body["proof"] = .integer(number)
            answer = try await register(body, person)
        }
        try adopt(answer, for: person)
    }

    private func register(_ body: JSONObject, _ person: Person) async throws(StepFailure) -> Answer {
        try await rest.request(.post, "/api/auth/register", .object(body), token: nil, as: person)
    }

    private func signIn(_ person: Person, _ account: ExistingAccount) async throws(StepFailure) {
        context.redactor.hide(account.password)
        context.redactor.hide(account.token)
        person.password = account.password ?? ""
        if let token = account.token {
            person.token = token
            let answer = try await rest.request(.get, "/api/auth/me", nil, token: token, as: person)
            return try adopt(answer, for: person)
        }
        let body: JSONValue = [
            "email": .string(account.email ?? ""), "password": .string(account.password ?? ""),
        ]
        try adopt(try await rest.request(.post, "/api/auth/login", body, token: nil, as: person), for: person)
    }

    private func adopt(_ answer: Answer, for person: Person) throws(StepFailure) {
        let user = answer.body?["data"]?["user"]
        guard (200..<300).contains(answer.status), let user, let id = user["id"]?.integerValue,
            let token = answer.body?["data"]?["token"]?.stringValue ?? Optional(person.token), !token.isEmpty
        else {
            throw StepFailure(
                expected: "an account for \(person.name)",
                came: "\(answer.status) \(answer.text.prefix(300))",
                kind: .account)
        }
        person.id = id
        person.token = token
        person.fullName = user["name"]?.stringValue ?? person.fullName
        person.email = user["email"]?.stringValue ?? person.email
    }

    // MARK: Links

    func changeLink(_ change: Action.LinkChange, of person: Person) async throws(StepFailure) {
        guard let gate = person.gate else {
            throw StepFailure(expected: "a relay", came: "none for \(person.name)", kind: .script)
        }
        switch change {
        case .breaks: await gate.breakConnections()
        case .goesOffline: await gate.change(to: .shut)
        case .stalls: await gate.change(to: .stalled)
        case .comesBack: await gate.change(to: .open)
        }
    }
}

extension Scenario {
    /// Whether the scenario changes the person's link anywhere.
    func touchesLink(of person: String) -> Bool {
        allSteps.contains { step in
            guard case .link = step.action else { return false }
            return step.subjects.contains { $0.person == person }
        }
    }
}
