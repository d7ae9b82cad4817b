"""A reader of sealpipe log archives, version 1, written from LOGS.md and FORMAT.md alone.

For interoperability tests: it works on whole files in memory. Numbers such as "LOGS 3" name sections of that page.
"""
import json
import re
import struct
import zlib

import sealpipe_format as sp

try:
    import zstandard
except ImportError:
    zstandard = None

TYPE = "application/vnd.sealpipe.log"
HEAD = 26
MAX_PLAIN = 2**20
MAX_LINE = 2**24
MAX_NUMBER = 2**53 - 1
LINES, CONTROL, INDEX = range(3)
CODINGS = ("stored", "gzip", "zstd")
CONTINUES, CONTINUED, LENGTHS, RESERVED = 0x80, 0x40, 0x20, 0x10


class ArchiveError(Exception):
    """Segments that do not make up one archive: the class `archive` of LOGS 7."""
    code = "archive"


def bad(message):
    return sp.SealpipeError("format", message)


def unsupported(message):
    return sp.SealpipeError("unsupported", message)


# ---- LOGS 1: what a preamble says

def check_segment(header):
    """The coding that the units of the segment may have besides `stored`."""
    content = header.bound.get("content", {})
    kind = content.get("type", "")
    if kind != TYPE + "; version=1":
        if kind.startswith(TYPE + ";"):
            raise unsupported("another version")
        raise bad("no segment of a log archive")
    if header.layout != sp.RECORD or "chain" not in header.bound:
        raise bad("no segment of a log archive")
    encoding = content.get("encoding", "stored")
    if encoding not in CODINGS or "encoding" in content and encoding == "stored":
        raise unsupported("another compression")
    if encoding == "zstd" and zstandard is None:
        raise unsupported("no zstd here")
    return encoding


# ---- LOGS 3: units

def decompressed(coding, body, length):
    if coding == 0:
        plain = body
    elif coding == 1:
        plain = gunzipped(body, length)
    else:
        plain = unzstd(body, length)
    if plain is None or len(plain) != length:
        raise bad("a body that is not what its head says")
    return plain


def gunzipped(body, length):
    if len(body) < 18 or body[3] != 0:
        return None
    decoder = zlib.decompressobj(wbits=31)
    try:
        plain = decoder.decompress(body, length + 1)
    except zlib.error:
        return None
    return plain if decoder.eof and not decoder.unused_data and not decoder.unconsumed_tail else None


def unzstd(body, length):
    if zstandard is None:
        raise unsupported("no zstd here")
    if body[:4] != b"\x28\xb5\x2f\xfd":
        return None
    try:
        if zstandard.get_frame_parameters(body).window_size > 2**23:
            return None
        decoder = zstandard.ZstdDecompressor(max_window_size=2**23).decompressobj()
        plain = decoder.decompress(body)
    except zstandard.ZstdError:
        return None
    return plain if decoder.eof and not decoder.unused_data else None


class Unit:
    """One unit (LOGS 3 to 6), judged in the order of LOGS 7."""

    def __init__(self, data, encoding):
        if len(data) < HEAD:
            raise bad("too short for a unit")
        self.type, how, lines, self.first, self.last, plain = struct.unpack(">BBIQQI", data[:HEAD])
        if self.type > INDEX:
            raise unsupported("a type to come")
        coding = how & 15
        if coding >= len(CODINGS):
            raise unsupported("a coding to come")
        if how & RESERVED:
            raise unsupported("a flag to come")
        self.continues, self.continued = bool(how & CONTINUES), bool(how & CONTINUED)
        if self.type != LINES and (how & 0xF0 or lines):
            raise bad("lines in a unit of another type")
        if self.type == LINES and not lines and not self.continues:
            raise bad("no line")
        if max(self.first, self.last) > MAX_NUMBER or self.first > self.last:
            raise bad("times")
        if self.type == CONTROL and self.first != self.last:
            raise bad("two times")
        if not 1 <= plain <= MAX_PLAIN or lines > plain:
            raise bad("length")
        if coding and CODINGS[coding] != encoding:
            raise bad("a coding that the segment does not name")
        body = decompressed(coding, data[HEAD:], plain)
        if self.type == LINES:
            self.pieces = pieces_of(body, lines, self.continues, how & LENGTHS)
        elif self.type == CONTROL:
            self.record = record_of(body)
        else:
            self.records, self.entries = index_of(body)
            if (self.first, self.last) != (min(e[3] for e in self.entries), max(e[4] for e in self.entries)):
                raise bad("the times of a time index")


