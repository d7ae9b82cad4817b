"""Runs a command with descriptors of all kinds, and shows what came out of them.

descriptors.py KIND0 KIND1 KIND2 DATA COMMAND...
KIND is stream, packet, datagram (sockets), reset (a connection that breaks off after the data), hangup (a terminal that is closed after them), pipe, nowait (a pipe that does not wait), full-wait (written to late), file,
null, null-rw or closed; DATA is in base64
"""
import base64, json, os, select, socket, struct, sys, tempfile, threading, time

kinds, data, command = sys.argv[1:4], base64.b64decode(sys.argv[4]), sys.argv[5:]
TYPES = {"stream": socket.SOCK_STREAM, "packet": socket.SOCK_SEQPACKET, "datagram": socket.SOCK_DGRAM}


def pair(kind, number):
    """What the command gets, and what we keep."""
    if kind in TYPES:
        ours, theirs = socket.socketpair(socket.AF_UNIX, TYPES[kind])
        return theirs.detach(), ours.detach()
    if kind == "reset":
        listener = socket.create_server(("127.0.0.1", 0))
        ours, (theirs, _) = socket.create_connection(listener.getsockname()), listener.accept()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        ours.sendall(data)
        ours.close()
        return theirs.detach(), None
    if kind == "hangup":
        ours, theirs = os.openpty()
        return theirs, ours
    if kind in ("pipe", "nowait"):
        ends = os.pipe()
        theirs, ours = ends if number == 0 else reversed(ends)
        os.set_blocking(theirs, kind == "pipe")
        return theirs, ours
    if kind == "file":
        path = tempfile.mkstemp()[1]
        if number == 0:
            open(path, "wb").write(data)
        theirs, ours = os.open(path, os.O_RDWR if number else os.O_RDONLY), os.open(path, os.O_RDONLY)
        os.unlink(path)
        return theirs, ours
    if kind == "null":
        return os.open("/dev/null", os.O_WRONLY if number else os.O_RDONLY), None
    return (os.open("/dev/null", os.O_RDWR), None) if kind == "null-rw" else (None, None)


pairs = [pair(kind, number) for number, kind in enumerate(kinds)]
child = os.fork()
if child == 0:
    high = [None if theirs is None else os.dup(theirs) for theirs, _ in pairs]
    for number, source in enumerate(high):
        os.close(number) if source is None else os.dup2(source, number)
    os.closerange(3, 256)
    os.execv(command[0], command)
for theirs, _ in pairs:
    if theirs is not None:
        os.close(theirs)


def feed(to):
    try:
        for at in range(0, len(data), 1000):
            os.write(to, data[at : at + 1000])
    except OSError:
        pass
    while kinds[0] == "hangup" and b"reading from the terminal" not in came[2] and not gone.is_set():
        time.sleep(0.01)
    os.close(to)


came = [b"", b"", b""]
gone = threading.Event()
if pairs[0][1] is not None and kinds[0] != "file":
    threading.Thread(target=feed, args=(pairs[0][1],), daemon=True).start()
sources = {ours: number for number, (_, ours) in enumerate(pairs) if number and ours is not None}
result = []
threading.Thread(target=lambda: (result.append(os.waitpid(child, 0)[1]), gone.set())).start()
while sources and not (gone.is_set() and not select.select(list(sources), [], [], 0)[0]):
    if "nowait" in kinds[1:]:
        time.sleep(0.05)
    for source in select.select(list(sources), [], [], 0.1)[0]:
        if kinds[sources[source]] == "file" and not gone.is_set():
            gone.wait(0.05)
            continue
        piece = os.read(source, 1 << 20)
        came[sources[source]] += piece
        if not piece:
            del sources[source]
gone.wait()
print(json.dumps({"status": os.waitstatus_to_exitcode(result[0]), "out": base64.b64encode(came[1]).decode(), "err": came[2].decode()}))
