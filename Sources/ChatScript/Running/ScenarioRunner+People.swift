import ChatNet
import ChatWire

// The people of a scenario.
extension ScenarioRunner {
    func bringOn(_ names: [String], areNew: Bool) async throws(StepFailure) {
        for name in names {
            let person = try await makePerson(name)
            people[name] = person
            order.append(name)
            if !areNew, let account = await pool.take() {
                leased.append(account)
                try await signIn(person, account)
            } else {
                try await signUp(person)
            }
            scope[name] = person.variable
            redactor.hide(person.token)
            redactor.hide(person.password)
        }
    }

    private func makePerson(_ name: String) async throws(StepFailure) -> Person {
        guard scenario.touchesLink(of: name) else {
            return Person(
                name: name, http: HTTPClient(thread: thread, configuration: settings.net), net: settings.net,
                gate: nil)
        }
        do throws(NetError) {
            let gate = try LinkGate(to: settings.server, net: settings.net, thread: thread)
            await gate.start()
            let net = gate.configuration
            return Person(
                name: name, http: HTTPClient(thread: thread, configuration: net), net: net, gate: gate)
        } catch {
            throw StepFailure(expected: "a relay on this machine", came: error.description, kind: .network)
        }
    }

    private func signUp(_ person: Person) async throws(StepFailure) {
        guard settings.mayRegister else {
            throw StepFailure(
                expected: "an account", came: "needs accounts, or --allow-register", kind: .notAllowed)
        }
        let word = Scope.randomWord()
        person.fullName = "\(person.name) \(word)"
        person.email = "\(person.name.lowercased())-\(word)@example.com"
        person.password = Scope.randomWord() + Scope.randomWord()
        redactor.hide(person.password)
        let body: JSONValue = [
            "name": .string(person.fullName), "email": .string(person.email),
            "password": .string(person.password),
        ]
        try adopt(
            try await request(.post, "/api/auth/register", body, token: nil, as: person), for: person)
    }

    private func signIn(_ person: Person, _ account: ExistingAccount) async throws(StepFailure) {
        redactor.hide(account.password)
        redactor.hide(account.token)
        person.password = account.password ?? ""
        if let token = account.token {
            person.token = token
            let answer = try await request(.get, "/api/auth/me", nil, token: token, as: person)
            return try adopt(answer, for: person)
        }
        let body: JSONValue = [
            "email": .string(account.email ?? ""), "password": .string(account.password ?? ""),
        ]
        try adopt(try await request(.post, "/api/auth/login", body, token: nil, as: person), for: person)
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
