#!/usr/bin/env python3
"""Side by side, in one run: Sekisho with its whole chain enforced, nginx, nginx + auth_request, HAProxy, Envoy + ext_authz,
Traefik and Caddy + forward auth, Apache + mod_auth_openidc.

    benches/compare/run [PART…] [--repeats 5] [--seconds 5] [--targets nginx,sekisho,…] [--idle 10000] [--tunnels 5000] [--sessions 1000000]

Parts: requests, mtls, handshakes, churn, latency, bodies, transfer, idle, tunnels, sessions, syscalls, instructions; all by default.
benches/README.md says what each means and how it is measured. SEKISHO names the build (target/release/sekisho by default),
SEKISHO_BEFORE another one that is measured beside it. KEEP=1 keeps configurations and logs.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import sessions  # noqa: E402
from forward_auth import Caddy, Envoy, Traefik  # noqa: E402
from ground import Ground  # noqa: E402
from measures import CALLGRIND  # noqa: E402
from openid import Apache  # noqa: E402
from parts import Measured  # noqa: E402
from tables import Results  # noqa: E402
from targets import HaProxy, Nginx, NginxAuthRequest, Sekisho, SekishoBefore, SekishoWithRules  # noqa: E402

TARGETS = {
    "nginx": Nginx, "nginx+auth": NginxAuthRequest, "haproxy": HaProxy, "envoy": Envoy, "traefik": Traefik, "caddy": Caddy, "apache": Apache,
    "sekisho": Sekisho, "sekisho-before": SekishoBefore, "sekisho+rules": SekishoWithRules,
}
# One start of all targets for these, in turn; a start of its own in each repeat where memory or instructions are counted.
TOGETHER = ["requests", "mtls", "handshakes", "churn", "latency", "bodies", "transfer", "syscalls"]
ALONE = {"idle": ["idle", "idle_h2"], "tunnels": ["tunnels"]}
# What keeps one target from one measurement, and no other from its own.
FAILURES = (OSError, RuntimeError, subprocess.SubprocessError)
PARTS = [*TOGETHER[:-1], *ALONE, "sessions", "syscalls", "instructions"]


def main():
    given = arguments()
    # Ended from outside, it ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    names, ground, results = given.targets, Ground(), Results()
    measured = Measured(results, given)
    try:
        ground.prepare()
        together = [part for part in TOGETHER if part in given.parts]
        if together:
            run_together(together, names, ground, measured)
        for part in (part for group, parts in ALONE.items() if group in given.parts for part in parts):
            for _ in range(given.repeats):
                for name in names:
                    alone(part, part.split("_")[0], name, ground, measured)
        if "sessions" in given.parts:
            many_sessions(names, ground, measured)
        if "instructions" in given.parts:
            for name in names:
                alone("instructions", "instructions", name, ground, measured, under=True, repeats=given.repeats)
    finally:
        ground.clear()
        print(f"\n{results.table(names, given.repeats)}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    before = os.environ.get("SEKISHO_BEFORE", "")
    usual = [name for name in TARGETS if name != "sekisho+rules" and (before or name != "sekisho-before")]
    listed = lambda text: text.split(",")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--targets", type=listed, default=usual, help=", ".join(TARGETS))
    parser.add_argument("--idle", type=int, default=10_000, help="connections that are kept idle")
    parser.add_argument("--tunnels", type=int, default=5_000)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    given = parser.parse_args()
    given.parts = given.parts or PARTS
    for what, known in ((given.parts, PARTS), (given.targets, TARGETS)):
        if unknown := [one for one in what if one not in known]:
            parser.error(f"{unknown[0]} is none of {', '.join(known)}")
    if "sekisho-before" in given.targets and not before:
        parser.error("sekisho-before: say in SEKISHO_BEFORE where the other build is")
    return given


def run_together(parts, names, ground, measured):
    """All targets are up; part by part and repeat by repeat they take turns."""
    started = {name: TARGETS[name](ground, name) for name in names}
    try:
        for name in names:
            begin(started, name, measured)
        for part in parts:
            for _ in range(measured.given.repeats):
                if part == "latency":
                    measure_capacity(started, ground, measured)
                for target in started.values():
                    guarded(part, part, target, measured)
    finally:
        for target in started.values():
            target.stop()


def begin(started, name, measured):
    try:
        started[name].start()
    except FAILURES as error:
        measured.results.remark(f"{name}: not measured: it did not start: {first_line(error)}")
        started.pop(name).stop()


def measure_capacity(started, ground, measured):
    if "nginx+auth" in started:
        return measured.measure_capacity(started["nginx+auth"])
    target = NginxAuthRequest(ground, "nginx+auth")
    try:
        measured.measure_capacity(target.start())
    finally:
        target.stop()


def alone(part, group, name, ground, measured, under=False, repeats=1):
    """A target of its own, fresh, for one part; `under` callgrind it takes minutes to start."""
    target = TARGETS[name](ground, name, CALLGRIND if under else ())
    if target.cannot.get(group):
        return guarded(part, group, target, measured)
    try:
        target.start(300 if under else 30)
        for _ in range(repeats):
            guarded(part, group, target, measured)
    except FAILURES as error:
        measured.results.remark(f"{name}, {group}: not measured: {first_line(error)}")
    finally:
        target.stop()


def guarded(part, group, target, measured):
    """A target that fails in one part does not take the others' figures away; the table says that it failed."""
    if reason := target.cannot.get(group):
        return measured.results.remark(f"{target.name}, {group}: not measured: {reason}")
    try:
        getattr(measured, part)(target)
    except FAILURES as error:
        measured.results.remark(f"{target.name}, {group}: not measured: {first_line(error)}")


def many_sessions(names, ground, measured):
    for name in names:
        if not issubclass(TARGETS[name], Sekisho):
            continue
        target = TARGETS[name](ground, name)
        try:
            for one in sessions.measure(target, measured.given.sessions, measured.given.repeats):
                measured.sessions(name, one)
        finally:
            target.stop()


def first_line(error):
    return (str(error).splitlines() or [repr(error)])[0]


if __name__ == "__main__":
    main()
