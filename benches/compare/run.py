#!/usr/bin/env python3
"""Side by side, in one run: Sekisho with its whole chain enforced, plain nginx, nginx + auth_request, HAProxy.

    benches/compare/run [--seconds 5] [--repeat 3] [--scenarios h1,h2,handshake,handshake-cert,idle,download,upload] [--targets …]

The proxy under test is pinned to CPU 0 with one worker; upstream, auth answerer and load generator share CPU 1. The
figure that holds on noisy machines is the proxy's own CPU time per request (user + system of its whole process tree,
from /proc), given as a ratio to plain nginx of the same run; requests per second are shown beside it. `sekisho+rules` has
twenty rules for transactions that concern no request of the run; `sekisho-before` is another build, named in SEKISHO_BEFORE.
Every target gets the same request (a session cookie, 1 KiB answer, keep-alive, one certificate P-256) and the same upstream
(nginx).
Needs: nginx, haproxy, wrk, nghttp2-client (h2load), openssl.
"""
import argparse
import os
import pathlib
import re
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests" / "support"))
import gateway as sekisho_gateway  # noqa: E402  (tests/support/gateway.py: starts a gateway and signs a user in)

TICKS = os.sysconf("SC_CLK_TCK")
HOST = "app.localhost"
COOKIE = "session=0123456789abcdef0123456789abcdef"
BODY = "x" * 1024
BIG = 100 * 1024 * 1024
# Rules for transactions that concern no request of the run.
RULES = "".join(f'[[app.transaction]]\nname = "task-{number}"\npaths = ["/task-{number}/*/done"]\ntitle = {{ en = "Task" }}\n' for number in range(20))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Bench:
    def __init__(self, seconds):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-compare-"))
        self.processes = []
        self.seconds = seconds
        self.upstream, self.auth = free_port(), free_port()
        self.certificates()
        (self.folder / "big").write_bytes(b"\0" * BIG)
        self.nginx_conf("upstream", f"""
          server {{ listen 127.0.0.1:{self.upstream} backlog=4096; client_max_body_size 0; client_body_buffer_size 64k;
                    location = /big {{ alias {self.folder}/big; }}
                    location = /sink {{ proxy_request_buffering off; proxy_pass http://127.0.0.1:{self.auth}/drain; }}
                    location / {{ return 200 '{BODY}'; }} }}
          server {{ listen 127.0.0.1:{self.auth} backlog=4096; client_max_body_size 0;
                    location = /drain {{ client_body_in_file_only off; proxy_pass http://127.0.0.1:{self.auth}/ok; proxy_pass_request_body off; proxy_set_header Content-Length ''; }}
                    location = /ok {{ return 200 'ok'; }}
                    location / {{ if ($cookie_session = '') {{ return 401; }} return 200; }} }}""")
        self.start(1, ["nginx", "-c", str(self.folder / "upstream.conf")])
        self.wait(self.upstream)

    def certificates(self):
        run = lambda command: subprocess.run(command, shell=True, check=True, cwd=self.folder, capture_output=True)
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=compare-ca -days 30")
        for name, extension in (("server", f"subjectAltName=DNS:{HOST},DNS:auth.localhost,DNS:cert.localhost"), ("client", "extendedKeyUsage=clientAuth")):
            run(f"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}")
            (self.folder / "ext").write_text(extension)
            run(f"openssl x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 30 -extfile ext")
        run("cat server.pem server.key > both.pem")

    def nginx_conf(self, name, servers):
        (self.folder / f"{name}.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.folder}/{name}.pid; error_log /dev/null crit; {'user root;' if os.getuid() == 0 else ''}"
            "events { worker_connections 20000; } http { access_log " + ("off" if name == "upstream" else f"{self.folder}/{name}.log") + "; sendfile on; keepalive_requests 100000000; "
            + "".join(f"{kind}_temp_path {self.folder}/t-{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            + servers + " }"
        )

    def start(self, cpu, command, **environment):
        log = open(self.folder / f"process-{len(self.processes)}.log", "w")
        process = subprocess.Popen(["taskset", "-c", str(cpu), *command], stdout=log, stderr=log, env={**os.environ, **environment})
        self.processes.append(process)
        return process

    def wait(self, port, limit=15):
        end = time.time() + limit
        while time.time() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"port {port} never opened; logs in {self.folder}")

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if not os.environ.get("KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # The proxies under test. Each returns (pid, port, cookie).

    def nginx(self, auth):
        port, name = free_port(), "nginx-auth" if auth else "nginx"
        check = "auth_request /_auth;" if auth else ""
        self.nginx_conf(name, f"""
          upstream up {{ server 127.0.0.1:{self.upstream}; keepalive 128; keepalive_requests 100000000; }}
          upstream au {{ server 127.0.0.1:{self.auth}; keepalive 128; keepalive_requests 100000000; }}
          ssl_certificate {self.folder}/server.pem; ssl_certificate_key {self.folder}/server.key; ssl_protocols TLSv1.2 TLSv1.3;
          ssl_session_cache off; ssl_session_tickets off; client_max_body_size 0; proxy_request_buffering off;
          server {{ listen 127.0.0.1:{port} ssl http2 backlog=4096; server_name {HOST};
            location = /_auth {{ internal; proxy_pass http://au; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass_request_body off; proxy_set_header Content-Length ''; }}
            location / {{ {check} proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host; }} }}
          server {{ listen 127.0.0.1:{port} ssl http2; server_name cert.localhost; ssl_client_certificate {self.folder}/ca.pem; ssl_verify_client on;
            location / {{ {check} proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host; }} }}""")
        process = self.start(0, ["nginx", "-c", str(self.folder / f"{name}.conf")])
        self.wait(port)
        return process.pid, port, COOKIE

    def haproxy(self):
        port = free_port()
        (self.folder / "haproxy.cfg").write_text(
            f"global\n  nbthread 1\n  maxconn 9000\ndefaults\n  mode http\n  timeout client 60s\n  timeout server 60s\n  timeout connect 5s\n  http-reuse always\n"
            f"frontend f\n  bind 127.0.0.1:{port} ssl crt {self.folder}/both.pem alpn h2,http/1.1 no-tls-tickets\n"
            f"  http-request deny unless {{ req.cook(session) -m str {COOKIE.split('=')[1]} }}\n  default_backend b\nbackend b\n  server s 127.0.0.1:{self.upstream}\n"
        )
        process = self.start(0, ["haproxy", "-db", "-f", str(self.folder / "haproxy.cfg")])
        self.wait(port)
        return process.pid, port, COOKIE

    def prefix(self, name):
        """What the gateway of this name is started by."""
        return ["taskset", "-c", "0"]

    def sekisho(self, name, binary, more=""):
        gateway = sekisho_gateway.Gateway(
            binary=binary,
            folder=self.folder / name,
            certificate=(self.folder / "server.pem", self.folder / "server.key"),
            authority=self.folder / "ca.pem",
            apps={HOST: {"upstream": f"http://127.0.0.1:{self.upstream}", "demands": "primary_factor = {}\notp = {}\n" + more},
                  "cert.localhost": {"upstream": f"http://127.0.0.1:{self.upstream}", "demands": "certificate"}},
            extra="[server]\nworkers = 1\n", prefix=self.prefix(name),
        )
        gateway.start()
        self.processes.append(gateway.process)
        cookie = gateway.sign_in("alice", HOST)
        return gateway.process.pid, gateway.port, cookie


def tree(pid):
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
    ticks = 0
    for one in tree(pid):
        try:
            fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return ticks / TICKS


def memory(pid):
    total = 0
    for one in tree(pid):
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{one}/smaps_rollup").read(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total


def wrk(port, cookie, seconds):
    out = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-H", f"Cookie: {cookie}", "-H", f"Host: {HOST}:{port}", f"https://127.0.0.1:{port}/"], capture_output=True, text=True).stdout
    find = lambda pattern: (re.search(pattern, out) or [None, ""])[1]
    bad = int(find(r"Non-2xx or 3xx responses: (\d+)") or 0)
    return {"count": int(find(r"(\d+) requests in") or 0), "rate": float(find(r"Requests/sec:\s+([\d.]+)") or 0), "p99": find(r"99%\s+(\S+)"), "bad": bad}


def h2load(port, cookie, seconds):
    out = subprocess.run(["taskset", "-c", "1", "h2load", "-c8", "-m32", f"-D{seconds}", f"--connect-to=127.0.0.1:{port}", "-H", f"cookie: {cookie}", f"https://{HOST}:{port}/"], capture_output=True, text=True).stdout
    counts = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", out)
    rate = re.search(r"finished in .*?, ([\d.]+) req/s", out)
    done = int(counts[1]) if counts else 0
    return {"count": done, "rate": float(rate[1]) if rate else 0, "p99": "", "bad": sum(int(counts[i]) for i in (2, 3, 4)) if counts else -1}


def handshakes(bench, port, seconds, with_certificate):
    """Full TLS 1.3 handshakes, one request each would measure something else: connect, shake hands, read the tickets, close."""
    name = "cert.localhost" if with_certificate else HOST
    os.sched_setaffinity(0, {1})
    done, end = [0, 0], time.time() + seconds

    def worker(index):
        context = ssl.create_default_context(cafile=bench.folder / "ca.pem")
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        if with_certificate:
            context.load_cert_chain(bench.folder / "client.pem", bench.folder / "client.key")
        while time.time() < end:
            with socket.create_connection(("127.0.0.1", port), 5) as raw, context.wrap_socket(raw, server_hostname=name) as tls:
                if with_certificate:
                    tls.sendall(f"GET / HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n".encode())
                    tls.recv(4096)
            done[index] += 1

    threads = [threading.Thread(target=worker, args=(index,)) for index in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    os.sched_setaffinity(0, {0, 1})
    return {"count": sum(done), "rate": sum(done) / seconds, "p99": "", "bad": 0}


def idle(bench, pid, port, cookie, count=1000):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 200)), hard))
    context = ssl._create_unverified_context()
    before, held = memory(pid), []
    for _ in range(count):
        tls = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 5), server_hostname=HOST)
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        tls.recv(65536)
        held.append(tls)
    time.sleep(1)
    after = memory(pid)
    [one.close() for one in held]
    return before, (after - before) / count


