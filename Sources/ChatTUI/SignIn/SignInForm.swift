import ChatClientCore
import ChatWire

/// The screen on which a person signs in or makes an account.
struct SignInForm: Hashable, Sendable {
    enum Mode: Hashable, Sendable {
        case signIn
        case register
    }

    enum Field: Hashable, Sendable {
        case server
        case name
        case email
        case password
        case invitation
    }

    private(set) var mode: Mode = .signIn
    /// Whether the person may choose another server.
    let changesServer: Bool
    var server = LineEditor()
    var name = LineEditor()
    var email = LineEditor()
    var password = LineEditor()
    var invitation = LineEditor()
    /// Whether the server has said that it makes accounts by invitation.
    private(set) var needsInvitation = false
    var field: Field = .email
    /// What went wrong, in words.
    private(set) var problem: String?
    private(set) var isWorking = false

    /// The form as the person left it; the keyboard goes to the first field that is empty.
    init(server: String, changesServer: Bool, draft: SignInDraft = SignInDraft()) {
        self.changesServer = changesServer
        self.server = LineEditor(server)
        mode = draft.isNewAccount ? .register : .signIn
        name = LineEditor(draft.name)
        email = LineEditor(draft.email)
        password = LineEditor(draft.password)
        invitation = LineEditor(draft.invitation)
        needsInvitation = !draft.invitation.isEmpty
        field = fields.first { isEmpty($0) } ?? .password
    }

    /// From the top of the screen down.
    var fields: [Field] {
        let own: [Field] =
            switch mode {
            case .signIn: [.email, .password]
            case .register: [.name, .email, .password] + (needsInvitation ? [.invitation] : [])
            }
        return (changesServer ? [.server] : []) + own
    }

    var isComplete: Bool {
        !fields.contains { isEmpty($0) }
    }

    func isEmpty(_ field: Field) -> Bool { self[field].text.allSatisfy(\.isWhitespace) }

    subscript(field: Field) -> LineEditor {
        get {
            switch field {
            case .server: server
            case .name: name
            case .email: email
            case .password: password
            case .invitation: invitation
            }
        }
        set {
            switch field {
            case .server: server = newValue
            case .name: name = newValue
            case .email: email = newValue
            case .password: password = newValue
            case .invitation: invitation = newValue
            }
        }
    }

    // MARK: Keys

    /// Takes a key; true when the form is to be submitted.
    mutating func handle(_ key: Key, _ command: Command?) -> Bool {
        guard !isWorking else { return false }
        if key == Self.otherModeKey {
            toggleMode()
        } else if let text = key.typedText {
            self[field].insert(text)
            problem = nil
        } else if key == Key(.tab, .shift) || command == .up {
            move(by: -1)
        } else if command == .switchPane || command == .down {
            move(by: 1)
        } else if command == .accept {
            return true
        } else if case .edit(let edit) = command {
            self[field].apply(edit)
        }
        return false
    }

    /// Changes between signing in and making an account.
    static let otherModeKey = Key(.function(2))

    private mutating func move(by delta: Int) {
        let index = fields.firstIndex(of: field) ?? 0
        field = fields[((index + delta) % fields.count + fields.count) % fields.count]
    }

    private mutating func toggleMode() {
        mode = mode == .signIn ? .register : .signIn
        problem = nil
        field = mode == .register ? .name : .email
    }

    // MARK: Submitting

    /// Where a form that is complete goes.
    enum Submission: Hashable, Sendable {
        case here(Effect)
        case elsewhere(ServerURL)
    }

    /// Submits the form to the client's server, or to the one that the person chose. nil when something is missing or
    /// wrong; the form then shows it.
    mutating func submit(to present: String, _ strings: any Catalogue) -> Submission? {
        if let empty = fields.first(where: { isEmpty($0) }) {
            problem = empty == field ? strings.fillIn : nil
            field = empty
            return nil
        }
        do throws(ServerURLError) {
            let chosen = changesServer ? try ServerURL(server.text) : nil
            isWorking = true
            if let chosen, chosen.description != present { return .elsewhere(chosen) }
        } catch {
            problem = strings.serverAddress(error)
            field = .server
            return nil
        }
        problem = nil
        switch mode {
        case .signIn: return .here(.signIn(email: email.text, password: password.text))
        case .register:
            return .here(
                .register(
                    name: name.text, email: email.text, password: password.text,
                    invitation: needsInvitation ? invitation.text : nil))
        }
    }

    /// Shows why the server refused; `reason` is the rule, if the server's words are known. A server that makes accounts
    /// by invitation is given one.
    mutating func refuse(_ words: String, for reason: Refusal? = nil) {
        isWorking = false
        problem = words
        guard mode == .register, reason == .invitationMissing || reason == .invitationInvalid else { return }
        needsInvitation = true
        field = .invitation
    }
}
