"""Opens a sealpipe stream: plaintext to stdout, or one JSON line on stderr and exit status 1."""
import argparse
import json
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402


def wrapping_key(text):
    key = bytes.fromhex(text)
    if len(key) != 32:
        raise ValueError("a wrapping key has 32 bytes")
    return key


def keys_of(parser, args):
    if len(args.key_hex) != len(args.key_name):
        parser.error("--key-hex and --key-name go in pairs")
    return dict(zip(args.key_name, args.key_hex))


def plain(value):
    """JSON has no bytes: hex."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def line(value):
    """ASCII only, so that control and bidirectional characters are escaped (FORMAT 2)."""
    return json.dumps(value).replace("\x7f", "\\u007f") + "\n"


def fail(error):
    sys.stderr.write(line({"error": error.code, "atEnd": error.at_end, "message": str(error)}))
    return 1


def show(data):
    header = sp.parse_preamble(data)
    sys.stdout.write(line(plain({
        "authentic": False, "version": 1, "suite": header.suite, "frameSizeLog2": header.frame_size_log2,
        "layout": ("fixed", "record")[header.layout], "preambleLength": header.preamble_length,
        "salt": header.salt, "commitment": header.commitment, "bound": header.bound, "envelope": header.envelope,
        "segmentDigest": sp.segment_digest(data),
    })))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", help="default: stdin")
    parser.add_argument("--key-hex", type=wrapping_key, action="append", default=[], help="raw wrapping key")
    parser.add_argument("--key-name", action="append", default=[], help="its name; both may be repeated, in pairs")
    parser.add_argument("--data-key-hex", type=bytes.fromhex, help="the data key itself; recipients are not used")
    parser.add_argument("--context-json", type=json.loads, help="the context if withheld, else pairs to require")
    parser.add_argument("--header", action="store_true", help="print the (unauthenticated) preamble as JSON")
    args = parser.parse_args()
    keys = keys_of(parser, args)
    if args.file:
        with open(args.file, "rb") as file:
            data = file.read()
    else:
        data = sys.stdin.buffer.read()
    try:
        if args.header:
            show(data)
        else:
            for plaintext in sp.open_frames(data, keys, args.context_json, args.data_key_hex):
                sys.stdout.buffer.write(plaintext)
    except sp.SealpipeError as error:
        sys.stdout.flush()
        return fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
