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
    }

    var mode: Mode = .signIn
    /// Whether the person may choose another server.
    var changesServer = false
    var server = LineEditor()
    var name = LineEditor()
    var email = LineEditor()
    var password = LineEditor()
    var field: Field = .email
    /// What went wrong, in the words of whoever said so.
    var problem: String?
    var isWorking = false

    /// From the top of the screen down.
    var fields: [Field] {
        (changesServer ? [.server] : [])
            + (mode == .signIn ? [.email, .password] : [.name, .email, .password])
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
            }
        }
        set {
            switch field {
            case .server: server = newValue
            case .name: name = newValue
            case .email: email = newValue
            case .password: password = newValue
            }
        }
    }

    mutating func move(by delta: Int) {
        let index = fields.firstIndex(of: field) ?? 0
        field = fields[((index + delta) % fields.count + fields.count) % fields.count]
    }

    mutating func toggleMode() {
        mode = mode == .signIn ? .register : .signIn
        problem = nil
        field = mode == .register ? .name : .email
    }
}
