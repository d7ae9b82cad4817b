"""Runs a command between two pipes, and shows what came of it and of them.

pipes.py SIZE MODE DATA COMMAND...
SIZE is what both pipes hold, 0 as they come; MODE is stream, or packets for a pipe in packet mode, fed with packets of
1000 bytes; DATA is a file. Sizes and flags are those after the first output, while the source is still open, and are
those of the descriptors that the command was started with.
"""
import base64, fcntl, json, os, select, sys, threading

size, mode, data, command = int(sys.argv[1]), sys.argv[2], open(sys.argv[3], "rb").read(), sys.argv[4:]
F_SETPIPE_SZ, F_GETPIPE_SZ = 1031, 1032
ends = [os.pipe2(os.O_DIRECT if mode == "packets" and number == 0 else 0) for number in range(2)]
(source, feed), (read, sink) = ends
for end in (source, sink):
    if size:
        fcntl.fcntl(end, F_SETPIPE_SZ, size)
child = os.fork()
if child == 0:
    os.dup2(source, 0)
    os.dup2(sink, 1)
    os.closerange(3, 64)
    os.execvp(command[0], command)
rest = threading.Event()


def fill():
    step = 1000 if mode == "packets" else 1 << 16
    for at in range(0, len(data), step):
        os.write(feed, data[at : at + step])
    rest.wait()
    os.close(feed)


threading.Thread(target=fill, daemon=True).start()
gone = os.WEXITED | os.WNOHANG | os.WNOWAIT
while not select.select([read], [], [], 0.1)[0] and os.waitid(os.P_PID, child, gone) is None:
    pass
came = os.read(read, 1 << 20) if select.select([read], [], [], 0)[0] else b""
look = {
    "sizes": [fcntl.fcntl(end, F_GETPIPE_SZ) for end in (source, sink)],
    "waits": [not fcntl.fcntl(end, fcntl.F_GETFL) & os.O_NONBLOCK for end in (source, sink)],
}
os.close(sink)
rest.set()
while piece := os.read(read, 1 << 20):
    came += piece
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
look["after"] = not fcntl.fcntl(source, fcntl.F_GETFL) & os.O_NONBLOCK
print(json.dumps({"status": status, "out": base64.b64encode(came).decode(), **look}))
