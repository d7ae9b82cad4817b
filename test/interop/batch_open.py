"""Opens many streams in one process: a JSON list of jobs on stdin, a JSON list of their outcomes on stdout.

A job: {"stream": base64, "keys": {name: hex}, "context": {...} or null, "limits": {"maxRecipients": n, ...} or null,
"lengths": [n, ...]}; with lengths, the first n bytes are opened for each n instead of the whole. Its outcomes, one for each length or one in all:
{"error": code or null, "atEnd": bool, "bytes": plaintext bytes released, "sha256": of these}.
With --check nothing is read: exit status 0 says that this machine can run all suites.
"""
import base64
import hashlib
import json
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402


LIMITS = {"maxRecipients": "recipients", "maxFrameSize": "frame_size", "maxPreambleSize": "preamble"}


def limits_of(names):
    return sp.Limits(**{LIMITS[name]: value for name, value in (names or {}).items()})


def outcome(data, keys, context, limits):
    released, digest = 0, hashlib.sha256()
    error, at_end = None, False
    try:
        for plaintext in sp.open_frames(data, keys, context, limits=limits):
            released += len(plaintext)
            digest.update(plaintext)
    except sp.SealpipeError as failure:
        error, at_end = failure.code, failure.at_end
    return {"error": error, "atEnd": at_end, "bytes": released, "sha256": digest.hexdigest()}


def outcomes(job):
    data = base64.b64decode(job["stream"])
    keys = {name: bytes.fromhex(key) for name, key in job["keys"].items()}
    limits = limits_of(job.get("limits"))
    return [outcome(data[:length], keys, job.get("context"), limits) for length in job.get("lengths") or [len(data)]]


def check():
    key = bytes(32)
    for suite in sp.SUITES:
        assert sp.open_stream(sp.seal(b"check", [("k", key)], suite), keys={"k": key}) == b"check"


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
    else:
        json.dump([outcomes(job) for job in json.load(sys.stdin)], sys.stdout)
