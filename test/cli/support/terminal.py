"""Runs a command with a terminal for some of its descriptors, and shows what came to that terminal and elsewhere.

terminal.py DESCRIPTORS INPUT COMMAND...   DESCRIPTORS is any of 0, 1 and 2, such as 02; what is no terminal is a pipe
The file that $SEEN names, if any, gets what comes to the terminal at once.
"""
import json, os, pty, select, subprocess, sys

descriptors, text, command = sys.argv[1], sys.argv[2], sys.argv[3:]
master, slave = pty.openpty()
use = lambda number, other: slave if str(number) in descriptors else other
child = subprocess.Popen(command, stdin=use(0, subprocess.PIPE), stdout=use(1, subprocess.PIPE), stderr=use(2, subprocess.PIPE))
os.close(slave)
if "0" in descriptors:
    os.write(master, text.encode())
else:
    child.stdin.write(text.encode())
    child.stdin.close()
sources = {stream.fileno(): name for stream, name in ((child.stdout, "stdout"), (child.stderr, "stderr")) if stream}
sources[master] = "terminal"
came = {"terminal": b"", "stdout": b"", "stderr": b""}
while sources:
    for source in select.select(list(sources), [], [], 60)[0]:
        try:
            piece = os.read(source, 65536)
        except OSError:
            piece = b""
        came[sources[source]] += piece
        if source == master and "SEEN" in os.environ:
            open(os.environ["SEEN"], "ab").write(piece)
        if not piece:
            del sources[source]
print(json.dumps({"status": child.wait(), **{name: text.decode("latin1") for name, text in came.items()}}))
