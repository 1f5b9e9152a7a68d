import Glibc

/// Seconds of the wall clock that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}

/// Seconds that this process has computed, in itself and in the system for it: other work does not count.
func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Seconds that this thread has been ready to compute and had no processor: with other work on the machine, what the
/// clock counts too much.
func secondsInLine() -> Double {
    let file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(file, &buffer, buffer.count)
    let fields = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    guard fields.count >= 2, let nanoseconds = Double(fields[1]) else { return 0 }
    return nanoseconds / 1e9
}

/// The shortest and the middle one of so many times, in milliseconds.
func milliseconds(rounds: Int, _ body: (Int) throws -> Void) rethrows -> (best: Double, median: Double) {
    var times: [Double] = []
    for round in 0..<rounds { times.append(try seconds { try body(round) } * 1000) }
    times.sort()
    return (times[0], times[times.count / 2])
}

/// The most memory that this process has held, in MiB.
func memoryPeak() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
}

/// Two decimals, or none when the number is large.
func text(_ value: Double) -> String {
    guard value < 100 else { return String(Int(value.rounded())) }
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}

func report(_ name: String, _ time: (best: Double, median: Double)) {
    print("\(name): \(text(time.best)) ms (median \(text(time.median)))")
}
