"""Yjs updates (v1) written by hand: what no client of ours sends, for every test that must see it refused."""


def number(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(0x80 | (value & 0x7F))
        value >>= 7
    return bytes([*written, value])


def text(words: str) -> bytes:
    return number(len(words.encode())) + words.encode()


def update(*blocks: tuple[int, int, list[bytes]], deletes: bytes = b"\x00") -> bytes:
    body = number(len(blocks))
    for client, clock, structs in blocks:
        body += number(len(structs)) + number(client) + number(clock) + b"".join(structs)
    return body + deletes


def in_root(kind: int, content: bytes, root: str = "agreements", key: str | None = "a") -> bytes:
    info = kind | (0x20 if key is not None else 0)
    return bytes([info, 1]) + text(root) + (text(key) if key is not None else b"") + content


def in_type(kind: int, content: bytes, parent: tuple[int, int], key: str = "a") -> bytes:
    return bytes([kind | 0x20, 0]) + number(parent[0]) + number(parent[1]) + text(key) + content


def after(kind: int, content: bytes, origin: tuple[int, int]) -> bytes:
    return bytes([kind | 0x80]) + number(origin[0]) + number(origin[1]) + content


MAP = number(1)
GC = 0
WORD = text("x")


def nest(depth: int) -> bytes:
    structs = [in_root(7, MAP)]
    structs += [in_type(7, MAP, (9, at)) for at in range(depth - 1)]
    return update((9, 0, structs))


def deep_value(depth: int) -> bytes:
    return update((9, 0, [in_root(8, number(1) + b"\x75\x01" * depth + b"\x7e")]))


REFUSED: dict[str, bytes] = {
    "an update of nothing": b"",
    "half an update": in_root(7, MAP)[:3],
    "something after the end": update((9, 0, [in_root(7, MAP)])) + b"\x00",
    "thirty thousand types in each other": nest(30_000),
    "eight types in each other": nest(8),
    "a value thirty thousand deep": deep_value(30_000),
    "a value ten deep": deep_value(10),
    "an unknown root": update((9, 0, [in_root(7, MAP, root="__proto__")])),
    "a root with a very long name": update((9, 0, [in_root(7, MAP, root="a" * 5_000)])),
    "a key that is very long": update((9, 0, [in_root(7, MAP, key="k" * 65)])),
    "a document in a document": update((9, 0, [in_root(9, text("guid") + b"\x76\x00")])),
    "binary": update((9, 0, [in_root(3, number(3) + b"abc")])),
    "legacy values": update((9, 0, [in_root(2, number(1) + text("1"))])),
    "an embed": update((9, 0, [in_root(5, text("{}"))])),
    "a move": update((9, 0, [in_root(11, b"\x00\x00")])),
    "a skip": update((9, 0, [bytes([10]) + number(5)])),
    "an XML type": update((9, 0, [in_root(7, number(3) + text("p"))])),
    "a text of nothing": update((9, 0, [in_root(4, text(""), key=None)])),
    "a text that is too long": update((9, 0, [in_root(4, text("x" * 20_000), key=None)])),
    "a text that is no UTF-8": update((9, 0, [in_root(4, number(2) + b"\xff\xfe", key=None)])),
    "values of nothing": update((9, 0, [in_root(8, number(0))])),
    "a thousand values": update((9, 0, [in_root(8, number(1000) + b"\x7e" * 1000)])),
    "a gap of nothing": update((9, 0, [bytes([GC]) + number(0)])),
    "a gap without end": update((9, 0, [bytes([GC]) + number(2**40)])),
    "a count without end": number(2**50) + b"\x00",
    "structs without end": number(1) + number(2**50) + number(9) + number(0),
    "a number without end": b"\xff" * 40,
    "a client twice": update((9, 0, [in_root(7, MAP)]), (9, 1, [in_root(7, MAP)])),
    "a delete of nothing": update((9, 0, [in_root(7, MAP)]), deletes=number(1) + number(9) + number(1) + b"\x00\x00"),
    "a client beyond numbers": update((2**53, 0, [in_root(7, MAP)])),
    "a clock beyond numbers": update((9, 2**53, [bytes([GC]) + number(1)])),
    "hanging in a word": update((9, 0, [in_root(4, WORD, key="a"), in_type(4, WORD, (9, 0))])),
    "another's next words": update((5, 1, [after(4, WORD, (5, 0))])),
    "another's next words as a gap": update((5, 1, [bytes([GC]) + number(60_000)])),
    "the house's next words": update((7, 1, [bytes([GC]) + number(1)])),
}

LACKING: dict[str, bytes] = {
    "a jump in the own clock": update((9, 3, [in_root(7, MAP)])),
    "hanging on what is not there": update((9, 0, [after(4, WORD, (8, 4))])),
    "hanging in what is not there": update((9, 0, [in_type(4, WORD, (8, 0))])),
    "hanging on itself": update((9, 0, [after(4, WORD, (9, 0))])),
    "hanging on each other": update((9, 0, [after(4, WORD, (10, 0))]), (10, 0, [after(4, WORD, (9, 0))])),
    "deleting what is not there": update(deletes=number(1) + number(8) + number(1) + number(0) + number(5)),
}
