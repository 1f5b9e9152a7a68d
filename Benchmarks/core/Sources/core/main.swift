// Speed of the client's cache with a long history in it. Run by Benchmarks/run, with a directory for the cache and
// the number of messages.
import ChatSQLite
import ChatWire
import Glibc

@testable import ChatClientCore

guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]) else {
    fatalError("usage: core DIRECTORY MESSAGES")
}
let cache = CommandLine.arguments[1] + "/cache.db"
var past = History()
try fill(cache, with: count, from: &past)
try measureIndex(cache)
try measureReading(cache)
try measureSearch(cache)
try measureWriting(cache, beside: CommandLine.arguments[1] + "/plain", from: &past)
print("memory: \(text(memoryPeak())) MiB at most, all of the above in one process")