def pieces_of(body, lines, continues, has_table):
    """LOGS 4."""
    count = lines + continues
    if has_table:
        if 4 * count > len(body):
            raise bad("lengths")
        lengths, at = struct.unpack_from(f">{count}I", body), 4 * count
    else:
        ends = [i for i, byte in enumerate(body) if byte == 10]
        if len(ends) != lines:
            raise bad("lines")
        starts = [0] + [end + 1 for end in ends]
        lengths = [end - start for start, end in zip(starts, ends)] + ([len(body) - starts[-1]] if continues else [])
        at = 0
    pieces = []
    for number, length in enumerate(lengths):
        pieces.append(body[at:at + length])
        at += length
        if number < lines:
            if body[at:at + 1] != b"\n":
                raise bad("a line without its end")
            at += 1
    if at != len(body) or continues and not pieces[-1]:
        raise bad("text")
    return pieces


NUMBER = "number"
MEMBERS = {
    "predecessor": {"index": NUMBER, "offset": NUMBER, "whole": bool, "acknowledged": "place", "loss": bool},
    "drop": {"lines": NUMBER, "bytes": NUMBER, "first": NUMBER, "last": NUMBER},
    "heartbeat": {"records": NUMBER},
}


def is_of(value, kind):
    if kind is bool:
        return isinstance(value, bool)
    if kind == "place":
        return value is None or isinstance(value, dict) and all(is_of(value.get(n), NUMBER) for n in ("index", "offset", "records"))
    if isinstance(value, float):
        return value.is_integer() and 0 <= value <= MAX_NUMBER
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER


def record_of(body):
    """LOGS 5. None for a kind that is not known."""
    try:
        record = json.loads(body.decode("utf-8"))
    except ValueError:
        raise bad("no JSON") from None
    if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
        raise bad("no control record")
    members = MEMBERS.get(record["kind"])
    if members is None:
        return None
    if not all(is_of(record.get(name), kind) for name, kind in members.items()):
        raise bad("a member of a control record")
    if record["kind"] == "drop" and record["first"] > record["last"]:
        raise bad("times of a control record")
    return {"kind": record["kind"], **{name: record[name] for name in members}}


def index_of(body):
    """LOGS 6."""
    count, rest = divmod(len(body) - 8, 36)
    if rest or count < 1:
        raise bad("a time index")
    records = int.from_bytes(body[:8], "big")
    entries = [struct.unpack_from(">IQQQQ", body, 8 + 36 * i) for i in range(count)]
    before = None
    for entry in entries:
        frame, offset, lines, first, last = entry
        if max(entry) > MAX_NUMBER or first > last or lines > records:
            raise bad("an entry")
        if before is None and (frame or offset or lines) or before and (frame <= before[0] or offset <= before[1] or lines < before[2]):
            raise bad("the order of entries")
        before = entry
    if records > MAX_NUMBER:
        raise bad("a number")
    return records, entries


# ---- LOGS 7: an archive

