import ChatWire
import Glibc
import TestSupport
import Testing

@Suite struct WireDateTests {
    @Test(
        arguments: [
            (1_795_333_752_064_975, "2026-11-22T07:49:12.064975", "Sun, 22 Nov 2026 07:49:12 GMT"),
            (1_795_333_752_000_000, "2026-11-22T07:49:12", "Sun, 22 Nov 2026 07:49:12 GMT"),
            (0, "1970-01-01T00:00:00", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1, "1970-01-01T00:00:00.000001", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "1969-12-31T23:59:59.999999", "Wed, 31 Dec 1969 23:59:59 GMT"),
            (951_782_400_000_000, "2000-02-29T00:00:00", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (-2_203_891_200_000_000, "1900-03-01T00:00:00", "Thu, 01 Mar 1900 00:00:00 GMT"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00", "Mon, 01 Jan 0001 00:00:00 GMT"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String, String)])
    func `writes and reads both forms`(microseconds: Int64, iso: String, http: String) {
        let timestamp = Timestamp(microseconds: microseconds)
        #expect(WireDate.iso(timestamp) == iso)
        #expect(WireDate.http(timestamp) == http)
        #expect(WireDate.parse(iso) == timestamp)
        #expect(WireDate.parse(http) == Timestamp(seconds: timestamp.seconds))
    }

    @Test(
        arguments: [
            ("2026-11-22 07:49:12", 1_795_333_752_000_000),
            ("2026-11-22T07:49:12.5", 1_795_333_752_500_000),
            ("2026-11-22T07:49:12.064", 1_795_333_752_064_000),
            ("2026-11-22T07:49:12.123456789", 1_795_333_752_123_456),
            ("2026-11-22T07:49:12Z", 1_795_333_752_000_000),
            ("2026-11-22T07:49:12.5Z", 1_795_333_752_500_000),
            ("2026-11-22T07:49:12+00:00", 1_795_333_752_000_000),
            ("2026-11-22T04:49:12-03:00", 1_795_333_752_000_000),
            ("2026-11-22T13:19:12+05:30", 1_795_333_752_000_000),
        ] as [(String, Int64)])
    func `reads what others write`(text: String, microseconds: Int64) {
        #expect(WireDate.parse(text) == Timestamp(microseconds: microseconds))
    }

    @Test(arguments: [
        "", "2026", "2026-11-22", "2026-11-22T", "2026-11-22T07:49", "2026-11-22T07:49:12.",
        "2026-11-22T07:49:1",
        "2026-11-22T07:49:12.1234567890", "2026-11-22T07:49:12z", "2026-11-22T07:49:12+1",
        "2026-11-22T07:49:12+0100",
        "2026-11-22T07:49:12+24:00", "2026-11-22T07:49:12 ", " 2026-11-22T07:49:12", "2026-11-22X07:49:12",
        "2026/11/22T07:49:12", "26-11-22T07:49:12", "0000-01-01T00:00:00", "2026-00-01T00:00:00",
        "2026-13-01T00:00:00", "2026-01-00T00:00:00", "2026-01-32T00:00:00", "2026-02-29T00:00:00",
        "1900-02-29T00:00:00", "2026-04-31T00:00:00", "2026-01-01T24:00:00", "2026-01-01T00:60:00",
        "2026-01-01T00:00:60", "+026-11-22T07:49:12", "２026-11-22T07:49:12", "Sun, 22 Nov 2026 07:49:12",
        "Sun, 22 Nov 2026 07:49:12 UTC", "Sun 22 Nov 2026 07:49:12 GMT", "Son, 22 Nov 2026 07:49:12 GMT",
        "Sun, 22 nov 2026 07:49:12 GMT", "Sun, 2 Nov 2026 07:49:12 GMT", "Sun, 31 Nov 2026 07:49:12 GMT",
        "Sun, 22 Nov 2026 24:49:12 GMT", "Sun, 22 Nov 2026 07:49:12 GMT ", "Sunday, 22-Nov-26 07:49:12 GMT",
    ])
    func `refuses`(text: String) {
        #expect(WireDate.parse(text) == nil)
    }

    @Test func `a moment beyond the years becomes the nearest that can be said`() {
        #expect(WireDate.iso(Timestamp(microseconds: .min)) == "0001-01-01T00:00:00")
        #expect(WireDate.iso(Timestamp(microseconds: .max)) == "9999-12-31T23:59:59.999999")
        #expect(Timestamp(seconds: .max).microseconds == .max)
        #expect(Timestamp(seconds: .min).microseconds == .min)
        #expect(Timestamp(microseconds: .min).seconds == .min / 1_000_000 - 1)
    }

    /// The C library computes the same days.
    @Test(arguments: [21, 22] as [UInt64])
    func `agrees with gmtime`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let years = -62_135_596_800...253_402_300_799
        for round in 0..<20_000 {
            var seconds = Int.random(in: years, using: &generator)
            // Half of them are at the end or the beginning of a day, where counting errors show.
            if round % 2 == 0 {
                seconds = min(
                    max(seconds / 86400 * 86400 - round % 4 / 2, years.lowerBound), years.upperBound)
            }
            var parts = tm()
            gmtime_r(&seconds, &parts)
            let microsecond = Int64.random(in: 0..<1_000_000, using: &generator)
            let timestamp = Timestamp(microseconds: Int64(seconds) * 1_000_000 + microsecond)
            let pad = { (number: Int32, width: Int) in
                String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
            }
            let day = "\(pad(parts.tm_year + 1900, 4))-\(pad(parts.tm_mon + 1, 2))-\(pad(parts.tm_mday, 2))"
            let time = "\(pad(parts.tm_hour, 2)):\(pad(parts.tm_min, 2)):\(pad(parts.tm_sec, 2))"
            let iso = WireDate.iso(timestamp)
            try #require(iso.hasPrefix("\(day)T\(time)"), "seed \(seed), round \(round): \(seconds)")
            try #require(WireDate.parse(iso) == timestamp, "seed \(seed), round \(round): \(seconds)")
            let http = WireDate.http(timestamp)
            try #require(
                WireDate.parse(http)?.seconds == Int64(seconds), "seed \(seed), round \(round): \(seconds)")
            let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
            try #require(http.hasPrefix(weekday), "seed \(seed), round \(round): \(seconds)")
        }
    }

    @Test(arguments: [31, 32] as [UInt64])
    func `survives mutated dates`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let dates = [
            "2026-11-22T07:49:12.064975", "2026-11-22T07:49:12+05:30", "Sun, 22 Nov 2026 07:49:12 GMT",
        ]
        for round in 0..<20_000 {
            let bytes = Array(dates[round % dates.count].utf8).mutated(using: &generator)
            guard let text = String(validating: bytes, as: UTF8.self), let timestamp = WireDate.parse(text)
            else {
                continue
            }
            #expect(
                WireDate.parse(WireDate.iso(timestamp)) == timestamp, "seed \(seed), round \(round): \(text)")
        }
    }
}
