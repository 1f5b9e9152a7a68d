import ChatClientCore
import ChatCrypto
import ChatNet
import ChatTUI
import ChatWire
import Logging
import TOMLKit

/// Reads a TOML document key by key, and collects all problems.
struct ConfigurationReader {
    private(set) var problems: [ConfigurationProblem] = []

    private let root: TOMLTable
    private let positions: TOMLPositions
    private let file: String
    private let directory: String
    private let home: String?

    /// - Throws: ``ConfigurationError/problems(_:)`` when the bytes are not TOML.
    init(
        _ bytes: [UInt8], file: String, directory: String, home: String?
    ) throws(ConfigurationError) {
        self.file = file
        self.directory = directory
        self.home = home
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            let position = Self.firstFault(in: bytes)
            throw .problems([ConfigurationProblem(file: file, position: position, kind: .notText)])
        }
        positions = TOMLPositions(of: text)
        if let fault = positions.fault {
            throw .problems([
                ConfigurationProblem(file: file, position: fault.position, kind: .syntax(fault.message))
            ])
        }
        do {
            root = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            let position = TextPosition(line: error.source.begin.line, column: error.source.begin.column)
            throw .problems([
                ConfigurationProblem(file: file, position: position, kind: .syntax(error.description))
            ])
        } catch {
            let position = TextPosition(line: 1, column: 1)
            throw .problems([ConfigurationProblem(file: file, position: position, kind: .syntax("\(error)"))])
        }
    }

    /// The position of the first byte that is not text; its column counts bytes, because there are no characters.
    private static func firstFault(in bytes: [UInt8]) -> TextPosition {
        var position = TextPosition(line: 1, column: 1)
        var line: [UInt8] = []
        for byte in bytes + [UInt8(ascii: "\n")] {
            if byte == 0 { break }
            if byte == UInt8(ascii: "\n") {
                if String(validating: line, as: UTF8.self) == nil { break }
                position.line += 1
                line = []
            } else {
                line.append(byte)
            }
        }
        while !line.isEmpty, String(validating: line, as: UTF8.self) == nil { line.removeLast() }
        position.column += line.count
        return position
    }

    private static let sectionKeys = [
        "server", "email", "ca_file", "pins", "proxy", "transport", "held_after", "password_command",
        "token_command",
    ]
    private static let generalKeys = [
        "profile", "language", "theme", "color", "ascii", "mouse", "title", "bell", "notifications",
        "ambiguous_width", "plain", "log_level", "cache", "keys", "profiles",
    ]
    private static let cacheKeys = ["keep", "max_size"]
    /// Every known key.
    static let keys = generalKeys + sectionKeys

    /// Reads the whole document; ``problems`` holds what could not be read.
    mutating func read() -> ConfigurationFile {
        var configuration = ConfigurationFile()
        checkKeys(of: root, at: [], known: Self.keys)
        configuration.general = section(root, at: [])
        configuration.profile = string(root, ["profile"]).flatMap { profileName($0, ["profile"]) }
        configuration.language = language()
        configuration.colour = choice(TerminalOptions.Colour.allCases, ["color"])
        configuration.ascii = bool(root, ["ascii"])
        configuration.plain = bool(root, ["plain"])
        readScreen(into: &configuration.terminal)
        configuration.logLevel = choice(Logger.Level.allCases, ["log_level"])
        if let cache = table(root, ["cache"]) {
            checkKeys(of: cache, at: ["cache"], known: Self.cacheKeys)
            configuration.cacheLimits = CacheLimits(
                keep: duration(cache, ["cache", "keep"]), bytesMax: size(cache, ["cache", "max_size"]))
        }
        if let tables = table(root, ["profiles"]) {
            for name in tables.keys {
                let path = ["profiles", name]
                guard let inner = table(tables, path), profileName(name, path) != nil else { continue }
                checkKeys(of: inner, at: path, known: Self.sectionKeys)
                configuration.profiles[name] = section(inner, at: path)
            }
        }
        return configuration
    }

    /// A setting that the file does not name keeps its default.
    private mutating func readScreen(into options: inout TerminalOptions) {
        options.theme = choice(ThemeChoice.allCases, ["theme"]) ?? options.theme
        options.mouse = bool(root, ["mouse"]) ?? options.mouse
        options.title = bool(root, ["title"]) ?? options.title
        options.bell = bool(root, ["bell"]) ?? options.bell
        options.notifications =
            choice(TerminalOptions.Notifications.allCases, ["notifications"]) ?? options.notifications
        options.ambiguousIsWide = ambiguousWidth() == 2
        options.keys = keyBindings()
    }

    private mutating func section(_ table: TOMLTable, at path: [String]) -> ConfigurationFile.Section {
        var section = ConfigurationFile.Section()
        section.server = server(table, path + ["server"])
        section.email = email(table, path + ["email"])
        section.authorityFile = string(table, path + ["ca_file"]).flatMap { filePath($0, path + ["ca_file"]) }
        section.pins = pins(table, path + ["pins"])
        section.proxy = proxy(table, path + ["proxy"])
        section.transport = choice(TransportPreference.allCases, path + ["transport"], in: table)
        section.heldAfter = duration(table, path + ["held_after"])
        section.passwordCommand = command(table, path + ["password_command"])
        section.tokenCommand = command(table, path + ["token_command"])
        return section
    }
}

