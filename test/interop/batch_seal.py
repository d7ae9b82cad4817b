"""Seals many plaintexts in one process: a JSON list of jobs on stdin, a JSON list of base64 streams on stdout.

A job: {"plaintext": base64, "recipients": [[name, hex], ...], "options": {...}}, the options being those of
sealpipe_format.seal, with hex for bytes in "chain".
"""
import base64
import json
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402


def sealed(job):
    options = dict(job["options"])
    if "chain" in options:
        options["chain"] = {key: bytes.fromhex(value) if isinstance(value, str) else value
                            for key, value in options["chain"].items()}
    recipients = [(name, bytes.fromhex(key)) for name, key in job["recipients"]]
    stream = sp.seal(base64.b64decode(job["plaintext"]), recipients, **options)
    return base64.b64encode(stream).decode()


if __name__ == "__main__":
    json.dump([sealed(job) for job in json.load(sys.stdin)], sys.stdout)
