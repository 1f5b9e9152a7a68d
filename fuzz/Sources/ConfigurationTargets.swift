import TOMLKit

@testable import ChatCommand
@testable import ChatServerLite

/// A configuration file. A text that passes our own scan must not end the program in the parser behind it.
func checkConfiguration(_ input: [UInt8]) {
    guard let text = String(validating: input, as: UTF8.self), !input.contains(0) else { return }
    let positions = TOMLPositions(of: text)
    guard positions.fault == nil, let table = try? TOMLTable(string: text) else { return }
    for key in table.keys where key.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) {
        require(
            positions.keys[[key]] != nil || input.contains(0x5C), "a key of the document has a place: \(key)")
    }
}

/// A `.env` file of the server.
func checkEnvironmentFile(_ input: [UInt8]) {
    guard let file = try? EnvironmentFile(parsing: input) else { return }
    let lines = input.count { $0 == 0x0A } + 1
    for (key, entry) in file.entries {
        require(!key.isEmpty && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a key is a name")
        require((1...lines).contains(entry.line), "a key stands on a line of the file")
    }
}
