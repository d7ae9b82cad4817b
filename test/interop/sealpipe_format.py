"""A reader and a writer of sealpipe streams, version 1, written from FORMAT.md alone.

For interoperability tests: it works on whole streams in memory and has no configuration beyond what
the tests need. Numbers such as "FORMAT 5" name sections of that page.
"""
import codecs
import hmac
import os
import re
import struct
import time
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

try:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
except ImportError:  # before version 42: a reader without suite 4
    AESGCMSIV = None

MAGIC = bytes.fromhex("895345414c0d0a1a")
PROLOGUE = 84
MAX_PART = 65536            # bound and envelope, each
MAX_UINT = 2**53 - 1
MAX_CONTAINERS = 4
MAX_CONTEXT = 8192
MAX_DATA_KEY = 1024
MAX_FRAMES = 2**32 - 1
MAX_PLAINTEXT = 2**50
FIXED, RECORD = 0, 1
NONCE, TAG = 12, 16
FINAL = 0x80000000

CODES = ("format", "unsupported", "limit", "truncated", "authentication", "trailing data", "context", "key mismatch")


class SealpipeError(Exception):
    """A failure of FORMAT 7, or a context or key mismatch of FORMAT 2."""

    def __init__(self, code, message, at_end=False):
        assert code in CODES
        super().__init__(message)
        self.code = code
        self.at_end = at_end


def bad(message):
    return SealpipeError("format", message)


# ---- FORMAT 3: suites