class Segment:
    def __init__(self, name, data, archive, keys):
        self.name, self.data, self.keys = name, data, keys
        self.header = sp.parse_preamble(data)
        self.encoding = check_segment(self.header)
        chain = self.header.bound["chain"]
        if chain["archive"] != archive or chain["index"] != int(name[:12]):
            raise ArchiveError(f"{name} has another place")
        self.index, self.previous, self.closed = chain["index"], chain["previous"].hex(), chain.get("closed", False)
        context = sp._stream_context(self.header, None)
        self.frames = sp._open_keys(self.header, context, keys, None)

    def digest(self, offset=None):
        end = len(self.data) if offset is None else self.header.preamble_length + offset
        return sp.segment_digest(self.data[:end]) if end <= len(self.data) else None

    def plaintexts(self):
        """Each frame's plaintext and whether it is final; then (offset, unread, damaged) if the last one is missing."""
        at, index = self.header.preamble_length, 0
        start = at
        while True:
            torn = at - start, len(self.data) - at
            word = self.data[at:at + 4]
            number = int.from_bytes(word.ljust(4, b"\0"), "big")
            final, size = bool(number & sp.FINAL), number & ~sp.FINAL
            if size > self.header.frame_size or len(word) == 4 and not size and not final:
                return *torn, True
            frame = self.data[at + 4:at + 4 + size + sp.TAG]
            if len(word) < 4 or len(frame) < size + sp.TAG:
                return *torn, False
            try:
                plaintext = self.frames.open(index, frame, word)
            except sp.SealpipeError:
                return *torn, True
            at, index = at + 4 + size + sp.TAG, index + 1
            if self.closed and plaintext:
                raise bad("a closing segment has plaintext")
            if final:
                if plaintext:
                    raise bad("the last frame is not empty")
                if at < len(self.data):
                    raise sp.SealpipeError("trailing data", "bytes after the final frame")
                return None
            yield plaintext


class Archive:
    """Reads an archive; `tail` says where it ended. Lines come with the times of the unit in which they end."""

    def __init__(self, archive, files, keys, checkpoint=None):
        self.archive, self.files, self.keys = bytes.fromhex(archive), files, keys
        self.checkpoint = checkpoint
        self.tail = None

    def lines(self):
        form = re.compile(r"[0-9]{12}(\.open|-(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})\.sealed)")
        names = sorted(name for name in self.files if form.fullmatch(name))
        indexes = [int(name[:12]) for name in names]
        if len(set(indexes)) != len(indexes):
            raise ArchiveError("two segments of one index")
        if self.checkpoint and (not indexes or indexes[-1] < self.checkpoint["index"]):
            raise ArchiveError("the segment of the checkpoint is missing")
        before, following = None, None
        for number, name in enumerate(names):
            segment = following or self.open(name)
            if segment.index != (0 if before is None else before + 1):
                at = self.checkpoint
                if before is not None or not at or at["index"] != segment.index - 1 or at["digest"] != segment.previous:
                    raise ArchiveError("segments are missing")
            following = None
            if number + 1 < len(names):
                if indexes[number + 1] != segment.index + 1:
                    raise ArchiveError("segments are missing")
                if segment.closed:
                    raise ArchiveError("a segment after one that closes")
                following = self.open(names[number + 1])
                if following.previous != segment.digest():
                    raise ArchiveError("a mismatch")
            at = self.checkpoint
            if at and at["index"] == segment.index and at["digest"] != segment.digest(at["offset"]):
                raise ArchiveError("not what the checkpoint says")
            torn = yield from self.units(segment)
            if torn and following is None:
                self.tail = {"segment": segment.index, **dict(zip(("offset", "unread", "damaged"), torn))}
            before = segment.index

    def open(self, name):
        return Segment(name, self.files[name], self.archive, self.keys)

    def units(self, segment):
        pending, has_index = None, False
        frames = segment.plaintexts()
        while True:
            try:
                plaintext = next(frames)
            except StopIteration as end:
                return end.value
            if has_index:
                raise bad("a unit behind the time index")
            unit = Unit(plaintext, segment.encoding)
            has_index = unit.type == INDEX
            if unit.type != LINES:
                continue
            if unit.continued != (pending is not None):
                raise bad("a piece of a line is missing")
            pieces = unit.pieces
            if pending is not None:
                pieces[0] = pending + pieces[0]
            if max(map(len, pieces)) > MAX_LINE:
                raise bad("a line that is too long")
            pending = pieces.pop() if unit.continues else None
            for line in pieces:
                yield line, unit.first, unit.last
