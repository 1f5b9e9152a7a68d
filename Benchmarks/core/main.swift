// Measures the speed of the client's cache with a long history. Benchmarks/run runs it with a directory for the
// cache, the number of messages, and the servers with their thousands of missed messages.
import ChatSQLite
import ChatWire
import Glibc

@testable import ChatClientCore

let arguments = CommandLine.arguments
guard arguments.count == 3 || arguments.count == 7, let count = Int(arguments[2]) else {
    fatalError("usage: core DIRECTORY MESSAGES [URL TOKEN CURSOR ROUNDS]")
}
let directory = arguments[1]
let cache = directory + "/cache.db"
var past = History()
try fill(cache, with: count, from: &past)
try measureIndex(cache)
try measureReading(cache)
try measureSearch(cache)
try measureWriting(cache, beside: directory + "/plain", from: &past)
if arguments.count == 7, let rounds = Int(arguments[6]) {
    try await measureCatchingUp(
        cache, directory: directory, url: arguments[3], token: arguments[4], from: arguments[5],
        rounds: rounds)
}
print("memory: \(text(memoryPeak())) MiB at most, all of the above in one process")
