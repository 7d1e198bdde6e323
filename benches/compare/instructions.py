#!/usr/bin/env python3
"""User-space instructions for each request, counted by valgrind's callgrind: a figure that a busy machine does not change.

    benches/compare/run instructions [--targets nginx,haproxy,sekisho] [--scenarios h1,h2]

Each target runs alone under callgrind, with counting off while it starts, a user signs in and 500 requests warm it up. Then 500
and 2,500 requests are counted over 4 connections; the difference, divided by 2,000, is the figure, so that what a run costs
once is not in it. The kernel's part is not in it either. `sekisho-before` is another build, named in SEKISHO_BEFORE.
Needs: valgrind, nginx, haproxy, nghttp2-client (h2load), openssl.
"""
import argparse
import os
import pathlib
import re
import subprocess

from run import HERE, HOST, Bench

FEW, MANY = 500, 2_500


class Counted(Bench):
    """The targets of the comparison, each started under callgrind when it is its turn."""

    def counter(self, name):
        self.out = self.folder / f"callgrind-{name}"
        self.out.mkdir()
        return ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={self.out}/out"]

    def start(self, cpu, command, **environment):
        is_target = command[0] in ("nginx", "haproxy") and "upstream.conf" not in command[-1]
        if command[0] == "nginx" and is_target:
            command = [*command, "-g", "master_process off;"]
        return super().start(cpu, [*self.counter(command[0]), *command] if is_target else command, **environment)

    def prefix(self, name):
        return [*super().prefix(name), *self.counter(name)]

    def wait(self, port, limit=120):
        super().wait(port, limit)


def load(port, cookie, scenario, count):
    way = ["--h1"] if scenario == "h1" else ["-m", "8"]
    command = ["taskset", "-c", "1", "h2load", "-n", str(count), "-c", "4", *way, f"--connect-to=127.0.0.1:{port}", "-H", f"cookie: {cookie}", f"https://{HOST}:{port}/"]
    done = subprocess.run(command, capture_output=True, text=True)
    good = re.search(r"status codes: (\d+) 2xx", done.stdout)
    if not good or int(good[1]) != count:
        raise SystemExit(f"not every request was answered by 200:\n{done.stdout}\n{done.stderr}")


def counted(out, pid, work):
    """The instructions of the process during `work`."""
    control = lambda *words: subprocess.run(["callgrind_control", *words, str(pid)], check=True, capture_output=True)
    control("-z")
    control("-i", "on")
    work()
    control("-i", "off")
    before = set(out.iterdir())
    control("-d")
    (dump,) = set(out.iterdir()) - before
    return sum(int(line.split(":")[1]) for line in dump.read_text(errors="replace").splitlines() if line.startswith("totals:"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--targets", default="nginx,haproxy,sekisho")
    arguments.add_argument("--scenarios", default="h1,h2")
    given = arguments.parse_args()
    binary = os.environ.get("SEKISHO", str(HERE.parents[1] / "target/release/sekisho"))
    before = os.environ.get("SEKISHO_BEFORE", "")
    scenarios = given.scenarios.split(",")
    print(f"| target | {' | '.join(f'{one}: instructions for each request' for one in scenarios)} |\n|---|{'---|' * len(scenarios)}", flush=True)
    for name in given.targets.split(","):
        bench = Counted(0)
        try:
            makers = {"nginx": lambda: bench.nginx(False), "haproxy": bench.haproxy, "sekisho": lambda: bench.sekisho("sekisho", binary),
                      "sekisho-before": lambda: bench.sekisho("sekisho-before", before)}
            pid, port, cookie = makers[name]()
            row = []
            for scenario in scenarios:
                load(port, cookie, scenario, FEW)
                few = counted(bench.out, pid, lambda: load(port, cookie, scenario, FEW))
                many = counted(bench.out, pid, lambda: load(port, cookie, scenario, MANY))
                row.append(f"{(many - few) / (MANY - FEW):,.0f}")
            print(f"| {name} | {' | '.join(row)} |", flush=True)
        finally:
            bench.stop()


if __name__ == "__main__":
    main()
