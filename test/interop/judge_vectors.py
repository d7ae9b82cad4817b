"""Judges the test vectors from their files alone: python3 judge_vectors.py FOLDER [--as-reader-without SUITE ...]

One JSON line on stdout: how many vectors, cuts and writers were judged, which were skipped, and what differs. It is also
an example of how to read the files.
"""
import base64
import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402
from batch_open import limits_of  # noqa: E402

SUITE_IDS = {"AES-256-GCM": 1, "AES-128-GCM": 2, "CHACHA20-POLY1305": 3, "AES-256-GCM-SIV": 4, "SM4-GCM": 5}
def unpacked(value):
    """Bytes in a file: base64, or a list of base64 and of runs of one byte."""
    if isinstance(value, str):
        return base64.b64decode(value)
    return b"".join(base64.b64decode(part) if isinstance(part, str) else bytes([part["byte"]]) * part["times"]
                    for part in value)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def verdict(vector, data):
    """Class, atEnd, and how much was released with which digest."""
    keys = {key["name"]: bytes.fromhex(key["key"]) for key in vector["keys"]}
    limits = limits_of(vector.get("limits", {}))
    released, expect, at_end = b"", "success", False
    try:
        for plaintext in sp.open_frames(data, keys, vector.get("context"), limits=limits):
            released += plaintext
    except sp.SealpipeError as error:
        expect, at_end = error.code, error.at_end
    return expect, at_end, len(released), sha256(released)


def header_of(data, limits):
    try:
        return sp.parse_preamble(data, limits).preamble_length
    except sp.SealpipeError as error:
        return error.code


def telling(cut):
    """The lengths at which something can change, and some between."""
    return (n for n in range(cut["from"], cut["to"] + 1) if n - cut["from"] < 40 or cut["to"] - n < 40 or n % 97 == 0)


def written(vector):
    """What a writer makes of its inputs."""
    inputs = vector["writer"]
    context = dict(inputs["context"])
    digest = sp.context_digest(context)
    data_key = bytes.fromhex(inputs["dataKey"])
    bound = {"context": None if inputs.get("withholdContext") else context, "created": inputs["created"]}
    if "chain" in inputs:
        link = inputs["chain"]
        bound["chain"] = {key: bytes.fromhex(link[key]) if key in ("archive", "previous") else link[key]
                          for key in ("archive", "index", "previous", "closed") if key in link}
    if "content" in inputs:
        bound["content"] = {key: inputs["content"][key] for key in ("encoding", "type") if key in inputs["content"]}
    recipients = []
    for recipient in inputs["recipients"]:
        wrapped = unpacked(recipient["wrapped"])
        if "raw" in recipient:
            key, r = (bytes.fromhex(recipient["raw"][name]) for name in ("wrappingKey", "r"))
            assert wrapped == sp.raw_wrap(key, recipient["key"], data_key, digest, r), "a wrapping"
        recipients.append({"provider": recipient["provider"], "key": recipient["key"], "wrapped": wrapped})
    envelope = {"recipients": recipients}
    if inputs["padding"]:
        envelope = sp.padded(envelope)
    plaintext, chunks, at = unpacked(inputs["plaintext"]), [], 0
    for times, size in inputs["frames"]:
        for _ in range(times):
            chunks.append(plaintext[at:at + size])
            at += size
    layout = ("fixed", "record").index(vector["layout"])
    return sp.assemble(chunks, SUITE_IDS[vector["suite"]], inputs["frameSizeLog2"], layout, sp.pack(bound),
                       sp.pack(envelope), data_key, digest, bytes.fromhex(inputs["salt"]))


class Judge:
    def __init__(self, without=()):
        self.without = without
        self.counts = {"vectors": 0, "cuts": 0, "writers": 0, "segments": 0}
        self.skipped, self.differing = [], []

    def same(self, what, got, want):
        if got != want:
            self.differing.append(f"{what}: {got}, not {want}")

    def judge(self, vector):
        name = vector["name"]
        if vector.get("needs") in self.without:
            self.skipped.append(name)
            return
        data = None
        if "writer" in vector:
            self.counts["writers"] += 1
            data = written(vector)
        stream = vector["stream"]
        if isinstance(stream, dict):
            self.same(f"{name}, written", {"bytes": len(data), "sha256": sha256(data)}, stream)
        else:
            self.same(f"{name}, written", data in (None, unpacked(stream)), True)
            data = unpacked(stream)
        self.counts["vectors"] += 1
        want = vector["expect"], vector.get("atEnd", False), vector["releasedBytes"], vector["releasedSha256"]
        self.same(name, verdict(vector, data), want)
        limits = limits_of(vector.get("limits", {}))
        self.same(f"{name}, header", header_of(data, limits), vector.get("preambleBytes", vector["expect"]))
        if "segmentDigest" in vector:
            self.counts["segments"] += 1
            self.same(f"{name}, segment", sp.segment_digest(data), vector["segmentDigest"])
        for cut in vector.get("cuts", []):
            for length in telling(cut):
                self.counts["cuts"] += 1
                got = verdict(vector, data[:length])[:3]
                self.same(f"{name}, {length} bytes", got, (cut["expect"], cut.get("atEnd", False), cut["releasedBytes"]))


def main(folder, *options):
    judge = Judge(options[1:])
    with open(os.path.join(folder, "index.json"), encoding="utf-8") as file:
        index = json.load(file)
    for family in index["families"]:
        with open(os.path.join(folder, family["file"]), "rb") as file:
            raw = file.read()
        judge.same(family["file"], sha256(raw), family["sha256"])
        content = json.loads(raw)
        judge.same(family["file"], [vector["name"] for vector in content["vectors"]], family["names"])
        for vector in content["vectors"]:
            judge.judge({"keys": content["keys"], **vector})
    print(json.dumps({**judge.counts, "skipped": judge.skipped, "differing": judge.differing}))


if __name__ == "__main__":
    main(*sys.argv[1:])
