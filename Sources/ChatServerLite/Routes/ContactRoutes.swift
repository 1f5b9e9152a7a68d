import ChatWire

/// The routes of contacts, and the search for people.
enum ContactRoutes {
    static let all = [
        Route(list), Route(add), Route(rename), Route(remove), Route(search, limit: .search),
    ]

    @Sendable
    private static func list(
        _ call: RouteCall<API.Contacts>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Contacts> {
        let order: ContactOrder =
            context.configuration.behaviour.rules.countsWholeSeconds ? .wholeSeconds : .exact
        return try await context.large(for: user) { view in
            Reply(PartialList(try view.contacts(of: user.id, in: order)))
        }
    }

    @Sendable
    private static func add(
        _ call: RouteCall<API.AddContact>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.AddContact> {
        let rules = context.configuration.behaviour.rules
        let body = try call.body()
        let contactUser = try body.userID(
            API.AddContact.user, missing: .contactIDMissing, unknown: .userUnknown)
        // To the real server, "1" differs from 1 here, but equals it when the contact is stored.
        if contactUser == user.id, !rules.echoesIDs || body[API.AddContact.user]?.isNumber == true {
            throw .refused(.contactIsSelf)
        }
        let name = try chosenName(body)
        if rules.checksNames, let name, !NameRules.isFit(name) { throw .refused(.contactNameUnfit) }
        var contact = try await context.perform(
            AddContact(user: user.id, contactUser: contactUser, name: name))
        contact.ownerID = user.id
        return Reply(
            contact, message: "Contato criado com sucesso",
            echoing: rules.echoesIDs ? body.present(API.AddContact.body) : [:], in: API.AddContact.contact)
    }

    /// The name in the body, where a number counts as its digits; nil for the user's own name.
    private static func chosenName(_ body: JSONBody) throws(RouteError) -> String? {
        if body.isBlank(API.AddContact.name) { return nil }
        let text: String
        switch body[API.AddContact.name] {
        case .string(let name): text = strippedLikePython(name)
        case .integer(let number): text = String(number)
        case .double(let number): text = String(number)
        default: throw .refused(.invalidData)
        }
        if text.unicodeScalars.count > API.contactNameLengthMax { throw .refused(.contactNameTooLong) }
        return text.isEmpty ? nil : text
    }

    @Sendable
    private static func rename(
        _ call: RouteCall<API.RenameContact>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.RenameContact> {
        let body = try call.body()
        if body.isBlank(API.RenameContact.name) { throw .refused(.contactNameMissing) }
        let name = strippedLikePython(try body.text(API.RenameContact.name))
        if name.isEmpty { throw .refused(.contactNameBlank) }
        if name.unicodeScalars.count > API.contactNameLengthMax { throw .refused(.contactNameTooLong) }
        let rules = context.configuration.behaviour.rules
        if rules.checksNames, !NameRules.isFit(name) { throw .refused(.contactNameUnfit) }
        try await context.perform(
            RenameContact(
                user: user.id, contact: call.parameter, name: name,
                refusesSame: rules.refusesUnchangedNames))
        return Reply(message: "Contato atualizado com sucesso")
    }

    @Sendable
    private static func remove(
        _ call: RouteCall<API.RemoveContact>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.RemoveContact> {
        _ = try await context.perform(RemoveContact(user: user.id, contact: call.parameter))
        return Reply(message: "Contato removido com sucesso")
    }

    @Sendable
    private static func search(
        _ call: RouteCall<API.FindPeople>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.FindPeople> {
        let query = strippedLikePython(call[API.FindPeople.text] ?? "")
        if query.unicodeScalars.count < 2 { throw .refused(.searchTooShort) }
        let rules = context.configuration.behaviour.rules
        let people = try await routing { () async throws(StoreError) in
            try await context.store.search(for: user.id) { view in
                rules.searchesByPattern
                    ? try view.people(like: query, besides: user.id)
                    : try view.people(matching: query, besides: user.id)
            }
        }
        return Reply(PartialList(people))
    }
}
