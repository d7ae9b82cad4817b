"""Checks sealpipe_format.py against itself, public vectors and FORMAT's refusals: python3 self_check.py"""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
KEY, NAME = bytes(range(32)), "test key"
KEYS, TO = {NAME: KEY}, [(NAME, KEY)]
UNHEX = bytes.fromhex
counts = {"checks": 0, "failed": 0}


def check(ok, what):
    counts["checks"] += 1
    if not ok:
        counts["failed"] += 1
        print("FAILED:", what)


def outcome(function, *args, **options):
    """What came back, or (code, at_end)."""
    try:
        return function(*args, **options)
    except sp.SealpipeError as error:
        return error.code, error.at_end


def opened(data, **options):
    """Plaintext released, and (code, at_end) or None."""
    out = []
    try:
        for plaintext in sp.open_frames(data, **{"keys": KEYS, **options}):
            out.append(plaintext)
    except sp.SealpipeError as error:
        return b"".join(out), (error.code, error.at_end)
    return b"".join(out), None


def refused(data, code, what, at_end=False, **options):
    got = opened(data, **options)
    check(got[1] == (code, at_end), f"{what}: {got[1]} where {code} belongs")
    return got[0]


# ---- public vectors

def vectors():
    # RFC 8998 A.1
    key, nonce = UNHEX("0123456789ABCDEFFEDCBA9876543210"), UNHEX("00001234567800000000ABCD")
    aad = UNHEX("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plaintext = b"".join(bytes([byte]) * 8 for byte in UNHEX("AABBCCDDEEFFEEAA"))
    sealed = sp.SM4GCM(key).encrypt(nonce, plaintext, aad)
    check(sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec", "RFC 8998 A.1 tag")
    check(sp.SM4GCM(key).decrypt(nonce, sealed, aad) == plaintext, "RFC 8998 A.1 opens")
    # RFC 8452 C.2
    siv = sp.AESGCMSIV(UNHEX("01" + "00" * 31))
    nonce = UNHEX("03" + "00" * 11)
    check(siv.encrypt(nonce, b"", b"").hex() == "07f5f4169bbf55a8400cd47ea6fd400f", "RFC 8452 C.2, empty")
    check(siv.decrypt(nonce, UNHEX("07f5f4169bbf55a8400cd47ea6fd400f"), b"") == b"", "RFC 8452 C.2, empty, opens")
    check(siv.encrypt(nonce, UNHEX("0100000000000000"), b"").hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28",
          "RFC 8452 C.2, 8 bytes")


# ---- round trips

CONTEXTS = ({}, {"tenant": "a", "z": "", "\ufeff": "\0", "\U0001f600": "x", "\uffff": "y"}, {"k": "v" * 8179})


def round_trips():
    for log2 in (12, 16):
        size = 1 << log2
        data = os.urandom(3 * size + 5)
        for suite in sp.SUITES:
            for layout in (sp.FIXED, sp.RECORD):
                for number, length in enumerate((0, 1, size - 1, size, size + 1, 3 * size + 5)):
                    for context in CONTEXTS:
                        for withheld in (False, True):
                            odd = bool(number % 2)
                            plaintext = data[:length]
                            what = f"suite {suite}, layout {layout}, {length} bytes, 2^{log2}"
                            flush = [0, length // 2, length // 2 + 1, length][:4 if length else 1] if odd and layout else []
                            sealed = sp.seal(plaintext, TO, suite, log2, layout, context, withheld, flush,
                                             extra_unknown_keys=odd, reverse_keys=not odd, pad=not odd)
                            got = opened(sealed, context=context if withheld else None)
                            check(got == (plaintext, None), what)
                            header = sp.parse_preamble(sealed)
                            check(odd or len(sp.pack(header.envelope)) % 1024 == 0, "padding: " + what)
                            if layout == sp.FIXED:
                                check(len(sealed) == header.preamble_length + length + 16 * (length // size + 1),
                                      "sealed length: " + what)
    for suite, (_, key_size) in sp.SUITES.items():
        for size in (key_size, key_size + 1, 1024):
            check(opened(sp.seal(b"x", TO, suite, data_key_bytes=size)) == (b"x", None), f"data key of {size} bytes")
        for size in (key_size - 1, 1025):
            check(outcome(sp.seal, b"x", TO, suite, data_key_bytes=size) == ("format", False), f"data key of {size} bytes")
    for log2 in range(12, 21):
        check(opened(sp.seal(b"abc" * 999999, TO, frame_size_log2=log2))[0] == b"abc" * 999999, f"frame size 2^{log2}")


def paddings():
    for size in range(1, 2200):
        envelope = {"recipients": [{"provider": "raw", "key": NAME, "wrapped": bytes(size)}]}
        padded = sp.pack(sp.padded(envelope))
        grown = len(padded) - len(sp.pack(envelope))
        least = -len(sp.pack(envelope)) % 1024
        check(len(padded) % 1024 == 0 and grown == least + (1024 if least in (1, 2, 3, 4, 5, 262) else 0), f"pad {size}")


# ---- refusals: the preamble

DATA_KEY, CREATED = bytes(range(100, 132)), b"\xa7created\x01"
EMPTY = sp.context_digest({})


def crafted(bound=None, envelope=None, chunks=(b"plain",), layout=sp.FIXED, context=None, **options):
    """A stream whose keys and commitment are right for these parts, each given as bytes or to be packed."""
    context = context or {}
    digest = sp.context_digest(context)
    if bound is None:
        bound = {"context": context, "created": 1}
    if envelope is None:
        envelope = {"recipients": [recipient(digest=digest)]}
    bound, envelope = (part if isinstance(part, bytes) else sp.pack(part) for part in (bound, envelope))
    return sp.assemble(list(chunks), 1, 12, layout, bound, envelope, DATA_KEY, digest, **options)


def recipient(digest=EMPTY, data_key=DATA_KEY, **changes):
    return {"provider": "raw", "key": NAME, "wrapped": sp.raw_wrap(KEY, NAME, data_key, digest), **changes}


def with_value(raw):
    """A bound with one unknown key whose value has this encoding."""
    return b"\x83\xa7context\x80" + CREATED + b"\xa1x" + raw


def encodings():
    check(opened(crafted())[0] == b"plain", "the crafted stream opens")
    good = ("00", "7f", "cc80", "ccff", "cd0100", "cdffff", "ce00010000", "ceffffffff", "cf0000000100000000",
            "cf001fffffffffffff", "c0", "c2", "c3", "a0", "a400efbbbf", "a4f48fbfbf", "c400", "90", "80", "919190", "81a081a080",
            "c5010" + "0" + "00" * 256, "d920" + "61" * 32, "da0100" + "61" * 256, "dc0010" + "c0" * 16)
    wrong = {
        "negative": "ff", "int8": "d001", "int64": "d30000000000000001", "float32": "ca00000000", "float64": "cb" + "00" * 8,
        "fixext": "d40000", "ext8": "c70000", "never used": "c1", "2^53": "cf0020000000000000",
        "uint8 long": "cc7f", "uint16 long": "cd00ff", "uint32 long": "ce0000ffff", "uint64 long": "cf00000000ffffffff",
        "str8 long": "d91f" + "61" * 31, "str16 long": "da00ff" + "61" * 255, "str32 long": "db00000001" + "61",
        "bin16 long": "c50000", "bin32 long": "c600000000", "array16 long": "dc000f" + "c0" * 15, "array32 long": "dd00000000",
        "map16 long": "de0000", "map32 long": "df00000000", "five containers": "91919190", "five with maps": "81a081a081a080",
        "surrogate": "a3eda080", "overlong": "a2c080", "beyond Unicode": "a4f4908080", "cut UTF-8": "a1c3", "bare continuation": "a180",
        "count beyond": "dc0010c0", "length beyond": "c4ff00", "map count beyond": "8fa0c0", "huge bin": "c6ffffffff",
        "huge array": "ddffffffff", "huge map": "dfffffffff", "integer key": "8101c0", "bin key": "81c400c0",
        "duplicate key": "82a161c0a161c0", "trailing byte": "c0c0", "missing value": "",
    }
    for raw in good:
        check(opened(crafted(with_value(UNHEX(raw))))[1] is None, f"legal encoding {raw[:20]}")
    for what, raw in wrong.items():
        refused(crafted(with_value(UNHEX(raw))), "format", what)


def schemas():
    ok = {"context": {}, "created": 1}
    chain = {"archive": bytes(16), "index": 0, "previous": bytes(32)}
    bounds = {
        "not a map": [], "nil": b"\xc0", "no context": {"created": 1}, "no created": {"context": {}}, "empty": {},
        "context array": {**ok, "context": []}, "context value": {**ok, "context": {"a": 1}},
        "context empty key": {**ok, "context": {"": "x"}}, "context order": {**ok, "context": {"b": "", "a": ""}},
        "context UTF-16 order": {**ok, "context": {"\U00010000": "", "\uffff": ""}},
        "context too long": {**ok, "context": {"k": "v" * 8180}}, "created str": {**ok, "created": "1"},
        "created nil": {**ok, "created": None}, "chain nil": {**ok, "chain": None}, "chain empty": {**ok, "chain": {}},
        "archive 15": {**ok, "chain": {**chain, "archive": bytes(15)}}, "archive 17": {**ok, "chain": {**chain, "archive": bytes(17)}},
        "archive str": {**ok, "chain": {**chain, "archive": "a" * 16}},
        "previous 31": {**ok, "chain": {**chain, "previous": bytes(31)}}, "index nil": {**ok, "chain": {**chain, "index": None}},
        "previous of segment 0": {**ok, "chain": {**chain, "previous": b"x" * 32}}, "closed false": {**ok, "chain": {**chain, "closed": False}},
        "closed 1": {**ok, "chain": {**chain, "closed": 1}}, "content nil": {**ok, "content": None},
        "content type": {**ok, "content": {"type": 1}}, "content encoding": {**ok, "content": {"encoding": None}},
    }
    for what, bound in bounds.items():
        refused(crafted(bound), "format", "bound: " + what)
    for what, bound in {"chain": {**ok, "chain": {**chain, "index": sp.MAX_UINT, "previous": b"x" * 32}},
                        "content": {**ok, "content": {"type": "", "x": None}}}.items():
        check(opened(crafted(bound))[1] is None, "bound: " + what)
    refused(crafted({**ok, "chain": {**chain, "closed": True}}), "format", "closed, with plaintext")
    check(opened(crafted({**ok, "chain": {**chain, "closed": True}}, chunks=[b""])) == (b"", None), "closed")

    mine, other = recipient(), {"provider": "example.private-1", "key": "k", "wrapped": b"w"}
    envelopes = {
        "not a map": [], "empty": {}, "recipients nil": {"recipients": None}, "no recipient": {"recipients": []},
        "33 recipients": {"recipients": [{**other, "key": str(n)} for n in range(32)] + [mine]},
        "recipient nil": {"recipients": [mine, None]}, "duplicate": {"recipients": [mine, other, {**other, "wrapped": b"z"}]},
        "pad byte": {"recipients": [mine], "pad": bytes(9) + b"\1"}, "pad str": {"recipients": [mine], "pad": "\0"},
        "pad nil": {"recipients": [mine], "pad": None},
        **{f"no {key}": {"recipients": [mine, {k: v for k, v in other.items() if k != key}]} for key in other},
        **{f"{key} {str(value)[:9]!r} {len(value or '')}": {"recipients": [mine, {**other, key: value}]} for key, value in (
            ("provider", ""), ("provider", "a" * 65), ("provider", "A"), ("provider", "a_b"), ("provider", "a\n"), ("provider", None),
            ("provider", b"a"), ("key", ""), ("key", "k" * 2049), ("key", "\u00e9" * 1025), ("key", b"k"), ("wrapped", b""),
            ("wrapped", bytes(6145)), ("wrapped", "w"), ("wrapped", None))},
    }
    for what, envelope in envelopes.items():
        refused(crafted(None, envelope), "format", "envelope: " + what)
    for what, envelope in {
        "32 recipients": {"recipients": [{**other, "key": str(n)} for n in range(31)] + [mine]},
        "same key, other provider": {"recipients": [other, {**other, "provider": "b"}, mine]},
        "widest": {"recipients": [{"provider": "a" * 64, "key": "k" * 2048, "wrapped": bytes(6144)}, mine]},
        "bad ARN": {"recipients": [{"provider": "aws-kms", "key": "alias/x", "wrapped": b"w"}, mine]},
        "raw of another length": {"recipients": [{"provider": "raw", "key": "other", "wrapped": b"w"}, mine]},
        "empty pad": {"recipients": [mine], "pad": b""},
    }.items():
        check(opened(crafted(None, envelope))[0] == b"plain", "envelope: " + what)
    bound, envelope = sp.pack(ok), sp.pack({"recipients": [mine]})
    refused(crafted(bound + b"\0"), "format", "byte after bound")
    refused(crafted(None, envelope + b"\0"), "format", "byte after envelope")
    for head in range(84):  # every cut of the prologue, and every cut of bound and envelope
        refused(crafted(bound)[:head], "truncated", f"cut at {head}")
    for cut in range(84, 84 + len(bound) + len(envelope)):
        refused(crafted(bound, envelope)[:cut], "truncated", f"cut at {cut}")


def set_bytes(data, at, value):
    return data[:at] + value + data[at + len(value):]


def prologues():
    good = crafted()
    for at in range(8):
        refused(set_bytes(good, at, b"\0"), "format", f"magic {at}")
        refused(set_bytes(good, at, b"\0")[:at + 1], "format", f"magic {at}, cut")
    for at, value, code in ((8, "00", "unsupported"), (8, "02", "unsupported"), (9, "00", "unsupported"), (9, "06", "unsupported"),
                            (11, "02", "unsupported"), (10, "0b", "format"), (10, "15", "format"), (12, "00000000", "format"),
                            (12, "00010001", "format"), (16, "00000000", "format"), (16, "00010001", "format")):
        refused(set_bytes(good, at, UNHEX(value)), code, f"prologue {at} = {value}")
        refused(set_bytes(good, at, UNHEX(value))[:at + len(value) // 2], code, f"prologue {at} = {value}, cut")
    refused(set_bytes(good, 8, b"\2\0\0\0\0")[:9], "unsupported", "version first")
    refused(good, "limit", "own limit of frame size", limits=sp.Limits(frame_size=1 << 11))


# ---- refusals: keys and context

def keys_and_context():
    stream = crafted(context={"a": "1", "b": "2"})
    for context, error in (({}, None), ({"a": "1"}, None), ({"b": "2", "a": "1"}, None), ({"a": "2"}, "context"),
                           ({"c": ""}, "context"), ({"": ""}, "context"), ({"a": "\ud800"}, "context"), ({"a": 1}, "context")):
        check(opened(stream, context=context)[1] == (error and (error, False)), f"required context {context!a}")
    withheld = crafted({"context": None, "created": 1}, context={"a": "1"},
                       envelope={"recipients": [recipient(sp.context_digest({"a": "1"}))]})
    check(opened(withheld, context={"a": "1"})[0] == b"plain", "withheld context")
    refused(withheld, "context", "withheld context, none given")
    refused(withheld, "context", "withheld context, none given, no key", keys={})
    for context in ({}, {"a": "2"}, {"a": "1", "b": ""}):
        refused(withheld, "authentication", "withheld context, another", context=context)
    empty = crafted({"context": None, "created": 1})
    refused(empty, "context", "withheld empty context, none given")
    check(opened(empty, context={})[0] == b"plain", "withheld empty context")

    good = crafted()
    refused(good, "key mismatch", "no key", keys={})
    refused(good, "key mismatch", "another name", keys={"other": KEY})
    refused(good, "authentication", "another key", keys={NAME: bytes(32)})
    check(opened(good, keys={}, data_key=DATA_KEY)[0] == b"plain", "data key given")
    for key in (bytes(32), DATA_KEY[:31], DATA_KEY * 33):
        refused(good, "authentication", f"another data key, {len(key)} bytes", data_key=key)
    for size in (1, 47, 48, 48 + 31, 48 + 1025):
        refused(crafted(None, {"recipients": [recipient(wrapped=bytes(size))]}), "authentication", f"wrapped of {size} bytes")
    for data_key in (bytes(31), bytes(1025), bytes(32)):
        refused(crafted(None, {"recipients": [recipient(data_key=data_key)]}), "authentication", "data key misses the commitment")
    second = {"provider": "raw", "key": "two", "wrapped": sp.raw_wrap(KEY, "two", DATA_KEY, EMPTY)}
    for first in (recipient(wrapped=bytes(80)), recipient(data_key=bytes(32)), recipient(wrapped=b"w")):
        check(opened(crafted(None, {"recipients": [first, second]}), keys={NAME: KEY, "two": KEY})[0] == b"plain", "set aside")


# ---- refusals: frames

def fixed_frames():
    chunks = [b"a" * 4096, b"b" * 4096, b"c" * 100]
    good = crafted(chunks=chunks)
    start = sp.parse_preamble(good).preamble_length
    for cut in list(range(start, start + 40)) + list(range(start + 4100, start + 4140)) + list(range(start + 8200, len(good))):
        index, rest = divmod(cut - start, 4112)
        out = refused(good[:cut], "truncated" if rest < 16 else "authentication", f"fixed, cut at {cut - start}", at_end=rest >= 16)
        check(out == b"".join(chunks[:index]), f"fixed, cut at {cut - start}: released")
    refused(good + b"\0", "authentication", "fixed, added byte", at_end=True)
    refused(set_bytes(good, start, b"?"), "authentication", "fixed, damaged first frame")
    refused(set_bytes(good, start + 4112, b"?"), "authentication", "fixed, damaged second frame")
    refused(set_bytes(good, len(good) - 1, bytes([good[-1] ^ 1])), "authentication", "fixed, damaged last frame", at_end=True)
    refused(good[:start] + good[start + 4112:], "authentication", "fixed, frame removed")
    refused(crafted(chunks=chunks[:1]), "truncated", "fixed, no last frame")
    check(opened(crafted(chunks=[b""])) == (b"", None), "fixed, empty")
    refused(good, "limit", "own limit of plaintext", max_plaintext=8291)
    check(opened(good, max_plaintext=8292, max_frames=3)[1] is None, "at the limits")
    check(refused(good, "limit", "frames", max_frames=2) == b"a" * 4096 + b"b" * 4096, "released up to the limit")
    check(outcome(crafted, chunks=chunks, max_frames=2) == ("limit", False), "writer: frames")
    check(outcome(crafted, chunks=chunks, max_plaintext=8291) == ("limit", False), "writer: plaintext")


def record_frames():
    chunks = [b"a" * 4096, b"b", b"c" * 100]
    good = crafted(chunks=chunks, layout=sp.RECORD)
    start = sp.parse_preamble(good).preamble_length
    second = start + 4116
    check(opened(good) == (b"".join(chunks), None), "record")
    for cut in list(range(start, start + 30)) + list(range(second - 5, len(good))):
        refused(good[:cut], "truncated", f"record, cut at {cut - start}")
    refused(good + b"\0", "trailing data", "record, added byte")
    for at in (start, start + 4, second + 3, second + 4, len(good) - 1):
        refused(set_bytes(good, at, bytes([good[at] ^ 1])), "authentication", f"record, damaged at {at - start}")
    for at in (second, start):
        refused(set_bytes(good, at, bytes([good[at] | 0x80])), "authentication", "record, made final")
    refused(set_bytes(good, start, UNHEX("00001001")), "authentication", "record, n > F")
    refused(set_bytes(good, start, UNHEX("00001001"))[:start + 4], "authentication", "record, n > F, cut")
    refused(set_bytes(good, start, UNHEX("40"))[:start + 1], "authentication", "record, word cut, n > F whatever follows")
    refused(crafted(chunks=[b"", b"x"], layout=sp.RECORD), "authentication", "record, empty and not final")
    refused(crafted(chunks=[b"x" * 4097], layout=sp.RECORD), "authentication", "record, n > F, sealed so")
    for pattern in ([b""], [b"x"], [b"x", b""], [b"x" * 4096], [b"x" * 4096, b""], [b"x"] * 300):
        check(opened(crafted(chunks=pattern, layout=sp.RECORD)) == (b"".join(pattern), None), "record, pattern")
    refused(good, "limit", "record: own limit", max_plaintext=4096)
    refused(good, "limit", "record: frames", max_frames=2)
    check(sp.record_chunks(b"abcdef", 4, [0, 1, 1, 6]) == [b"a", b"bcde", b"f", b""], "flushes")
    check(sp.record_chunks(b"abcd", 4) == [b"abcd"] and sp.record_chunks(b"", 4, [0]) == [b""], "flushes, edges")


def bit_flips():
    """One flipped bit anywhere is refused, except in the envelope, which is not authentic: there it may change nothing else."""
    for layout in (sp.FIXED, sp.RECORD):
        good = sp.seal(b"log line\n" * 3, TO, 4, 12, layout, {"a": "b"}, flush_at=[9] if layout else [],
                       content={"type": "text/plain"}, chain={"archive": bytes(16), "index": 1, "previous": bytes(32)})
        header = sp.parse_preamble(good)
        envelope = range(84 + len(header.bound_bytes), header.preamble_length)
        for at in range(len(good)):
            for bit in range(8):
                out, error = opened(set_bytes(good, at, bytes([good[at] ^ 1 << bit])))
                check(error is not None or at in envelope and out == b"log line\n" * 3, f"bit {bit} of byte {at} flipped")


def segments():
    archive = os.urandom(16)
    one = sp.seal(b"one", TO, layout=sp.RECORD, chain={"archive": archive, "index": 0, "previous": bytes(32)})
    header = sp.parse_preamble(one)
    digest = header.prologue[:16] + header.prologue[20:] + header.bound_bytes + one[header.preamble_length:]
    check(sp.segment_digest(one) == sp.sha256(digest).hexdigest(), "segment digest")
    shorter = sp.pack({"recipients": header.envelope["recipients"]})
    rewrapped = (one[:16] + len(shorter).to_bytes(4, "big") + one[20:84] + header.bound_bytes + shorter + one[header.preamble_length:])
    check(opened(rewrapped) == (b"one", None) and sp.segment_digest(rewrapped) == sp.segment_digest(one), "re-wrapped")


def commands():
    def run(script, *args, data=b""):
        done = subprocess.run([sys.executable, os.path.join(HERE, script), *args], input=data, capture_output=True)
        return done.returncode, done.stdout, done.stderr

    key = ("--key-hex", KEY.hex(), "--key-name", NAME)
    context = ("--context-json", '{"b":"1","a":"2"}')
    for extra, opening in (((), ()), (("--withhold-context", "--extra-unknown-keys", "--reverse-keys", "--no-pad", "--created", "5"), context),
                           (("--layout", "record", "--flush-at", "1,500,501,9000", "--suite", "5", "--frame-size-log2", "12",
                             "--data-key-bytes", "1024", "--content-json", '{"encoding":"gzip"}', "--chain-json",
                             json.dumps({"archive": "11" * 16, "index": 0, "previous": "00" * 32})), ())):
        status, sealed, error = run("seal_stream.py", *key, *context, *extra, data=b"x" * 9000)
        check(status == 0 and not error, f"seal_stream {extra[:1]}: {error}")
        check(run("open_stream.py", *key, *opening, data=sealed) == (0, b"x" * 9000, b""), f"open_stream {extra[:1]}")
        status, out, _ = run("open_stream.py", "--header", data=sealed)
        check(status == 0 and json.loads(out)["envelope"]["recipients"][0]["key"] == NAME, "open_stream --header")
        status, out, error = run("open_stream.py", *key, *opening, data=sealed[:-1])
        check(status == 1 and json.loads(error)["error"] == ("truncated" if "record" in extra else "authentication")
              and json.loads(error)["atEnd"] == ("record" not in extra), "open_stream fails")


def main():
    for part in (vectors, round_trips, paddings, encodings, schemas, prologues, keys_and_context, fixed_frames, record_frames,
                 bit_flips, segments, commands):
        part()
    print(f"sealpipe interop self check: {counts['checks']} checks, {counts['failed']} failed")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
