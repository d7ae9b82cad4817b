"""Seals stdin into a sealpipe stream on stdout; on failure one JSON line on stderr and exit status 1."""
import argparse
import json
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402
from open_stream import fail, keys_of, wrapping_key  # noqa: E402


def chain(text):
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a map")
    return {key: bytes.fromhex(item) if key in ("archive", "previous") else item for key, item in value.items()}


def offsets(text):
    return [int(item) for item in text.split(",") if item.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", type=int, default=1)
    parser.add_argument("--frame-size-log2", type=int, default=16)
    parser.add_argument("--layout", choices=("fixed", "record"), default="fixed")
    parser.add_argument("--key-hex", type=wrapping_key, action="append", default=[], help="raw wrapping key")
    parser.add_argument("--key-name", action="append", default=[], help="its name; both may be repeated, in pairs")
    parser.add_argument("--context-json", type=json.loads, default={})
    parser.add_argument("--withhold-context", action="store_true")
    parser.add_argument("--flush-at", type=offsets, default=[], help="plaintext offsets, record layout only")
    parser.add_argument("--content-json", type=json.loads)
    parser.add_argument("--chain-json", type=chain, help='{"archive": hex, "index": n, "previous": hex, "closed": true}')
    parser.add_argument("--created", type=int, help="Unix seconds; default: now")
    parser.add_argument("--extra-unknown-keys", action="store_true")
    parser.add_argument("--reverse-keys", action="store_true", help="bound and envelope maps, except the context")
    parser.add_argument("--no-pad", action="store_true")
    parser.add_argument("--data-key-bytes", type=int)
    args = parser.parse_args()
    if args.flush_at and args.layout == "fixed":
        parser.error("--flush-at needs --layout record")
    keys = keys_of(parser, args)
    if not keys:
        parser.error("--key-hex and --key-name are required")
    plaintext = sys.stdin.buffer.read()
    if args.flush_at and not 0 <= min(args.flush_at) <= max(args.flush_at) <= len(plaintext):
        parser.error("--flush-at outside the plaintext")
    try:
        sys.stdout.buffer.write(sp.seal(
            plaintext, list(keys.items()), suite=args.suite, frame_size_log2=args.frame_size_log2,
            layout=sp.RECORD if args.layout == "record" else sp.FIXED, context=args.context_json,
            withhold_context=args.withhold_context, flush_at=args.flush_at, content=args.content_json,
            chain=args.chain_json, created=args.created, pad=not args.no_pad,
            extra_unknown_keys=args.extra_unknown_keys, reverse_keys=args.reverse_keys,
            data_key_bytes=args.data_key_bytes,
        ))
    except sp.SealpipeError as error:
        return fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
