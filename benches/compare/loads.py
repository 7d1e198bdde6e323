"""The loads of known generators: wrk for HTTP/1.1, h2load for HTTP/2 and for a fixed rate, curl for one large body."""
import re
import subprocess

from ground import FILES, HOST, OTHERS_CPU

PINNED = ["taskset", "-c", str(OTHERS_CPU)]


def said(command):
    done = subprocess.run([*PINNED, *command], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")
    return done.stdout


def milliseconds(text):
    """wrk's `834.00us`, `2.71ms`, `1.02s`, `1.50m`."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def wrk(target, seconds, path="/", connections=64, upload=0):
    """As many requests as go; with `upload` bytes of a body each."""
    url = f"https://127.0.0.1:{target.port}{path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-H", f"Cookie: {target.cookie}", "-H", f"Host: {HOST}:{target.port}"]
    if upload:
        script = target.ground.folder / f"upload-{upload}.lua"
        script.write_text(f'wrk.method = "POST"\nwrk.body = string.rep("x", {upload})\n')
        command += ["-H", f"Origin: https://{HOST}:{target.port}", "-s", str(script)]
    out = said([*command, url])
    find = lambda pattern, default="0": (re.search(pattern, out) or [None, default])[1]
    count = int(find(r"(\d+) requests in"))
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    bad = int(find(r"Non-2xx or 3xx responses: (\d+)")) + (sum(map(int, broken.groups())) if broken else 0)
    return {"count": count, "rate": float(find(r"Requests/sec:\s+([\d.]+)")), "p99": milliseconds(find(r"(?m)^ +99% +(\S+)$", "0ms")), "bad": bad}


def h2load(target, way, connections, more):
    """`way` is h1 or h2; over HTTP/2 as many streams as `streams` says. What h2load printed."""
    command = ["h2load", "-c", str(connections), *(["--h1"] if way == "h1" else []), f"--connect-to=127.0.0.1:{target.port}", "-H", f"cookie: {target.cookie}"]
    return said([*command, *more, f"https://{HOST}:{target.port}/"])


def statuses(out):
    """How many answers had 2xx, and how many did not."""
    counts = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", out)
    errors = re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", out)
    return int(counts[1]), sum(int(counts[place]) for place in (2, 3, 4)) + sum(map(int, errors.groups()))


def streams(target, seconds):
    """As many requests over HTTP/2 as go: 8 connections of 32 streams."""
    out = h2load(target, "h2", 8, ["-m", "32", "-D", str(seconds)])
    good, bad = statuses(out)
    return {"count": good, "rate": float(re.search(r"finished in .*?, ([\d.]+) req/s", out)[1]), "bad": bad}


def counted(target, way, count, connections, of_each):
    """Exactly so many requests, `of_each` streams on each connection over HTTP/2; an error unless each is answered with 200."""
    out = h2load(target, way, connections, ["-n", str(count), *(["-m", str(of_each)] if way == "h2" else [])])
    good, bad = statuses(out)
    if good != count:
        raise RuntimeError(f"{target.name}: {good} of {count} requests were answered with 200\n{out}")


RATED = {"h1": (64, 1), "h2": (8, 32)}


def capacity(target, way, seconds):
    """Requests a second that the target answers at most, by the connections of `rated`."""
    connections, of_each = RATED[way]
    out = h2load(target, way, connections, ["-m", str(of_each), "-D", str(seconds)])
    return statuses(out)[0] / seconds


def rated(target, way, seconds, rate):
    """So many requests a second and no more; the times of the answers, in ms, without those of the first second."""
    connections, of_each = RATED[way]
    log = target.ground.folder / f"times-{target.name}-{way}"
    log.unlink(missing_ok=True)
    out = h2load(target, way, connections, ["-m", str(of_each), f"--rps={rate / connections:.3f}", "-D", str(seconds + 1), f"--log-file={log}"])
    rows = [tuple(map(int, line.split("\t")[:3])) for line in log.read_text().splitlines()]
    began = min(row[0] for row in rows) + 1_000_000
    times = sorted(took / 1000 for at, _, took in rows if at >= began)
    bad = sum(1 for _, status, _ in rows if status != 200)
    at = lambda share: times[min(int(len(times) * share), len(times) - 1)]
    return {"count": len(times), "rate": len(times) / seconds, "p50": at(0.5), "p99": at(0.99), "bad": bad}


def large(target, upload):
    """100 MB by one curl; MB/s."""
    url = f"https://{HOST}:{target.port}"
    command = ["curl", "-s", "--http1.1", "--cacert", str(target.ground.folder / "ca.pem"), "-o", "/dev/null", "-w", "%{http_code} %{speed_download} %{speed_upload}",
               "-H", f"Cookie: {target.cookie}", "--resolve", f"{HOST}:{target.port}:127.0.0.1"]
    command += ["-H", f"Origin: {url}", "-X", "POST", "-T", str(target.ground.folder / "files/100m"), f"{url}/sink"] if upload else [f"{url}/files/100m"]
    status, down, up = said(command).split()
    return {"count": 1, "rate": float(up if upload else down) / 1e6, "bad": int(status != "200")}


def bodies(target, seconds, name, upload):
    """Bodies of one size as many as go; fewer at once the larger they are."""
    connections = {"1k": 64, "64k": 16, "10m": 4}[name]
    if upload:
        done = wrk(target, seconds, "/sink", connections, FILES[name])
    else:
        done = wrk(target, seconds, f"/files/{name}", connections)
    done["rate"] *= FILES[name] / 1e6
    return done