// MARK: The settings

extension ConfigurationReader {
    private mutating func ambiguousWidth() -> Int? {
        let path = ["ambiguous_width"]
        guard let value = value(root, path) else { return nil }
        guard let number = value.int else {
            report(type: value.type, at: path, expected: "1 or 2")
            return nil
        }
        if 1...2 ~= number { return number }
        report(bad: path, "is 1 or 2")
        return nil
    }

    /// In the order of the file, so that the second of two commands for one key is reported.
    private mutating func keyBindings() -> KeyBindings {
        var bindings = KeyBindings()
        guard let commands = table(root, ["keys"]) else { return bindings }
        let origin = TextPosition(line: 1, column: 1)
        let names = commands.keys.sorted {
            (positions.keys[["keys", $0]] ?? origin) < (positions.keys[["keys", $1]] ?? origin)
        }
        for name in names {
            let path = ["keys", name]
            guard let keys = keyNames(commands, path) else { continue }
            do throws(KeyBindings.Problem) {
                try bindings.bind(name, to: keys)
            } catch {
                report(error, at: path)
            }
        }
        return bindings
    }

    private mutating func keyNames(_ table: TOMLTable, _ path: [String]) -> [String]? {
        if let name = value(table, path)?.string { return [name] }
        return strings(table, path, expected: "a key, or a list of keys")
    }

    private mutating func report(_ problem: KeyBindings.Problem, at path: [String]) {
        switch problem {
        case .unknownCommand(let name):
            let suggestion = Spelling.nearest(to: name, among: KeyBindings.commandNames, limit: 1).first
            report(.unknownKey(name, suggestion: suggestion), at: positions.keys[path])
        case .unknownKey(let key):
            report(bad: path, "names no key with '\(key)': 'mychat keys' shows the names")
        case .types(let key): report(bad: path, "takes '\(key)', which is typed: it needs ctrl- or alt-")
        case .taken(let key, let owner): report(bad: path, "wants '\(key)', which '\(owner)' has already")
        }
    }

    private mutating func server(_ table: TOMLTable, _ path: [String]) -> ServerURL? {
        guard let text = string(table, path) else { return nil }
        do {
            return try ServerURL(text)
        } catch {
            report(bad: path, "is no server address: \(error)")
            return nil
        }
    }

    private mutating func email(_ table: TOMLTable, _ path: [String]) -> String? {
        guard let text = string(table, path) else { return nil }
        guard text.contains("@") else {
            report(bad: path, "is no email address")
            return nil
        }
        return text
    }

    private mutating func language() -> Language? {
        guard let text = string(root, ["language"]), text != "auto" else { return nil }
        if let language = Language(setting: text) { return language }
        let choices = (["auto"] + Language.settings).map { "\"\($0)\"" }.joined(separator: ", ")
        report(bad: ["language"], "is one of \(choices)")
        return nil
    }

    private mutating func profileName(_ name: String, _ path: [String]) -> String? {
        if ProfileName.isValid(name) { return name }
        report(bad: path, "may hold letters, digits, '-', '_' and '.', and begins with a letter or digit")
        return nil
    }

    private mutating func filePath(_ text: String, _ path: [String]) -> String? {
        if text.isEmpty {
            report(bad: path, "is empty")
            return nil
        }
        if text.hasPrefix("/") { return text }
        if text.hasPrefix("~/"), let home { return home + text.dropFirst() }
        return directory + "/" + text
    }

    private mutating func pins(_ table: TOMLTable, _ path: [String]) -> Set<PublicKeyPin>? {
        guard let texts = strings(table, path, expected: "a list of pins") else { return nil }
        var pins: Set<PublicKeyPin> = []
        for text in texts {
            do {
                pins.insert(try PublicKeyPin(text))
            } catch {
                report(bad: path, "holds '\(text)': \(error)")
            }
        }
        return pins
    }

    private mutating func proxy(_ table: TOMLTable, _ path: [String]) -> ProxyChoice? {
        guard let text = string(table, path) else { return nil }
        if text == "none" { return ProxyChoice.none }
        do {
            return .server(try ProxyServer(text))
        } catch {
            report(bad: path, "is no proxy: \(error)")
            return nil
        }
    }

