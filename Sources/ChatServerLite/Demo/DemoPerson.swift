/// The people of the demonstration.
enum DemoPerson: Int, CaseIterable, Sendable {
    /// Whoever tries the demonstration.
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

    /// Whom they have as contacts, and under which name when it is not the person's own.
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
