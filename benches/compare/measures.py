"""What is read of a target while a load runs: processor time and memory of its whole process tree, user-space instructions, system calls."""
import os
import re
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """The process and all below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


def cpu(pid):
    """Seconds, user and system together."""
    ticks = 0
    for one in tree(pid):
        try:
            fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return ticks / TICKS


def memory(pid):
    """Proportional set size, KiB."""
    total = 0
    for one in tree(pid):
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{one}/smaps_rollup").read(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total


def settled(pid, limit=20):
    """`memory` when it has stood still for two seconds (within 128 KiB): allocators give back late."""
    readings, end = [memory(pid)], time.time() + limit
    while time.time() < end and (len(readings) < 5 or max(readings[-5:]) - min(readings[-5:]) > 128):
        time.sleep(0.5)
        readings.append(memory(pid))
    return readings[-1]


# The command that a target is started by so that `instructions` can count: off until then.
CALLGRIND = ["valgrind", "--tool=callgrind", "--instr-atstart=no"]


def instructions(pid, folder, work):
    """Of user space, of one process that runs under CALLGRIND, during `work`."""
    where = {**os.environ, "TMPDIR": str(folder)}
    control = lambda *words: subprocess.run(["callgrind_control", *words, str(pid)], check=True, capture_output=True, timeout=120, env=where)
    control("-z")
    control("-i", "on")
    work()
    control("-i", "off")
    before = set(folder.glob("callgrind*"))
    control("-d")
    end = time.time() + 60
    while not (dumps := set(folder.glob("callgrind*")) - before):
        if time.time() > end:
            raise RuntimeError("callgrind wrote no figures within 60 s")
        time.sleep(0.1)
    dump, text = dumps.pop(), ""
    while not re.search(r"^totals:.*\n", text, re.M) and time.time() < end:
        text = dump.read_text(errors="replace")
    return sum(int(line.split(":")[1]) for line in text.splitlines() if line.startswith("totals:"))


def system_calls(pid, folder, work):
    """Of the whole process tree, by strace, during `work`."""
    out = folder / "system-calls"
    out.unlink(missing_ok=True)
    tracer = subprocess.Popen(["strace", "-f", "-c", "-o", str(out), *(f"--attach={one}" for one in tree(pid))], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_until_traced(pid, tracer)
        work()
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=60)
    total = re.search(r"^100\.00\s+\S+\s+\S+\s+(\d+)\s.*total$", out.read_text(), re.M)
    if not total:
        raise RuntimeError(f"strace counted nothing: {out.read_text()}")
    return int(total[1])


def wait_until_traced(pid, tracer):
    """Until every thread of the tree has the tracer."""
    end = time.time() + 30
    while time.time() < end:
        states = [open(status).read() for one in tree(pid) for status in threads(one)]
        if all(re.search(rf"^TracerPid:\s+{tracer.pid}$", state, re.M) for state in states):
            return
        if tracer.poll() is not None:
            raise RuntimeError(f"strace ended: {tracer.stderr.read()}")
        time.sleep(0.02)
    raise RuntimeError("strace did not attach to every thread within 30 s")


def threads(pid):
    return [f"/proc/{pid}/task/{one}/status" for one in os.listdir(f"/proc/{pid}/task")]