    private mutating func duration(_ table: TOMLTable, _ path: [String]) -> Duration? {
        guard let value = value(table, path) else { return nil }
        let text = value.int.map(String.init) ?? value.string
        guard let text else {
            report(type: value.type, at: path, expected: "a length of time such as \"24h\"")
            return nil
        }
        if let duration = DurationText.parse(text), duration > .zero { return duration }
        report(bad: path, "is a length of time such as \"90s\", \"30m\" or \"24h\"")
        return nil
    }

    /// A size in bytes: `500MB`, `2GB`. A limit below the size of the newest pages would have no effect.
    private mutating func size(_ table: TOMLTable, _ path: [String]) -> Int64? {
        guard let text = string(table, path) else { return nil }
        for (unit, factor) in [("MB", Int64(1_000_000)), ("GB", 1_000_000_000)] where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                digits.count <= 6, let number = Int64(digits), number > 0
            else { break }
            return number * factor
        }
        report(bad: path, "is a size such as \"500MB\" or \"2GB\"")
        return nil
    }

    private mutating func command(_ table: TOMLTable, _ path: [String]) -> ExternalCommand? {
        guard let value = value(table, path) else { return nil }
        let expected = "a command: a line for the shell, or a list of words"
        let command: ExternalCommand?
        if let line = value.string {
            command = ExternalCommand(line: line)
        } else {
            guard let words = strings(table, path, expected: expected) else { return nil }
            command = ExternalCommand(arguments: words)
        }
        if command == nil { report(bad: path, "is empty") }
        return command
    }

    private mutating func choice<Choice: RawRepresentable<String>>(
        _ choices: [Choice], _ path: [String], in table: TOMLTable? = nil
    ) -> Choice? {
        guard let text = string(table ?? root, path) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = choices.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        report(bad: path, "is one of \(names)")
        return nil
    }
}

// MARK: Values by type

extension ConfigurationReader {
    private func value(_ table: TOMLTable, _ path: [String]) -> (any TOMLValueConvertible)? {
        path.last.flatMap { table[$0] }
    }

    private mutating func string(_ table: TOMLTable, _ path: [String]) -> String? {
        guard let value = value(table, path) else { return nil }
        if let text = value.string { return text }
        report(type: value.type, at: path, expected: "a text in quotes")
        return nil
    }

    private mutating func bool(_ table: TOMLTable, _ path: [String]) -> Bool? {
        guard let value = value(table, path) else { return nil }
        if let truth = value.bool { return truth }
        report(type: value.type, at: path, expected: "true or false")
        return nil
    }

    private mutating func strings(_ table: TOMLTable, _ path: [String], expected: String) -> [String]? {
        guard let value = value(table, path) else { return nil }
        guard let array = value.array else {
            report(type: value.type, at: path, expected: expected)
            return nil
        }
        var texts: [String] = []
        for element in array {
            guard let text = element.string else {
                report(bad: path, "takes texts only, and one is \(Self.name(of: element.type))")
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    private mutating func table(_ table: TOMLTable, _ path: [String]) -> TOMLTable? {
        guard let value = value(table, path) else { return nil }
        if let inner = value.table { return inner }
        report(type: value.type, at: path, expected: "a table")
        return nil
    }
}

// MARK: Problems

extension ConfigurationReader {
    private mutating func checkKeys(of table: TOMLTable, at path: [String], known: [String]) {
        for key in table.keys where !known.contains(key) {
            let suggestion = Spelling.nearest(to: key, among: known, limit: 1).first
            report(.unknownKey(key, suggestion: suggestion), at: positions.keys[path + [key]])
        }
    }

    private mutating func report(type: TOMLType, at path: [String], expected: String) {
        let kind = ConfigurationProblem.Kind.wrongType(
            key: path.joined(separator: "."), expected: expected, found: Self.name(of: type))
        report(kind, at: positions.values[path] ?? positions.keys[path])
    }

    private mutating func report(bad path: [String], _ reason: String) {
        let kind = ConfigurationProblem.Kind.badValue(key: path.joined(separator: "."), reason: reason)
        report(kind, at: positions.values[path] ?? positions.keys[path])
    }

    private mutating func report(_ kind: ConfigurationProblem.Kind, at position: TextPosition?) {
        let position = position ?? TextPosition(line: 1, column: 1)
        problems.append(ConfigurationProblem(file: file, position: position, kind: kind))
    }

    private static func name(of type: TOMLType) -> String {
        switch type {
        case .table: "a table"
        case .array: "a list"
        case .string: "a text"
        case .int: "a number"
        case .double: "a number with a fraction"
        case .bool: "true or false"
        case .date, .time, .dateTime: "a date or time"
        }
    }
}
