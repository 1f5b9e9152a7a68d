/// The people of the demonstration.
enum DemoPerson: Int, CaseIterable, Sendable {
    /// The person who tries the demonstration.
    case ana
    /// The partner who answers.
    case bia
    case caio
    case davi
    case emma

    var name: String {
        switch self {
        case .ana: "Ana Lima"
        case .bia: "Bia Souza"
        case .caio: "Caio Rocha"
        case .davi: "Davi Alves"
        case .emma: "Emma Clarke"
        }
    }

    var email: String {
        switch self {
        case .ana: "ana@exemplo.com"
        case .bia: "bia@exemplo.com"
        case .caio: "caio@exemplo.com"
        case .davi: "davi@exemplo.com"
        case .emma: "emma@example.com"
        }
    }

    /// The person's contacts, each with a name if it is not the contact's own.
    var contacts: [(person: DemoPerson, name: String?)] {
        switch self {
        case .ana: [(.bia, nil), (.caio, nil), (.davi, "Davi (trabalho)"), (.emma, nil)]
        case .bia: [(.ana, nil), (.caio, nil)]
        case .caio: [(.ana, "Aninha"), (.bia, nil)]
        case .davi: [(.ana, nil)]
        case .emma: [(.ana, nil)]
        }
    }
}
