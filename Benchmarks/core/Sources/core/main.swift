// Speed of the client's cache with a long history in it. Run by Benchmarks/run, with a directory for the cache,
// the number of messages, and where a server has how many thousands of missed ones.
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
