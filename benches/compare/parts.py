"""The parts of the comparison. Each is one measurement of one target, repeated; what it gives are figures for the table."""
import itertools

import connections
import loads
from measures import cpu, instructions, memory, settled, system_calls
from tables import Figure

# Requests of the two loads whose difference is counted, connections, and streams of each over HTTP/2.
INSTRUCTIONS, SYSTEM_CALLS = (500, 2_500), (1_000, 5_000)
CONNECTIONS = {"instructions": {"h1": (4, 1), "h2": (4, 8)}, "syscalls": {"h1": (16, 1), "h2": (8, 32)}}
WAYS = {"h1": "HTTP/1.1", "h2": "HTTP/2"}


def microseconds(name):
    return Figure(f"{name}, CPU", "µs", 1)


class Measured:
    """Measures targets into results; `given` are the arguments of the run."""

    def __init__(self, results, given):
        self.results, self.given = results, given
        # What nginx with auth_request answers at most, by way: measured anew in each repeat.
        self.capacity = {}

    def loaded(self, target, name, work):
        """CPU time of each request of this load, and what the load gave."""
        before = cpu(target.pid)
        done = work()
        self.results.add(microseconds(name), target.name, (cpu(target.pid) - before) / max(done["count"], 1) * 1e6)
        if done["bad"]:
            self.results.remark(f"{target.name}, {name}: {done['bad']} of {done['count'] + done['bad']} were not answered with 200")
        return done

    def requests(self, target):
        done = self.loaded(target, WAYS["h1"], lambda: loads.wrk(target, self.given.seconds))
        self.results.add(Figure("HTTP/1.1, as many as go", "requests/s", 0), target.name, done["rate"])
        self.results.add(Figure("HTTP/1.1, 99 % within, as many as go", "ms", 1, False), target.name, done["p99"])
        done = self.loaded(target, WAYS["h2"], lambda: loads.streams(target, self.given.seconds))
        self.results.add(Figure("HTTP/2, as many as go", "requests/s", 0), target.name, done["rate"])
        self.results.add(Figure("memory after requests", "KiB", 0, False), target.name, memory(target.pid))

    def mtls(self, target):
        self.loaded(target, "mutual TLS, a request", lambda: connections.with_certificate(target, self.given.seconds))

    def handshakes(self, target):
        for shown, name in ((False, "full handshake"), (True, "full handshake with client certificate and a request")):
            self.loaded(target, name, lambda: connections.handshakes(target, self.given.seconds, shown))

    def churn(self, target):
        done = self.loaded(target, "churn: a resumed connection and a request", lambda: connections.churn(target, self.given.seconds))
        self.results.add(Figure("churn: connections that resumed", "%", 0, False), target.name, done["resumed"])

    def latency(self, target):
        for way, name in WAYS.items():
            rate = 0.7 * self.capacity[way]
            done = loads.rated(target, way, self.given.seconds, rate)
            self.results.add(Figure(f"{name} at equal load", "requests/s", 0, False), target.name, done["rate"])
            self.results.add(Figure(f"{name} at equal load, half within", "ms", 2), target.name, done["p50"])
            self.results.add(Figure(f"{name} at equal load, 99 % within", "ms", 2), target.name, done["p99"])
            if done["bad"]:
                self.results.remark(f"{target.name}, {name} at equal load: {done['bad']} answers were no 200")
            if done["rate"] < 0.95 * rate:
                self.results.remark(f"{target.name}, {name} at equal load: it was saturated, its times are those of a queue")

    def measure_capacity(self, nginx_auth_request):
        for way in WAYS:
            self.capacity[way] = loads.capacity(nginx_auth_request, way, self.given.seconds)

    def bodies(self, target):
        for (size, text), upload in itertools.product((("1k", "1 KiB"), ("64k", "64 KiB"), ("10m", "10 MiB")), (False, True)):
            name = f"{text} {'up' if upload else 'down'}"
            done = self.loaded(target, name, lambda: loads.bodies(target, self.given.seconds, size, upload))
            self.results.add(Figure(name, "MB/s", 0), target.name, done["rate"])

    def transfer(self, target):
        for upload in (False, True):
            before, name = memory(target.pid), f"100 MB {'up' if upload else 'down'}"
            done = self.loaded(target, name, lambda: loads.large(target, upload))
            self.results.add(Figure(name, "MB/s", 0), target.name, done["rate"])
            self.results.add(Figure(f"{name}, memory grown", "KiB", 0, False), target.name, memory(target.pid) - before)

    def idle(self, target):
        self.results.add(Figure("memory at rest", "KiB", 0), target.name, target.rest)
        self.held(target, "idle TLS connection, HTTP/1.1", connections.keep_idle, self.given.idle)

    def idle_h2(self, target):
        self.held(target, "idle TLS connection, HTTP/2", connections.keep_idle_h2, self.given.idle)

    def tunnels(self, target):
        self.held(target, "idle WebSocket tunnel", connections.keep_tunnels, self.given.tunnels)

    def held(self, target, name, keep, count):
        """The first hundred are not counted: what is made once for all is in them."""
        first = keep(target, min(100, count))
        before = settled(target.pid)
        kept = keep(target, count)
        self.results.add(Figure(f"{name}, memory of each", "KiB", 1), target.name, (settled(target.pid) - before) / count)
        for one in (*first, *kept):
            one.close()

    def sessions(self, name, one):
        count = f"{self.given.sessions:,} sessions"
        self.results.add(Figure(f"{count}, memory of each", "bytes", 0), name, one["bytes"])
        self.results.add(Figure(f"{count}, start", "s", 2), name, one["seconds"])

    def instructions(self, target):
        for way in WAYS:
            count = lambda number: instructions(target.pid, target.folder, lambda: loads.counted(target, way, number, *CONNECTIONS["instructions"][way]))
            self.difference(f"{WAYS[way]}, instructions of user space", target, way, count, INSTRUCTIONS, 0)

    def syscalls(self, target):
        for way in WAYS:
            count = lambda number: system_calls(target.pid, target.folder, lambda: loads.counted(target, way, number, *CONNECTIONS["syscalls"][way]))
            self.difference(f"{WAYS[way]}, system calls", target, way, count, SYSTEM_CALLS, 2)

    def difference(self, name, target, way, count, numbers, digits):
        """What one request costs: the difference of two loads, so that what a load costs once is not in it."""
        few, many = numbers
        part = "instructions" if numbers is INSTRUCTIONS else "syscalls"
        loads.counted(target, way, few, *CONNECTIONS[part][way])
        less, more = count(few), count(many)
        self.results.add(Figure(name, "each request", digits), target.name, (more - less) / (many - few))
