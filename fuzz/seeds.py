#!/usr/bin/env python3
"""Writes the first inputs for fuzzing: `seeds.py DIRECTORY` makes DIRECTORY/TARGET/NAME from fixtures/."""
import json
import os
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = sys.argv[1]


def transcript(name):
    with open(os.path.join(ROOT, "fixtures", "transcripts", name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def seed(target, name, data):
    if isinstance(data, str):
        data = data.encode()
    if len(data) > 4000:
        return
    os.makedirs(os.path.join(OUT, target), exist_ok=True)
    with open(os.path.join(OUT, target, name), "wb") as file:
        file.write(data)


def frame(payload, masked, opcode=1, final=True):
    """A WebSocket frame."""
    head = bytes([(0x80 if final else 0) | opcode])
    bit = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head += bytes([bit | size])
    elif size < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", size)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", size)
    if not masked:
        return head + payload
    key = b"\x37\xfa\x21\x3d"
    return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


def call(number, data=b""):
    """One call of a script: its number, and a piece of at most 255 bytes."""
    data = data[:255]
    return bytes([number, len(data)]) + data


def sockets():
    frames = []
    for name, case in transcript("socket")["cases"].items():
        if name == "_users":
            continue
        for step in case.get("events", []):
            if isinstance(step.get("frame"), str):
                frames.append((step.get("dir") == "out", step["frame"].encode()))
            if isinstance(step.get("body"), str):
                frames.append((step.get("dir") == "out", step["body"].encode()))
    unique = list(dict.fromkeys(frames))
    for index, (outgoing, text) in enumerate(unique):
        name = f"recorded-{index:03}"
        seed("engine-packet", name, text)
        seed("polling-payload", name, text)
        seed("websocket-server" if outgoing else "websocket-client", name, frame(text, outgoing))
        seed("engine-session", name, bytes([outgoing]) + call(0, text) + call(3, b""))
        if text[:1] == b"4":
            seed("socket-packet", name, text[1:])
            seed("socket-session", name, bytes([outgoing]) + bytes([5]) + call(0, b"0{}") + bytes([5])
                 + call(0, text[1:]))
        if text[:2] == b"42" and b"[" in text:
            seed("client-event" if outgoing else "server-event", name, text[text.index(b"["):])
    return [text for _, text in unique]


def rest():
    for index, case in enumerate(transcript("rest")["cases"]):
        name = f"recorded-{index:03}"
        response = case["response"]
        body = (response.get("body") or "").encode()
        seed("json", name, body)
        seed("json", name + "-request", case["request"].get("body") or "")
        seed("api-answer", name, bytes([{200: 0, 201: 1, 400: 2, 401: 3, 404: 4}.get(response["status"], 5)]) + body)
        headers = f"HTTP/1.1 {response['status']} OK\r\nContent-Type: application/json\r\n"
        seed("http-response", name, b"\0" + headers.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        if index < 8:
            chunked = b"%x\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
            seed("http-response", name + "-chunked",
                 b"\0" + headers.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunked)


def requests():
    for index, case in enumerate(transcript("rest")["cases"][:60]):
        request = case["request"]
        body = (request.get("body") or "").encode()
        head = f"{request['method']} {request['path'].replace(' ', '%20')} HTTP/1.1\r\nHost: a\r\n".encode()
        whole = head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
        seed("http-request", f"recorded-{index:03}", whole)
        if index < 8:
            chunks = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
            chunked = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\nX-Sum: 1\r\n\r\n"
            seed("http-request", f"chunked-{index}", chunked)
            seed("http-request", f"pipelined-{index}", whole + chunked + b"GET / HTTP/1.0\r\n\r\n")
    for index, text in enumerate([
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\nHost:a\r\n a: b\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"]):
        seed("http-request", f"odd-{index}", text)


def websockets(texts):
    for masked, target in ((True, "websocket-server"), (False, "websocket-client")):
        parts = [frame(b"ol", masked, 1, False), frame(b"ping", masked, 9), frame("á".encode(), masked, 0),
                 frame(bytes(200), masked, 2), frame(b"", masked, 10), frame(b"\x03\xe8bye", masked, 8)]
        seed(target, "all-kinds", b"".join(parts))
        for index, part in enumerate(parts):
            seed(target, f"kind-{index}", part)
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    seed("websocket-handshake", "answer",
         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nHost: a\r\n"
         f"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Key: {key}\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n\r\n")


def transports(texts):
    handshake = b'0{"sid":"a","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":60000,"maxPayload":1000}'
    seed("engine-transport", "server-upgrade", bytes([0, 0, 2]) + call(4, b"40{}") + bytes([5])
         + call(6, b"2probe") + call(6, b"5") + call(0, b"2[]"))
    seed("engine-transport", "client-upgrade", bytes([1, 1]) + call(2, handshake) + call(0, b"0{}") + bytes([3, 4])
         + call(5, b"3probe") + call(2, b"6") + call(5, b"42[]"))
    seed("engine-session", "client", bytes([0]) + call(0, handshake) + call(0, b"2") + call(3, b"") + call(0, b"4a"))
    seed("socket-session", "binary", bytes([0, 5]) + call(0, b'0{"sid":"a"}')
         + call(0, b'51-["a",{"_placeholder":true,"num":0}]') + call(3, b"\x01\x02") + bytes([7])
         + call(0, b"30[]") + bytes([8]))
    seed("polling-payload", "binary", b"4a\x1eb" + b"AQIDBA==" + b"\x1e2")


def texts_and_dates():
    for index, text in enumerate([
            "2026-11-22T07:49:12.064975", "2026-11-22T07:49:12", "2026-11-22 07:49:12Z", "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59.999999-23:59", "Sun, 22 Nov 2026 07:49:12 GMT", "2024-02-29T00:00:00.1+01:00"]):
        seed("wire-date", str(index), text)
    for index, text in enumerate([
            "example.org", "localhost:5000", "[::1]:5000", "https://example.org/chat", "wss://a.b:1/c/", "127.0.0.1",
            "http://user@host", "https://h/%20a~b"]):
        seed("server-url", str(index), text)
    for index, data in enumerate([
            b"ol\xc3\xa1\r", b"\x1b[A\x1bOP\x1b[1;5C", b"\x1b[200~a\r\nb\x1b[201~x", b"\x1b\x1b[A", b"\x1b[27;5;13~",
            b"\x1b[13;2u", b"\x1b]11;rgb:ffff/0000/8080\x07", b"\x1b[I\x1b[O", b"\x1b[[A", b"\x1b", b"\x1ba",
            b"\x1bP1$r\x1b\\", b"\x1b[?62;c", b"\xf0\x9f\x98\x80"]):
        seed("terminal-keys", str(index), data)
    for index, text in enumerate([
            "olá", "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "👩‍👩‍👧‍👦🇧🇷", "\x1b[31mred\x07", "\u202eabc", "a\r\n\tb",
            "漢字ｶﾅ", "❤️", "\u200bzero\ufeff", "각", "क्षि"]):
        seed("terminal-text", str(index), text)
    for index, text in enumerate([
            '{"a":[1,2.5,-3e-7,"\\ud83d\\ude00\\n",null,true]}', "[[[[[[]]]]]]", '"\u00e1"', "-9223372036854775808",
            "9223372036854775808", '{"a":1,"a":2}', " [ ] "]):
        seed("json", f"form-{index}", text)
    message = {"id": "7", "sender_id": 1.0, "receiver_id": 2, "content": "oi", "is_read": 0, "status": "delivered",
               "created_at": "Sun, 22 Nov 2026 07:49:12 GMT", "temp_id": "t", "read_at": None}
    for name in ("new_message", "message_confirmed", "message_sent", "message_notification"):
        payload = message if name == "new_message" else {
            "temp_id": "t", "message": message, "from_user": {"id": 1, "name": "Ana"}}
        seed("server-event", name, json.dumps([name, payload]))
    for name in ("message_sending", "message_error", "error", "user_online", "user_offline", "user_typing",
                 "messages_read", "message_status_update", "message_deleted", "conversation_deleted"):
        seed("server-event", name, json.dumps([name, {
            "user_id": 1, "name": "Ana", "message": "m", "temp_id": "t", "by_user_id": 1, "reader_id": 1,
            "sender_id": 2, "up_to_id": 3, "message_id": 4, "status": "read", "contact_user_id": 2}]))
    seed("server-event", "acknowledged", json.dumps([{"success": True, "message": message}]))
    seed("server-event", "refused", json.dumps([{"success": False, "message": "não", "temp_id": "t"}]))


def connections():
    """The answers of proxies, and their addresses: the first byte of an answer chooses the kind of proxy."""
    for index, (kind, data) in enumerate([
            (0, b"HTTP/1.1 200 Connection established\r\n\r\nrest"), (0, b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
            (4, b"HTTP/1.0 502 Bad\r\n\r\n"), (1, b"\5\0\5\0\0\1\x7f\0\0\1\0\x50rest"),
            (3, b"\5\0\5\0\0\4" + bytes(16) + b"\0\x50"), (5, b"\5\2\1\0\5\0\0\3\4host\0\x50"), (1, b"\5\xff"),
            (1, b"\5\0\5\5\0\1"), (5, b"\5\2\1\1")]):
        seed("proxy-answer", str(index), bytes([kind]) + data)
    for index, text in enumerate([
            "http://proxy:3128", "socks5h://ana:s%20e@[::1]:1080/", "proxy", "socks5://u@h"]):
        seed("proxy-address", str(index), text)
    post = "POST /p/1 HTTP/1.1\r\nHost: a\r\nTTL: 60\r\nContent-Length: 3\r\n\r\nabc"
    seed("push-request", "post", post)
    seed("push-request", "two", post + post.replace("POST", "GET").replace("3", "0").replace("abc", ""))
    seed("push-request", "chunked", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")


def settings():
    with open(os.path.join(ROOT, "fixtures", "config", "config.toml"), "rb") as file:
        seed("configuration", "fixture", file.read())
    for index, text in enumerate([
            'server = "a"\n[profiles.work]\npins = ["x", \'y\']\n', "a = { b = 1, c.d = [1, [2]] }\n", "[[a]]\n[a.b]\n",
            'a = """x\\\n  y"""\nb = \'\'\'z\'\'\'\n', "d = 2026-11-22T07:49:12.5-03:00\nt = 07:49\n", '"q\\u00e1" = 0x1_f\n',
            "a = inf\nb = -nan\nc = 1e3\n", "# only\n"]):
        seed("configuration", str(index), text)
    with open(os.path.join(ROOT, ".env.example"), "rb") as file:
        seed("environment-file", "example", file.read())
    for index, text in enumerate(["export A=b # c\n", 'A="x\\n\\$y"\nB=\'z\n\'\n', "\ufeffA=1\r\nA=2\r\n", "A\n", "=1"]):
        seed("environment-file", str(index), text)


texts = sockets()
rest()
requests()
websockets(texts)
transports(texts)
texts_and_dates()
connections()
settings()
