import ChatWire
import Testing

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            (3, 3), (3.0, 3), ("3", 3), ("-3", -3), (-3.0, -3), (3.5, nil), ("3.0", nil), (" 3", nil),
            ("+3", nil),
            ("", nil), ("x", nil), (true, nil), (nil, nil), ([3], nil), (1e300, nil), (9.3e18, nil),
            ("9223372036854775807", .max), ("9223372036854775808", nil),
        ] as [(JSONValue, Int64?)])
    func `reads integers leniently`(value: JSONValue, integer: Int64?) {
        #expect(value.integerValue == integer)
    }

    @Test(
        arguments: [
            (true, true), (false, false), (1, true), (0, false), (1.0, true), (0.0, false), (2, nil),
            ("true", nil),
            (nil, nil),
        ] as [(JSONValue, Bool?)])
    func `reads truth values leniently`(value: JSONValue, bool: Bool?) {
        #expect(value.boolValue == bool)
    }

    @Test func `looks inside`() {
        let value: JSONValue = ["a": [1, "x"], "n": nil]
        #expect(value["a"]?[1]?.stringValue == "x")
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value["b"] == nil)
        #expect(value[0] == nil)
        #expect(JSONValue.integer(2).doubleValue == 2)
        #expect(JSONValue.integer(2).arrayValue == nil)
    }

    @Test func `an object finds its last member and keeps all`() {
        var object: JSONObject = ["a": 1, "b": 2, "a": 3]
        #expect(object["a"] == 3)
        #expect(object.count == 3)
        object["a"] = 4
        #expect(object.members.map(\.value) == [1, 2, 4])
        object["c"] = 5
        #expect(object["c"] == 5)
        object["a"] = nil
        #expect(object.members.map(\.key) == ["b", "c"])
    }

    @Test func `objects are equal when look-ups are`() {
        let one: JSONObject = ["a": 1, "b": 2]
        let other: JSONObject = ["b": 9, "a": 1, "b": 2]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1])
    }

    @Test func `writes only ASCII on request`() throws {
        let value: JSONValue = "Usuário \u{7F}€😀\n"
        let text = #""Usu\u00e1rio "# + "\u{7F}" + #"\u20ac\ud83d\ude00\n""#
        #expect(String(decoding: value.serialized(escapesNonASCII: true), as: UTF8.self) == text)
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test func `what no JSON number says becomes null`() {
        #expect(JSONValue.double(.infinity).description == "null")
        #expect(JSONValue.double(.nan).description == "null")
    }

    @Test func `the writer puts commas where they belong`() {
        var writer = JSONWriter(capacity: 0)
        writer.prefix("42")
        writer.prefix(number: 17)
        writer.beginArray()
        writer.string("a")
        writer.beginObject()
        writer.key("x")
        writer.beginArray()
        writer.endArray()
        writer.key(named: "y\"")
        writer.rawValue("[1]".utf8)
        writer.endObject()
        writer.null()
        writer.bool(true)
        writer.integer(Int8.min)
        writer.double(0.5)
        writer.endArray()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"4217["a",{"x":[],"y\"":[1]},null,true,-128,0.5]"#)
    }
}