def transfer(port, cookie, upload, folder):
    command = ["taskset", "-c", "1", "curl", "-sk", "--http1.1", "-o", "/dev/null", "-w", "%{http_code} %{speed_download} %{speed_upload}", "-H", f"Cookie: {cookie}", "--resolve", f"{HOST}:{port}:127.0.0.1"]
    command += ["-H", f"Origin: https://{HOST}:{port}", "-T", str(folder / "big"), "-X", "POST", f"https://{HOST}:{port}/sink"] if upload else [f"https://{HOST}:{port}/big"]
    status, down, up = subprocess.run(command, capture_output=True, text=True).stdout.split()
    return {"count": 1, "rate": float(up if upload else down) / 1e6, "p99": "", "bad": 0 if status == "200" else 1}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--scenarios", default="h1,h2,handshake,handshake-cert,idle,download,upload")
    arguments.add_argument("--targets", default="nginx,nginx+auth,haproxy,sekisho")
    given = arguments.parse_args()
    bench = Bench(given.seconds)
    binary = os.environ.get("SEKISHO", str(HERE.parents[1] / "target/release/sekisho"))
    before = os.environ.get("SEKISHO_BEFORE", "")
    if "sekisho-before" in given.targets.split(",") and not before:
        raise SystemExit("sekisho-before: say in SEKISHO_BEFORE where the other build is")
    try:
        makers = {"nginx": lambda: bench.nginx(False), "nginx+auth": lambda: bench.nginx(True), "haproxy": bench.haproxy,
                  "sekisho": lambda: bench.sekisho("sekisho", binary),
                  "sekisho+rules": lambda: bench.sekisho("sekisho-rules", binary, RULES),
                  "sekisho-before": lambda: bench.sekisho("sekisho-before", before)}
        live = {name: makers[name]() for name in given.targets.split(",")}
        results = {}
        for repeat in range(given.repeat):
            for name, (pid, port, cookie) in live.items():
                for scenario in given.scenarios.split(","):
                    if scenario == "handshake-cert" and name == "haproxy":
                        continue
                    if scenario == "idle":
                        if repeat == 0:
                            results.setdefault((scenario, name), []).append(idle(bench, pid, port, cookie))
                        continue
                    started = cpu(pid)
                    rest = memory(pid)
                    if scenario == "h1":
                        measured = wrk(port, cookie, given.seconds)
                    elif scenario == "h2":
                        measured = h2load(port, cookie, given.seconds)
                    elif scenario.startswith("handshake"):
                        measured = handshakes(bench, port, given.seconds, scenario.endswith("cert"))
                    else:
                        measured = transfer(port, cookie, scenario == "upload", bench.folder)
                    measured["cpu"] = (cpu(pid) - started) / max(measured["count"], 1) * 1e6
                    measured["memory"] = memory(pid)
                    measured["grown"] = measured["memory"] - rest
                    results.setdefault((scenario, name), []).append(measured)
        report(given, live, results)
    finally:
        bench.stop()


