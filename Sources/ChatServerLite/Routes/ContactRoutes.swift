import ChatWire

/// A user's list of contacts, and the search for people.
enum ContactRoutes {
    static let all = [
        Route(.get, "/api/contacts", for: list),
        Route(.post, "/api/contacts/add", for: add),
        Route(.put, "/api/contacts/#", for: rename),
        Route(.delete, "/api/contacts/#", for: remove),
        Route(.get, "/api/contacts/search", for: search),
    ]

    @Sendable
    private static func list(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let order: ContactOrder =
            context.configuration.behaviour.rules.countsWholeSeconds ? .wholeSeconds : .exact
        return try await context.large(for: user) { view in
            let contacts = try view.contacts(of: user.id, in: order)
            return .success { writer in
                writer.key("contacts")
                writer.beginArray()
                for contact in contacts { contact.write(to: &writer) }
                writer.endArray()
            }
        }
    }

    @Sendable
    private static func add(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let rules = context.configuration.behaviour.rules
        let body = try JSONBody(request)
        let contactUser = try body.userID(
            "contact_user_id", missing: .contactIDMissing, unknown: .userUnknown)
        // To the real server, "1" is not 1 here, and it is when the contact is stored.
        if contactUser == user.id, !rules.echoesIDs || body["contact_user_id"]?.isNumber == true {
            throw .refused(.contactIsSelf)
        }
        let name = try chosenName(body)
        if rules.checksNames, let name, !NameRules.isFit(name) { throw .refused(.contactNameUnfit) }
        let contact = try await context.perform(
            AddContact(user: user.id, contactUser: contactUser, name: name))
        return .success("Contato criado com sucesso", status: 201) { writer in
            writer.key("contact")
            let echoed = rules.echoesIDs ? ["contact_user_id", "contact_name"] : []
            writer.object(echoing: body.present(echoed)) { contact.writeAdded(by: user.id, to: &$0) }
        }
    }

    /// The name in the body, a number as its digits; nil when the user's own is to be kept.
    private static func chosenName(_ body: JSONBody) throws(RouteError) -> String? {
        if body.isBlank("contact_name") { return nil }
        let text: String
        switch body["contact_name"] {
        case .string(let name): text = strippedLikePython(name)
        case .integer(let number): text = String(number)
        case .double(let number): text = String(number)
        default: throw .refused(.invalidData)
        }
        if text.unicodeScalars.count > 100 { throw .refused(.contactNameTooLong) }
        return text.isEmpty ? nil : text
    }

    @Sendable
    private static func rename(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let body = try JSONBody(request)
        if body.isBlank("contact_name") { throw .refused(.contactNameMissing) }
        let name = strippedLikePython(try body.text("contact_name"))
        if name.isEmpty { throw .refused(.contactNameBlank) }
        if name.unicodeScalars.count > 100 { throw .refused(.contactNameTooLong) }
        let rules = context.configuration.behaviour.rules
        if rules.checksNames, !NameRules.isFit(name) { throw .refused(.contactNameUnfit) }
        try await context.perform(
            RenameContact(
                user: user.id, contact: ContactID(request.id()), name: name,
                refusesSame: rules.refusesUnchangedNames))
        return .success("Contato atualizado com sucesso")
    }

    @Sendable
    private static func remove(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        _ = try await context.perform(RemoveContact(user: user.id, contact: ContactID(request.id())))
        return .success("Contato removido com sucesso")
    }

    @Sendable
    private static func search(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let query = strippedLikePython(request.query["q"] ?? "")
        if query.unicodeScalars.count < 2 { throw .refused(.searchTooShort) }
        let rules = context.configuration.behaviour.rules
        let people = try await routing { () async throws(StoreError) in
            try await context.store.search(for: user.id) { view in
                rules.searchesByPattern
                    ? try view.people(like: query, besides: user.id)
                    : try view.people(matching: query, besides: user.id)
            }
        }
        return .success { writer in
            writer.key("users")
            writer.beginArray()
            for person in people { person.write(to: &writer) }
            writer.endArray()
        }
    }
}
