"""Runs many commands at once, each between two pipes, as a user who is subject to the quota of pipes.

many_pipes.py COUNT UID COMMAND...
UID is a user for root to become. Shows the sizes of the pipes while all commands wait for their sources, and that of a
fresh pipe of the same user.
"""
import fcntl, json, os, subprocess, sys

count, uid, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
F_GETPIPE_SZ = 1032
if os.getuid() == 0:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
runs = []
for _ in range(count):
    (source, feed), (read, sink) = os.pipe(), os.pipe()
    runs.append((subprocess.Popen(command, stdin=source, stdout=sink), feed, read))
    os.close(source)
    os.close(sink)
for _, _, read in runs:
    os.read(read, 1)
sizes = sorted({fcntl.fcntl(end, F_GETPIPE_SZ) for _, feed, read in runs for end in (feed, read)})
fresh = fcntl.fcntl(os.pipe()[0], F_GETPIPE_SZ)
for _, feed, _ in runs:
    os.close(feed)
for _, _, read in runs:
    while os.read(read, 1 << 16):
        pass
statuses = sorted({child.wait() for child, _, _ in runs})
print(json.dumps({"sizes": sizes, "fresh": fresh, "statuses": statuses}))