def report(given, live, results):
    for scenario in given.scenarios.split(","):
        print(f"\n## {scenario}")
        if scenario == "idle":
            print("| target | memory at rest, KiB | KiB for each idle TLS connection |\n|---|---|---|")
            for name in live:
                rest, each = results[(scenario, name)][0]
                print(f"| {name} | {rest} | {each:.1f} |")
            continue
        unit = "MB/s" if scenario in ("download", "upload") else "handshakes/s" if scenario.startswith("handshake") else "requests/s"
        print(f"| target | CPU µs each | vs nginx | {unit} | vs nginx | p99 | memory after, KiB | not 200 |\n|---|---|---|---|---|---|---|---|")
        middle = lambda name, key: statistics.median(one[key] for one in results[(scenario, name)])
        for name in live:
            if (scenario, name) not in results:
                continue
            base = "nginx" if ("nginx" in live) else name
            last = results[(scenario, name)][-1]
            print(f"| {name} | {middle(name, 'cpu'):.1f} | {middle(name, 'cpu') / max(middle(base, 'cpu'), 1e-9):.2f} | {middle(name, 'rate'):.0f} | {middle(name, 'rate') / max(middle(base, 'rate'), 1e-9):.2f} | {last['p99']} | {last['memory']} | {sum(one['bad'] for one in results[(scenario, name)])} |")


if __name__ == "__main__":
    main()
