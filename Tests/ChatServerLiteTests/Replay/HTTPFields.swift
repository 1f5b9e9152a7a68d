import ChatWire

/// Compares the header fields that clients depend on: the type of the body, the allowed methods, and the
/// fields for pages of other origins.
enum HTTPFields {
    static func differences(_ recorded: [(name: String, value: String)], _ actual: HTTPHeaders) -> [String] {
        let before = relevant(recorded)
        let today = relevant(actual.fields.map { ($0.name, $0.value) })
        return Set(before.keys).union(today.keys).sorted().compactMap { name in
            let (left, right) = (before[name] ?? [], today[name] ?? [])
            return left == right ? nil : "the field \(name): \(left) became \(right)"
        }
    }

    private static func relevant(_ fields: [(name: String, value: String)]) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for field in fields {
            let name = field.name.lowercased()
            guard ["content-type", "allow"].contains(name) || name.hasPrefix("access-control-") else {
                continue
            }
            found[name, default: []].append(isList(name) ? sorted(field.value) : field.value)
        }
        return found.mapValues { $0.sorted() }
    }

    private static func isList(_ name: String) -> Bool {
        name == "allow" || name == "access-control-allow-methods"
    }

    private static func sorted(_ list: String) -> String {
        list.split(separator: ",").map { $0.drop { $0 == " " } }.sorted().joined(separator: ", ")
    }
}
