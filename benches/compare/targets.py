"""The programs under test that come from this project's own world: Sekisho, nginx, HAProxy; and what every target is.

A target takes HTTPS for two hosts, with one certificate P-256: `app.localhost` lets in who has a session (its `cookie`),
`cert.localhost` who shows a client certificate. Both have the same upstream. One worker, CPU 0, TLS session tickets as they come.
"""
import itertools
import os

from connections import enforced
from gateway import Gateway, free_port
from ground import CERTIFICATE_HOST, COOKIE, HOST, ROOT, TARGETS_CPU
from measures import settled

# Each start has a folder of its own.
NUMBERS = itertools.count(1)
# Rules for transactions that concern no request of the run.
RULES = "".join(f'[[app.transaction]]\nname = "task-{number}"\npaths = ["/task-{number}/*/done"]\ntitle = {{ en = "Task" }}\n' for number in range(20))
# One address holds all connections of a run, and what is measured while idle is not to be closed meanwhile.
LIMITS = '[limits]\nconnections_per_peer = 20000\nidle = "10m"\n'


class Target:
    """One program in front of the upstream. `under` is a command that it is started by, such as callgrind's.

    After `start`, `pid` is the root of its processes, `port` where it listens, `cookie` what a signed-in client sends, `rest` the KiB it
    held before its first request.
    """

    cookie = COOKIE
    # Whether it lets in only who has a session.
    checks = True
    # Parts that it cannot take part in, with the reason.
    cannot = {}

    def __init__(self, ground, name, under=()):
        self.ground, self.name = ground, name
        self.port, self.folder, self.process = free_port(), ground.folder / f"{name}-{next(NUMBERS)}", None
        # Callgrind's pipes are in the target's folder, not in one that is everybody's.
        self.under = ["env", f"TMPDIR={self.folder}", *under, f"--callgrind-out-file={self.folder}/callgrind"] if under else []

    def start(self, patience=30):
        self.folder.mkdir(exist_ok=True)
        command = self.prepare()
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        self.process = self.ground.start(TARGETS_CPU, [*self.under, *command], **home)
        self.ground.wait(self.process, self.port, patience)
        self.settle()
        self.sign_in()
        enforced(self, patience)
        return self

    def settle(self):
        """Reads `rest`: what the program holds before its first request."""
        self.rest = settled(self.pid)

    def prepare(self):
        """Writes the configuration; the command that runs it in the foreground."""
        raise NotImplementedError

    def sign_in(self):
        """Where a session must be made first: sets `cookie`."""

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        if self.process:
            self.ground.stop(self.process)


class Nginx(Target):
    """The base of all ratios: a proxy that asks nobody."""

    check, checks = "", False

    def prepare(self):
        folder, port = self.ground.folder, self.port
        forward = f"{self.check} proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host;"
        locations = f"""
            location = /_auth {{ internal; proxy_pass http://au; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass_request_body off; proxy_set_header Content-Length ''; }}
            location = /socket {{ {self.check} proxy_pass http://up; proxy_http_version 1.1; proxy_read_timeout 600s; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }}
            location / {{ {forward} }}"""
        configuration = self.ground.nginx(self.name, f"""
          upstream up {{ server 127.0.0.1:{self.ground.upstream}; keepalive 128; keepalive_requests 100000000; }}
          upstream au {{ server 127.0.0.1:{self.ground.auth}; keepalive 128; keepalive_requests 100000000; }}
          ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key; ssl_protocols TLSv1.2 TLSv1.3;
          client_max_body_size 0; proxy_request_buffering off;
          server {{ listen 127.0.0.1:{port} ssl http2 backlog=4096; server_name {HOST}; {locations} }}
          server {{ listen 127.0.0.1:{port} ssl http2; server_name {CERTIFICATE_HOST}; ssl_client_certificate {folder}/ca.pem; ssl_verify_client on; {locations} }}""", log=f"{self.folder}/access.log")
        (self.folder / "nginx.conf").write_text(configuration)
        # Callgrind is asked about one process: there nginx is one.
        return ["nginx", "-c", str(self.folder / "nginx.conf"), *(["-g", "master_process off;"] if self.under else [])]


class NginxAuthRequest(Nginx):
    check, checks = "auth_request /_auth;", True


class HaProxy(Target):
    """Compares the cookie with one value that its configuration names: no session is looked up, nobody is asked."""

    def prepare(self):
        folder = self.ground.folder
        (self.folder / "certificates").write_text(f"{folder}/both.pem {HOST}\n{folder}/both.pem [ca-file {folder}/ca.pem verify required] {CERTIFICATE_HOST}\n")
        (self.folder / "haproxy.cfg").write_text(
            "global\n  nbthread 1\n  maxconn 12000\n  no strict-limits\n"
            "defaults\n  mode http\n  timeout client 600s\n  timeout server 600s\n  timeout tunnel 600s\n  timeout connect 5s\n  http-reuse always\n"
            f"frontend f\n  bind 127.0.0.1:{self.port} backlog 4096 ssl crt-list {self.folder}/certificates alpn h2,http/1.1\n"
            f"  http-request deny unless {{ req.cook(session) -m str {COOKIE.split('=')[1]} }} or {{ ssl_fc_sni {CERTIFICATE_HOST} }}\n"
            f"  default_backend b\nbackend b\n  server s 127.0.0.1:{self.ground.upstream}\n"
        )
        return ["haproxy", "-db", "-f", str(self.folder / "haproxy.cfg")]


class Sekisho(Target):
    """The whole chain: a password and a one-time code were asked for at sign-in, each request is judged by its session."""

    binary, demands = os.environ.get("SEKISHO", str(ROOT / "target/release/sekisho")), ""
    gateway = None

    def prepare(self):
        upstream = f"http://127.0.0.1:{self.ground.upstream}"
        self.gateway = Gateway(
            binary=self.binary, folder=self.folder, certificate=(self.ground.folder / "server.pem", self.ground.folder / "server.key"), authority=self.ground.folder / "ca.pem",
            apps={HOST: {"upstream": upstream, "demands": "primary_factor = {}\notp = {}\n" + self.demands}, CERTIFICATE_HOST: {"upstream": upstream, "demands": "certificate"}},
            extra=f"[server]\nworkers = 1\n{LIMITS}", prefix=["taskset", "-c", str(TARGETS_CPU), *self.under],
        )
        self.port = self.gateway.port
        return self.gateway

    def start(self, patience=30):
        self.folder.mkdir(exist_ok=True)
        self.prepare().start()
        self.cookie = self.gateway.sign_in("alice", HOST)
        # Sessions outlive a restart, and what the password's function took of memory is not in what is measured.
        if not self.under:
            self.gateway.stop()
            self.gateway.spawn()
        self.process = self.gateway.process
        self.ground.processes.append(self.process)
        self.settle()
        enforced(self, patience)
        return self

    def stop(self):
        # Also one whose start was broken off.
        if self.gateway and self.gateway.process:
            self.ground.stop(self.gateway.process)


class SekishoWithRules(Sekisho):
    demands = RULES


class SekishoBefore(Sekisho):
    """Another build, named in SEKISHO_BEFORE."""

    binary = os.environ.get("SEKISHO_BEFORE", "")
