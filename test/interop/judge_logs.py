"""Judges the log vectors from their files alone: python3 judge_logs.py FOLDER

One JSON line on stdout: how many units and archives were judged, which were skipped for want of zstd, and what differs.
"""
import base64
import json
import os
import sys

sys.dont_write_bytecode = True
import sealpipe_format as sp  # noqa: E402
import sealpipe_logs as logs  # noqa: E402


def outcome(work):
    try:
        work()
    except (sp.SealpipeError, logs.ArchiveError) as error:
        return error.code
    return "success"


def judge_archive(vector, differing):
    keys = {key["name"]: bytes.fromhex(key["key"]) for key in vector["keys"]}
    files = {name: base64.b64decode(data) for name, data in vector["files"].items()}

    def read(wanted):
        archive, given = logs.Archive(vector["archive"], files, keys, vector.get("checkpoint")), []

        def work():
            for line, first, last in archive.lines():
                if wanted is None or last >= wanted["since"] and first < wanted["until"]:
                    given.append(base64.b64encode(line).decode())

        return outcome(work), given, archive.tail

    got = read(None)
    if got != (vector["expect"], vector["lines"], vector["tail"]):
        differing.append(f"{vector['name']}: {got}")
    if "range" in vector and read(vector["range"])[:2] != ("success", vector["range"]["lines"]):
        differing.append(f"{vector['name']}, a range")


def main(folder):
    counts, skipped, differing = {"units": 0, "archives": 0}, [], []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            content = json.load(file)
        if name != "units.json":
            if content.get("needs") == "zstd" and logs.zstandard is None:
                skipped.append(content["name"])
                continue
            counts["archives"] += 1
            judge_archive(content, differing)
            continue
        for vector in content["units"]:
            data = base64.b64decode(vector["unit"])
            if vector["encoding"] == "zstd" and data[1:2] == b"\x02" and logs.zstandard is None:
                skipped.append(vector["name"])
                continue
            counts["units"] += 1
            got = outcome(lambda: logs.Unit(data, vector["encoding"]))
            if got != vector["expect"]:
                differing.append(f"{vector['name']}: {got}")
    print(json.dumps({**counts, "skipped": skipped, "differing": differing}))


if __name__ == "__main__":
    main(*sys.argv[1:])