class SM4GCM:
    def __init__(self, key):
        self._sm4 = algorithms.SM4(key)

    def encrypt(self, nonce, data, aad):
        cipher = Cipher(self._sm4, modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(aad)
        return cipher.update(data) + cipher.finalize() + cipher.tag

    def decrypt(self, nonce, data, aad):
        cipher = Cipher(self._sm4, modes.GCM(nonce, bytes(data[-TAG:]))).decryptor()
        cipher.authenticate_additional_data(aad)
        plaintext = cipher.update(data[:-TAG])
        return plaintext + cipher.finalize()


SUITES = {1: (AESGCM, 32), 2: (AESGCM, 16), 3: (ChaCha20Poly1305, 32), 4: (AESGCMSIV, 32), 5: (SM4GCM, 16)}


# ---- FORMAT 2: the MessagePack subset

HEADS = {  # first byte: kind, bytes of the number, smallest number that needs them
    0xC4: ("bin", 1, 0), 0xC5: ("bin", 2, 2**8), 0xC6: ("bin", 4, 2**16),
    0xCC: ("uint", 1, 2**7), 0xCD: ("uint", 2, 2**8), 0xCE: ("uint", 4, 2**16), 0xCF: ("uint", 8, 2**32),
    0xD9: ("str", 1, 32), 0xDA: ("str", 2, 2**8), 0xDB: ("str", 4, 2**16),
    0xDC: ("array", 2, 16), 0xDD: ("array", 4, 2**16),
    0xDE: ("map", 2, 16), 0xDF: ("map", 4, 2**16),
}


def pack(value):
    """Shortest encoding; maps keep the order of the dict."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if not 0 <= value <= MAX_UINT:
            raise bad("integer out of range")
        return bytes([value]) if value < 128 else _head("uint", value)
    if isinstance(value, bytes):
        return _head("bin", len(value)) + value
    if isinstance(value, str):
        try:
            raw = value.encode()
        except UnicodeEncodeError:
            raise bad("string is not well-formed Unicode") from None
        return (bytes([0xA0 | len(raw)]) if len(raw) < 32 else _head("str", len(raw))) + raw
    if isinstance(value, list):
        return (bytes([0x90 | len(value)]) if len(value) < 16 else _head("array", len(value))) + b"".join(map(pack, value))
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise bad("map key is not a string")
        pairs = b"".join(pack(key) + pack(item) for key, item in value.items())
        return (bytes([0x80 | len(value)]) if len(value) < 16 else _head("map", len(value))) + pairs
    raise bad("type has no legal encoding")


def _head(kind, number):
    for first, (name, size, _) in HEADS.items():
        if name == kind and number < 256**size:
            return bytes([first]) + number.to_bytes(size, "big")
    raise bad("too long")


@dataclass
class Rule:
    """What may stand in one place. Everything is checked as soon as its bytes are there, because an input that
    ends is `truncated` only while every byte so far fits (FORMAT 7). So of a str or bin `check` sees the bytes that
    are there, which may be a prefix."""
    kinds: tuple
    low: int = 0                            # length in bytes, or number of items
    high: int = MAX_PART
    check: callable = lambda value: True
    fields: dict = field(default_factory=dict)
    required: frozenset = frozenset()
    item: "Rule" = None                     # array items
    key: callable = lambda pairs: STR       # the rule of the key that follows these pairs
    value: callable = lambda pairs, key: ANY                # the rule of a value whose key is not in `fields`
    on_key: callable = lambda pairs, key: None
    on_item: callable = lambda container: None


ANY = Rule(("map", "array", "str", "bin", "uint", "nil", "bool"))
STR, UINT = Rule(("str",)), Rule(("uint",))


def text_prefix(raw, missing):
    """The text of a string of which `missing` bytes are not there; UnicodeDecodeError where none can become of it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    text = decoder.decode(raw, final=not missing)
    part = decoder.getstate()[0]
    if not part:
        return text
    rest = (2 if part[0] < 0xE0 else 3 if part[0] < 0xF0 else 4) - len(part)
    for filler in (b"\x80", b"\xbf"):  # the extremes: if neither makes it a character, nothing does
        try:
            (part + filler * min(rest, missing)).decode()
            return text
        except UnicodeDecodeError as error:
            failure = error
    raise failure


class Cursor:
    """Reads data[at:end], of which the bytes from len(data) on are missing."""

    def __init__(self, data, at, end):
        self.data, self.at, self.end = data, at, end

    def part(self, size):
        """The next bytes, as many as are there."""
        if size > self.end - self.at:
            raise bad("length beyond the end")
        return self.data[self.at:self.at + size]

    def advance(self, size):
        if self.at + size > len(self.data):
            raise SealpipeError("truncated", "the stream ends in its preamble")
        self.at += size

    def uint(self, size, low, high):
        part = self.part(size)
        missing = 8 * (size - len(part))
        least = int.from_bytes(part, "big") << missing
        if least > high or least + (1 << missing) - 1 < low or low > high:
            raise bad("number out of range or not in its shortest encoding")
        self.advance(size)
        return least

    def value(self, rule, containers=0):
        first = self.uint(1, 0, 255)
        number = None
        if first < 0x80:
            kind, number = "uint", first
        elif first < 0x90:
            kind, number = "map", first & 15
        elif first < 0xA0:
            kind, number = "array", first & 15
        elif first < 0xC0:
            kind, number = "str", first & 31
        elif first in (0xC0, 0xC2, 0xC3):
            kind = "nil" if first == 0xC0 else "bool"
        elif first in HEADS:
            kind, size, low = HEADS[first]
        else:
            raise bad(f"illegal type {first:02x}")
        if kind not in rule.kinds:
            raise bad(f"{kind} where {' or '.join(rule.kinds)} belongs")
        if kind in ("nil", "bool"):
            value = {0xC0: None, 0xC2: False, 0xC3: True}[first]
        else:
            if number is None:
                left = self.end - self.at - size
                high = {"uint": MAX_UINT, "map": left // 2}.get(kind, min(left, rule.high))
                number = self.uint(size, max(low, rule.low), high)
            if kind == "uint":
                value = number
            else:
                if number * (2 if kind == "map" else 1) > self.end - self.at:
                    raise bad("count or length beyond the end")
                if not rule.low <= number <= rule.high:
                    raise bad("length not allowed here")
                if kind in ("str", "bin"):
                    return self.leaf(kind, number, rule)
                if containers == MAX_CONTAINERS:
                    raise bad("more than four containers open")
                return (self.map if kind == "map" else self.array)(number, rule, containers + 1)
        if not rule.check(value):
            raise bad("value not allowed here")
        return value

    def leaf(self, kind, size, rule):
        raw = bytes(self.part(size))
        value = raw
        if kind == "str":
            try:
                value = text_prefix(raw, size - len(raw))
            except UnicodeDecodeError:
                raise bad("string is not UTF-8") from None
        if not rule.check(raw):
            raise bad("value not allowed here")
        self.advance(size)
        return value

    def array(self, count, rule, containers):
        items = []
        for _ in range(count):
            items.append(self.value(rule.item or ANY, containers))
            rule.on_item(items)
        return items

    def map(self, count, rule, containers):
        pairs = {}
        while True:
            if len(rule.required - pairs.keys()) > count - len(pairs):
                raise bad("required key missing")
            if len(pairs) == count:
                return pairs
            key = self.value(rule.key(pairs), containers)
            if key in pairs:
                raise bad("duplicate key")
            rule.on_key(pairs, key)
            if len(rule.required - pairs.keys() - {key}) >= count - len(pairs):
                raise bad("required key missing")
            pairs[key] = self.value(rule.fields.get(key) or rule.value(pairs, key), containers)
            rule.on_item(pairs)


# ---- FORMAT 2: what bound and envelope hold

def _last_key(pairs):
    return list(pairs)[-1].encode() if pairs else b""


def _context_room(pairs):
    """How long the next string may be, its own u32 counted: by what is used so far, not by what later ones need."""
    return MAX_CONTEXT - len(_context_bytes(pairs)) - 4


def _context_key(pairs):
    """What is there of a key decides once it differs from the key before."""
    last = _last_key(pairs)
    return Rule(("str",), 1, _context_room(pairs), check=lambda raw: raw >= last[:len(raw)])


def _context_value(pairs, key):
    return Rule(("str",), 0, _context_room(pairs) - 4 - len(key.encode()))


def _context_order(pairs, key):
    if key.encode() <= _last_key(pairs):
        raise bad("context not in canonical order")


def _no_duplicate(recipients):
    last = recipients[-1]
    if any(r["provider"] == last["provider"] and r["key"] == last["key"] for r in recipients[:-1]):
        raise bad("two recipients with one provider and key")


def _first_segment(chain):  # FORMAT 8
    if chain.get("index") == 0 and any(chain.get("previous", b"")):
        raise bad("segment 0 names a previous segment")


BOUND = Rule(("map",), required=frozenset({"context", "created"}), fields={
    "context": Rule(("map", "nil"), key=_context_key, value=_context_value, on_key=_context_order),
    "created": UINT,
    "chain": Rule(("map",), required=frozenset({"archive", "index", "previous"}), on_item=_first_segment, fields={
        "archive": Rule(("bin",), 16, 16),
        "index": UINT,
        "previous": Rule(("bin",), 32, 32),
        "closed": Rule(("bool",), check=lambda value: value is True),
    }),
    "content": Rule(("map",), fields={"encoding": STR, "type": STR}),
})

RECIPIENT = Rule(("map",), required=frozenset({"provider", "key", "wrapped"}), fields={
    "provider": Rule(("str",), 1, 64, check=lambda raw: re.fullmatch(b"[a-z0-9.-]*", raw)),
    "key": Rule(("str",), 1, 2048),
    "wrapped": Rule(("bin",), 1, 6144),
})

ENVELOPE = Rule(("map",), required=frozenset({"recipients"}), fields={
    "recipients": Rule(("array",), 1, 32, item=RECIPIENT, on_item=_no_duplicate),
    "pad": Rule(("bin",), check=lambda value: not any(value)),
})


# ---- FORMAT 4: encryption context

def _context_bytes(pairs):
    out = struct.pack(">I", len(pairs))
    for text in (text for pair in pairs.items() for text in pair):
        raw = text.encode()
        out += struct.pack(">I", len(raw)) + raw
    return out


def canonical_context(context):
    """A caller's context, checked and in canonical order."""
    if not isinstance(context, dict):
        raise SealpipeError("context", "the context is not a map")
    try:
        context = dict(sorted(context.items(), key=lambda pair: pair[0].encode()))
        if "" in context:
            raise SealpipeError("context", "empty context key")
        size = len(_context_bytes(context))
    except (AttributeError, UnicodeEncodeError):
        raise SealpipeError("context", "the context is not of well-formed strings") from None
    if size > MAX_CONTEXT:
        raise SealpipeError("context", "context too long")
    return context


def context_digest(context):
    return sha256(_context_bytes(context)).digest()


# ---- FORMAT 1: the preamble

@dataclass
class Header:
    suite: int
    frame_size_log2: int
    layout: int
    salt: bytes
    commitment: bytes
    bound: dict
    envelope: dict
    prologue: bytes
    bound_bytes: bytes
    preamble_length: int

    @property
    def frame_size(self):
        return 1 << self.frame_size_log2

    @property
    def closed(self):
        return self.bound.get("chain", {}).get("closed", False)


@dataclass
class Limits:
    """A reader's own. These are the bounds of the format."""
    recipients: int = 32
    frame_size: int = 1 << 20
    preamble: int = PROLOGUE + 2 * MAX_PART


def over_limit(message):
    return SealpipeError("limit", message)


def parse_preamble(data, limits=Limits()):
    data = memoryview(data)
    if data[:8] != MAGIC[:len(data)]:
        raise bad("not a sealpipe stream")
    cursor = Cursor(data, min(8, len(data)), PROLOGUE)
    cursor.advance(8 - cursor.at)

    def code(name, known):
        value = cursor.uint(1, 0, 255)
        if value not in known:
            raise SealpipeError("unsupported", f"unknown {name} {value}")
        return value

    def part(rule, end):
        cursor.end = end
        value = cursor.value(rule)
        if cursor.at < min(end, len(data)):
            raise bad("bytes after the map")
        cursor.advance(end - cursor.at)
        return value

    code("version", (1,))
    suite = code("suite", SUITES)
    log2 = cursor.uint(1, 12, 20)
    layout = code("layout", (FIXED, RECORD))
    bound_end = PROLOGUE + cursor.uint(4, 1, MAX_PART)
    end = bound_end + cursor.uint(4, 1, MAX_PART)
    cursor.advance(64)
    if 1 << log2 > limits.frame_size:
        raise over_limit("frames larger than this reader takes")
    if end > limits.preamble:
        raise over_limit("a preamble larger than this reader takes")
    bound = part(BOUND, bound_end)
    envelope = part(ENVELOPE, end)
    if len(envelope["recipients"]) > limits.recipients:
        raise over_limit("more recipients than this reader takes")
    return Header(
        suite=suite, frame_size_log2=log2, layout=layout, salt=bytes(data[20:52]), commitment=bytes(data[52:84]),
        bound=bound, envelope=envelope, prologue=bytes(data[:PROLOGUE]), bound_bytes=bytes(data[PROLOGUE:bound_end]),
        preamble_length=end,
    )


# ---- FORMAT 5: keys

def hkdf(ikm, salt, info, length):
    return HKDF(SHA512(), length, salt, info).derive(ikm)


class Frames:
    """The keys of one stream, and its frames' nonces."""

    def __init__(self, data_key, prologue, salt, bound_bytes, digest):
        aead, key_size = SUITES[prologue[9]]
        info = b"sealpipe/1\0" + prologue[8:12] + sha256(bound_bytes).digest() + digest
        self.commitment = hkdf(data_key, salt, info + b"commitment", 32)
        material = hkdf(data_key, salt, info + b"frames", key_size + NONCE)
        self.aead = aead(material[:key_size])
        self.base = int.from_bytes(material[key_size:], "big")
        self.digest = digest

    def nonce(self, index):
        return (self.base ^ index).to_bytes(NONCE, "big")

    def seal(self, index, data, word=b""):
        return word + self.aead.encrypt(self.nonce(index), data, self.digest + word)

    def open(self, index, data, word=b"", at_end=False):
        try:
            return self.aead.decrypt(self.nonce(index), data, self.digest + word)
        except InvalidTag:
            raise SealpipeError("authentication", f"frame {index} is not authentic", at_end) from None


# ---- FORMAT 2: provider `raw`

def _raw_kek(wrapping_key, r, name, digest):
    name = name.encode()
    out = hkdf(wrapping_key, r, b"sealpipe/1 raw\0" + struct.pack(">I", len(name)) + name + digest, 44)
    return AESGCM(out[:32]), out[32:]


def raw_wrap(wrapping_key, name, data_key, digest, r=None):
    r = r or os.urandom(32)
    kek, nonce = _raw_kek(wrapping_key, r, name, digest)
    return r + kek.encrypt(nonce, data_key, b"")


def raw_unwrap(wrapping_key, name, wrapped, digest, key_size):
    """The data key, or None."""
    if not key_size <= len(wrapped) - 48 <= MAX_DATA_KEY:
        return None
    kek, nonce = _raw_kek(wrapping_key, wrapped[:32], name, digest)
    try:
        return kek.decrypt(nonce, wrapped[32:], b"")
    except InvalidTag:
        return None


# ---- reader

def _stream_context(header, context):
    """FORMAT 2 and 9. `context` is the stream's where the stream withholds it, else pairs that the stream must have."""
    if context is not None:
        context = canonical_context(context)
    own = header.bound["context"]
    if own is None:
        if context is None:
            raise SealpipeError("context", "the stream withholds its context and none was given")
        return context
    if context is not None and not context.items() <= own.items():
        raise SealpipeError("context", "the stream lacks a required pair of context")
    return own


def _open_keys(header, context, keys, data_key):
    digest = context_digest(context)
    key_size = SUITES[header.suite][1]

    def candidates():
        if data_key is not None:
            yield data_key
            return
        mine = [r for r in header.envelope["recipients"] if r["provider"] == "raw" and r["key"] in keys]
        if not mine:
            raise SealpipeError("key mismatch", "no recipient is for a given key")
        for r in mine:
            yield raw_unwrap(keys[r["key"]], r["key"], r["wrapped"], digest, key_size)

    for candidate in candidates():
        if candidate is not None and key_size <= len(candidate) <= MAX_DATA_KEY:
            frames = Frames(candidate, header.prologue, header.salt, header.bound_bytes, digest)
            if hmac.compare_digest(frames.commitment, header.commitment):
                return frames
    raise SealpipeError("authentication", "no recipient yields the key of this stream")


def open_frames(data, keys=None, context=None, data_key=None, limits=Limits(), max_plaintext=MAX_PLAINTEXT,
                max_frames=MAX_FRAMES):
    """Yields the plaintext of each frame once it is verified. `keys` maps names to wrapping keys; `data_key` goes
    past the recipients; `max_*` are for tests of the limits."""
    header = parse_preamble(data, limits)
    context = _stream_context(header, context)
    frames = _open_keys(header, context, keys or {}, data_key)
    data = memoryview(data)
    read = _read_fixed if header.layout == FIXED else _read_record
    total = 0

    def allow(index, size):
        if index >= max_frames or total + size > max_plaintext:
            raise SealpipeError("limit", "the stream is too long")

    for plaintext in read(data, header, frames, allow):
        if plaintext and header.closed:  # FORMAT 8
            raise bad("a closing segment has plaintext")
        total += len(plaintext)
        yield plaintext


def _read_fixed(data, header, frames, allow):
    full = header.frame_size + TAG
    at, index = header.preamble_length, 0
    while True:
        frame = data[at:at + full]
        if len(frame) < TAG:
            raise SealpipeError("truncated", "the stream ends before its last frame")
        allow(index, len(frame) - TAG)
        yield frames.open(index, frame, at_end=len(frame) < full)
        if len(frame) < full:
            return
        at, index = at + full, index + 1


def _read_record(data, header, frames, allow):
    at, index = header.preamble_length, 0
    while True:
        word = bytes(data[at:at + 4])
        if word:
            allow(index, 0)
        number = int.from_bytes(word.ljust(4, b"\0"), "big")  # of a cut word, the least it can have been
        final, size = number & FINAL, number & ~FINAL
        if size > header.frame_size or len(word) == 4 and not size and not final:
            raise SealpipeError("authentication", f"the word of frame {index} is not authentic")
        if len(word) == 4:
            allow(index, size)
        at += 4
        frame = data[at:at + size + TAG]
        if len(word) < 4 or len(frame) < size + TAG:
            raise SealpipeError("truncated", "the stream ends before or in its final frame")
        yield frames.open(index, frame, word)
        at, index = at + size + TAG, index + 1
        if final:
            break
    if at < len(data):
        raise SealpipeError("trailing data", "bytes after the final frame")


def open_stream(data, **options):
    return b"".join(open_frames(data, **options))


def segment_digest(data):
    """FORMAT 8: what the next segment of a chain names as `previous`."""
    header = parse_preamble(data)
    bound_end = PROLOGUE + len(header.bound_bytes)
    return sha256(data[:16] + data[20:bound_end] + data[header.preamble_length:]).hexdigest()


# ---- writer

def fixed_chunks(plaintext, frame_size):
    return [plaintext[at:at + frame_size] for at in range(0, len(plaintext) + 1, frame_size)]


def record_chunks(plaintext, frame_size, flush_at=()):
    """The last chunk is the final frame. A full frame waits for the next byte, so that the final one may be full; a
    flush at the very end makes the final frame empty."""
    marks = sorted(set(flush_at))
    if marks and not 0 <= marks[0] <= marks[-1] <= len(plaintext):
        raise ValueError("flush offset outside the plaintext")
    chunks, start = [], 0
    for mark in marks + [len(plaintext)]:
        chunks += [plaintext[at:min(at + frame_size, mark)] for at in range(start, mark, frame_size)]
        start = mark
    if not plaintext or marks and marks[-1] == len(plaintext):
        chunks.append(plaintext[:0])
    return chunks


def assemble(chunks, suite, frame_size_log2, layout, bound_bytes, envelope_bytes, data_key, digest, salt=None,
             max_frames=MAX_FRAMES, max_plaintext=MAX_PLAINTEXT):
    """A stream of exactly these parts, legal or not."""
    if len(chunks) > max_frames or sum(map(len, chunks)) > max_plaintext:
        raise SealpipeError("limit", "the stream would be too long")
    salt = salt or os.urandom(32)
    front = MAGIC + bytes([1, suite, frame_size_log2, layout]) + struct.pack(">II", len(bound_bytes), len(envelope_bytes))
    frames = Frames(data_key, front, salt, bound_bytes, digest)
    out = [front, salt, frames.commitment, bound_bytes, envelope_bytes]
    for index, chunk in enumerate(chunks):
        word = b""
        if layout == RECORD:
            word = struct.pack(">I", len(chunk) | (FINAL if index == len(chunks) - 1 else 0))
        out.append(frames.seal(index, chunk, word))
    return b"".join(out)


def padded(envelope):
    """FORMAT 2: the envelope, made a multiple of 1,024 bytes long."""
    if len(pack(envelope)) % 1024 == 0:
        return envelope
    extra = -len(pack({**envelope, "pad": b""})) % 1024
    if extra == 256:  # a bin of 256 bytes has a longer head
        extra += 1024
    return {**envelope, "pad": bytes(extra if extra < 256 else extra - 1)}


def unknown_keys(containers):
    """Keys that a reader must ignore, of every legal type and width, for a map that is container number `containers`."""
    deep = 2**53 - 1
    for level in range(MAX_CONTAINERS - containers):
        deep = {"": deep} if level % 2 else [deep, None]
    numbers = (0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, MAX_UINT)
    return {
        **{f"x-uint-{number}": number for number in numbers},
        **{f"x-str-{size}": "s" * size for size in (31, 32, 255, 256)},
        **{f"x-bin-{size}": b"b" * size for size in (0, 255, 256)},
        "x-deep": deep, "x-nil": None, "x-true": True, "x-false": False, "": "", "\0": "\0\ufeff", "\ufeff": "\U0010ffff",
        **({"x-array": list(range(17))} if containers < MAX_CONTAINERS else {}),
    }


def _turned(value, keep=()):
    if isinstance(value, list):
        return [_turned(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key in keep else _turned(item) for key, item in reversed(value.items())}
    return value


def seal(plaintext, recipients, suite=1, frame_size_log2=16, layout=FIXED, context=None, withhold_context=False,
         flush_at=(), content=None, chain=None, created=None, pad=True, extra_unknown_keys=False, reverse_keys=False,
         data_key=None, data_key_bytes=None):
    """`recipients` is a list of (name, wrapping key) for provider `raw`."""
    if suite not in SUITES or layout not in (FIXED, RECORD):
        raise SealpipeError("unsupported", "unknown suite or layout")
    if not 12 <= frame_size_log2 <= 20:
        raise bad("frame size out of range")
    key_size = SUITES[suite][1]
    data_key = data_key or os.urandom(key_size if data_key_bytes is None else data_key_bytes)
    if not key_size <= len(data_key) <= MAX_DATA_KEY:
        raise bad("data key of illegal length")
    if chain and chain.get("closed") and plaintext:
        raise bad("a closing segment has no plaintext")
    context = canonical_context({} if context is None else context)
    digest = context_digest(context)
    pack([name for name, _ in recipients])  # refuses names that are not well-formed

    def extra(containers):
        return unknown_keys(containers) if extra_unknown_keys else {}

    bound = {"context": None if withhold_context else context,
             "created": int(time.time()) if created is None else created}
    if chain is not None:
        bound["chain"] = {**chain, **extra(2)}
    if content is not None:
        bound["content"] = {**content, **extra(2)}
    bound.update(extra(1))
    envelope = {"recipients": [
        {"provider": "raw", "key": name, "wrapped": raw_wrap(key, name, data_key, digest), **extra(3)}
        for name, key in recipients
    ], **extra(1)}
    if pad:
        envelope = padded(envelope)
    if reverse_keys:
        bound, envelope = _turned(bound, keep=("context",)), _turned(envelope)

    frame_size = 1 << frame_size_log2
    chunks = record_chunks(plaintext, frame_size, flush_at) if layout == RECORD else fixed_chunks(plaintext, frame_size)
    stream = assemble(chunks, suite, frame_size_log2, layout, pack(bound), pack(envelope), data_key, digest)
    parse_preamble(stream)  # refuses what this writer must not write
    return stream
