// A user's list of contacts, and the search for people.
extension API {
    static let contactEndpoints: [any Endpoint.Type] = [
        Contacts.self, AddContact.self, RenameContact.self, RemoveContact.self, FindPeople.self,
    ]

    /// The most Unicode scalars of a contact's name, counted after stripping.
    public static let contactNameLengthMax = 100

    public enum Contacts: AccountEndpoint {
        public static let summary = "The contacts, the most recent conversation first."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/contacts")
        public static let contacts = Field<PartialList<Contact>>("contacts", "All entries of the list.")
        public static let answer = AnswerFormat.member(contacts, as: .list)
    }

    public static func contacts() -> APICall<PartialList<Contact>> { Contacts.call() }

    public enum AddContact: AccountEndpoint {
        public static let summary = "Adds a user to the list of contacts."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/contacts/add")
        public static let user = Field<UserID>("contact_user_id", "The user to add, somebody else.")
        public static let name = Field<String>(
            "contact_name",
            "The name to show for the user, at most 100 Unicode scalars after stripping; without it, their own.",
            isRequired: false)
        public static let body = [user.description, name.description]
        public static let contact = Field<Contact>("contact", "The new entry.")
        public static let answer = AnswerFormat.member(contact)
        public static let successStatus = 201
        public static let refusals: [Refusal] = [
            .contactIDMissing, .contactIsSelf, .userUnknown, .contactExists, .contactNameTooLong,
            .contactNameUnfit,
        ]
    }

    /// - Parameter name: The name to show for them; nil for their own name.
    public static func addContact(_ user: UserID, name: String? = nil) -> APICall<Contact> {
        AddContact.call(
            body: JSONObject([AddContact.user(user)] + (name.map { [AddContact.name($0)] } ?? [])))
    }

    public enum RenameContact: AccountEndpoint {
        public static let summary = "Changes the name that the owner of the list gave a contact."
        public static let method = HTTPMethod.put
        public static let path = EndpointPath<ContactID>("/api/contacts/", "The number of the entry.")
        public static let name = Field<String>(
            "contact_name", "The new name: 1 to 100 Unicode scalars after stripping.")
        public static let body = [name.description]
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [
            .contactNameMissing, .contactNameBlank, .contactNameTooLong, .contactNameUnfit, .contactUnknown,
            .contactUnchanged, .contactNotEditable,
        ]
    }

    public static func renameContact(_ contact: ContactID, to name: String) -> APICall<Void> {
        RenameContact.call(contact, body: JSONObject([RenameContact.name(name)]))
    }

    public enum RemoveContact: AccountEndpoint {
        public static let summary = "Removes a contact from the list; its messages stay."
        public static let method = HTTPMethod.delete
        public static let path = EndpointPath<ContactID>("/api/contacts/", "The number of the entry.")
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [.contactUnknown, .contactNotRemovable]
    }

    public static func removeContact(_ contact: ContactID) -> APICall<Void> { RemoveContact.call(contact) }

    public enum FindPeople: AccountEndpoint {
        public static let summary = "At most 20 people whose name or address contains the text."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/contacts/search")
        public static let text = QueryItem<String>(
            "q", "The text: at least 2 Unicode scalars after stripping.")
        public static let query = [text.description]
        public static let users = Field<PartialList<Person>>("users", "Other users, with their addresses.")
        public static let answer = AnswerFormat.member(users, as: .list)
        public static let refusals: [Refusal] = [.searchTooShort]
    }

    public static func findPeople(_ text: String) -> APICall<PartialList<Person>> {
        FindPeople.call(query: [FindPeople.text(text)])
    }
}
