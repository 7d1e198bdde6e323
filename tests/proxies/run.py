#!/usr/bin/env python3
"""Forward-auth with the real proxies: nginx, Traefik, Caddy, Envoy, HAProxy and Apache in front, the recipes of
config/forward-auth as they are shipped (only ports, names, files and the key are put in), real people signed in through each.

  run.py [PROXY…]     all by default

Through each proxy every spelling of an identity name is sent in every state of path and person, and every spelling of a
name by which apps take another method or path than the request line's; the tables at the end say what became of each. One
that a client sent and the app got fails the run.
"""
import base64
import collections
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from h2.connection import H2Connection
from h2.events import DataReceived, RemoteSettingsChanged, ResponseReceived

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from gateway import Browser, Gateway, free_port  # noqa: E402

BIN = pathlib.Path(sys.executable).parent
RECIPES = ROOT / "config" / "forward-auth"
checks = Checks()

# Recipe, further files of it, and what a client gets while the gateway does not answer (README.md says the same).
PROXIES = {
    "nginx": ("nginx.conf", {}, 502),
    "traefik": ("traefik.yml", {}, 500),
    "caddy": ("Caddyfile", {}, 502),
    "envoy": ("envoy.json", {}, 503),
    "haproxy": ("haproxy.cfg", {"haproxy.lua": "/etc/haproxy/sekisho.lua"}, 503),
    "apache": ("apache.conf", {"apache.lua": "/etc/apache2/sekisho.lua"}, 503),
}

FORGED = "forged-by-the-client"
NAMES = ["Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name", "Sekisho-Assertion"]
OTHERS = ["X-Forwarded-User", "X-Forwarded-Groups", "X-Forwarded-Email", "X-Forwarded-Preferred-Username"]
ELSEWHERES = ["X-Auth-Request-User", "X-Auth-Request-Email", "X-Remote-User", "X-WebAuth-User", "Auth-User", "X-Auth-User", "X-Authenticated-User"]
# A field of the connection is no other hop's (RFC 9110 §7.6.1): a proxy that took it from its question must take it from the app, too.
OF_THE_CONNECTION = {"of the connection": lambda name: [("Connection", name), (name, FORGED)]}
# How a name may be spelled so that some app takes it for the same.
SPELLINGS = {
    "dashes": lambda name: [(name, FORGED)],
    "capitals": lambda name: [(name.upper(), FORGED)],
    "twice": lambda name: [(name, ""), (name, FORGED)],
    "underscores": lambda name: [(name.replace("-", "_"), FORGED)],
    "one underscore": lambda name: [("_".join(name.rsplit("-", 1)), FORGED)],
    "dots": lambda name: [(name.replace("-", "."), FORGED)],
    "another sign": lambda name: [(name.replace("-", "~"), FORGED)],
    "HTTP_": lambda name: [("HTTP_" + name.upper().replace("-", "_"), FORGED)],
}


def overrides():
    """The names by which apps take another method or path than the request line's, as docs/header-fields.md has them."""
    rows = re.findall(r"^\| `([^`]+)` \| another (method|path) \|", (ROOT / "docs" / "header-fields.md").read_text(), re.M)
    whole = {"x-http-*": "x-http-method-override", "x-rewrite-*": "x-rewrite-url", "x-override-*": "x-override-url"}
    assert len(rows) > 20, rows
    return [whole.get(name, name.replace("*", "-url")) for name, _ in rows]


class App(http.server.BaseHTTPRequestHandler):
    """Says what reached it; takes uploads; echoes on a WebSocket."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    seen = collections.deque(maxlen=1)

    def do_GET(self):
        self.fields = [[name.lower(), value] for name, value in self.headers.items()]
        App.seen.append((self.path, self.fields))
        if "upgrade" in (self.headers.get("Connection") or "").lower() and self.headers.get("Upgrade", "").lower() == "websocket":
            return self.websocket()
        digest, size = hashlib.sha256(), 0
        for piece in self.pieces():
            digest.update(piece)
            size += len(piece)
        got = {"path": self.path, "method": self.command, "fields": self.fields, "size": size, "sha256": digest.hexdigest()}
        body = json.dumps(got).encode()
        status = re.search(r"/status/(\d+)$", self.path)
        self.send_response(int(status[1]) if status else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_COPY = do_MOVE = do_GET

    def pieces(self):
        if (self.headers.get("Transfer-Encoding") or "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        elif length := int(self.headers.get("Content-Length") or 0):
            yield self.rfile.read(length)

    def websocket(self):
        accept = base64.b64encode(hashlib.sha1((self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        self.send_response(101)
        for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept.decode())):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()
        head = self.rfile.read(2)
        mask, length = self.rfile.read(4), head[1] & 127
        text = bytes(byte ^ mask[place % 4] for place, byte in enumerate(self.rfile.read(length)))
        self.wfile.write(bytes([head[0], len(text)]) + text)
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_):
        pass


class Apps(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A proxy that ends a connection is not an error."""


class Client:
    """A program's connection to a proxy, from an address of its own: 127.0.0.2, where the proxies have 127.0.0.1."""

    ADDRESS = "127.0.0.2"
    PERSON = [("Accept", "text/html,application/xhtml+xml"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Site", "none")]
    PROGRAM = [("Accept", "application/json")]

    def __init__(self, proxy, gateway):
        self.port, self.host = proxy.port, proxy.host
        self.context = ssl.create_default_context(cafile=str(gateway.authority))
        self.connection = None

    def connect(self):
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.context)
        raw = socket.create_connection(("127.0.0.1", self.port), 20, source_address=(self.ADDRESS, 0))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sock = self.context.wrap_socket(raw, server_hostname=self.host)
        return connection

    def ask(self, method, path, fields=(), body=None, cookie=None, host=None):
        """Status, fields and body of the answer; fields are sent as they are written, repeated ones too."""
        for again in (False, True):
            self.connection = self.connection or self.connect()
            try:
                self.connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
                self.connection.putheader("Host", host or f"{self.host}:{self.port}")
                for name, value in [*self.PROGRAM, *([("Cookie", cookie)] if cookie else []), *fields]:
                    self.connection.putheader(name, value)
                if isinstance(body, bytes):
                    self.connection.putheader("Content-Length", str(len(body)))
                    self.connection.endheaders(body)
                elif body is not None:
                    self.connection.putheader("Transfer-Encoding", "chunked")
                    self.connection.endheaders(body, encode_chunked=True)
                else:
                    self.connection.endheaders()
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.will_close:
                    self.close()
                return answer.status, answer.getheaders(), text
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
                # A connection that was kept and has ended in the meantime.
                self.close()
                if again or body is not None:
                    raise
        raise AssertionError("not reached")

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Proxy:
    def __init__(self, name):
        self.name, self.host, self.port = name, f"{name}.localhost", free_port()
        self.recipe, self.more, self.when_down = PROXIES[name]
        self.process = None

    @property
    def url(self):
        return f"https://{self.host}:{self.port}"

    def start(self, folder, gateway, app_port):
        self.folder = folder / self.name
        self.folder.mkdir()
        file = self.folder / self.recipe
        for recipe, place in {self.recipe: None, **self.more}.items():
            text = (RECIPES / recipe).read_text()
            chain, key = gateway.certificate
            both = self.folder / "app-with-key.pem"
            both.write_text(chain.read_text() + key.read_text())
            for kind in ("nginx", "traefik", "caddy", "envoy", "haproxy", "apache2"):
                for there, here in (("app.pem", chain), ("app.key", key), ("app-with-key.pem", both), ("authority.pem", gateway.authority)):
                    text = text.replace(f"/etc/{kind}/tls/{there}", str(here))
            for other, where in self.more.items():
                text = text.replace(where, str(self.folder / other))
            text = text.replace("THE-KEY", (gateway.folder / "state" / "forward-auth.key").read_text().strip())
            text = text.replace("https://auth.example.com:9443", f"https://127.0.0.1:{gateway.port}")  # nobody resolves auth.localhost for it
            text = text.replace("127.0.0.1:9443", f"127.0.0.1:{gateway.port}").replace("127.0.0.1:8080", f"127.0.0.1:{app_port}")
            text = text.replace("auth.example.com", "auth.localhost").replace("app.example.com", self.host)
            text = getattr(self, self.name)(text, gateway, app_port)
            (self.folder / recipe).write_text(text)
        log = open(self.folder / "out.log", "w")
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        self.process = subprocess.Popen(self.command(file), stdout=log, stderr=log, env={**os.environ, **home})

    def wait(self):
        end = time.time() + 20
        while time.time() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended: {[path.read_text()[-2000:] for path in self.folder.glob('*.log')]}")
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.name}: port {self.port} never opened")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def command(self, file):
        return {
            "nginx": ["/usr/sbin/nginx", "-c", str(file)],
            "traefik": [str(BIN / "traefik"), f"--configFile={self.folder}/static.yml"],
            "caddy": [str(BIN / "caddy"), "run", "--adapter", "caddyfile", "--config", str(file)],
            "envoy": [str(BIN / "envoy"), "-c", str(file), "--concurrency", "1", "-l", "error", "--disable-hot-restart", "--base-id", "7"],
            "haproxy": ["/usr/sbin/haproxy", "-f", str(file)],
            "apache": ["/usr/sbin/apache2", "-f", str(file), "-D", "FOREGROUND"],
        }[self.name]

    # What each recipe leaves to its surroundings.

    def nginx(self, text, *_):
        version = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True).stderr
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;")
        if tuple(int(n) for n in re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", version).groups()) < (1, 25, 1):
            text = text.replace("  http2 on;\n", "").replace(" ssl;", " ssl http2;")  # `http2 on` came with 1.25.1
        temporary = "".join(f"{kind}_temp_path {self.folder}/t-{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.getuid() == 0 else ""
        return f"{user}daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log; events {{}} http {{ access_log off; {temporary}\n{text}\n}}"

    def traefik(self, text, gateway, _):
        asked = re.search(r"^#   (entryPoints: .*)$", text, re.M)[1].replace('":443"', f'"127.0.0.1:{self.port}"')
        static = f'{asked}\nproviders:\n  file:\n    filename: "{self.folder}/traefik.yml"\nglobal:\n  checkNewVersion: false\n  sendAnonymousUsage: false\n'
        (self.folder / "static.yml").write_text(static)
        chain, key = gateway.certificate
        return text + f"tls:\n  stores:\n    default:\n      defaultCertificate:\n        certFile: {chain}\n        keyFile: {key}\n"

    def caddy(self, text, *_):
        text = text.replace(f"https://{self.host} {{", f"https://{self.host}:{self.port} {{\n\tbind 127.0.0.1")
        return text.replace("\tadmin off\n", "\tadmin off\n\tauto_https off\n\tpersist_config off\n")

    def envoy(self, text, gateway, app_port):
        text = text.replace('"port_value": 9443', f'"port_value": {gateway.port}').replace('"port_value": 8080', f'"port_value": {app_port}')
        return text.replace('"address": "0.0.0.0", "port_value": 443', f'"address": "127.0.0.1", "port_value": {self.port}')

    def haproxy(self, text, *_):
        # The abstract name belongs to the whole machine.
        text = text.replace("abns@sekisho-questions", f"abns@sekisho-questions-{os.getpid()}")
        return text.replace("bind :443", f"bind 127.0.0.1:{self.port}")

    def apache(self, text, gateway, _):
        text = text.replace("port = 9443", f"port = {gateway.port}")
        if "<VirtualHost" not in text:
            return text
        text = text.replace("Listen 443 https", f"Listen 127.0.0.1:{self.port} https").replace("*:443", f"127.0.0.1:{self.port}")
        modules = ["mpm_event", "ssl", "http2", "headers", "lua", "proxy", "proxy_http", "authz_core", "socache_shmcb"]
        load = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in modules)
        user = "User www-data\nGroup www-data\n" if os.getuid() == 0 else ""
        for path in (self.folder, self.folder.parent, gateway.folder):
            path.chmod(0o755)
        for path in (self.folder / "apache.lua", gateway.authority):
            path.exists() and path.chmod(0o644)
        return f"ServerRoot {self.folder}\nPidFile {self.folder}/pid\nDefaultRuntimeDir {self.folder}\nErrorLog {self.folder}/error.log\nServerName {self.host}\n{user}{load}{text}"


OFF = "primary_factor = { mode = \"off\" }, otp = { mode = \"off\" }"
DEMANDS = f"""primary_factor = {{}}
otp = {{}}
[[app.rule]]
paths = ["/open/**", "/office"]
demands = {{ {OFF} }}
[[app.rule]]
paths = ["/office/far"]
demands = {{ {OFF}, ip_restriction = {{ allow = ["198.51.100.0/24"] }} }}
[[app.rule]]
paths = ["/office/near"]
demands = {{ {OFF}, ip_restriction = {{ allow = ["{Client.ADDRESS}/32"] }} }}
[[app.rule]]
paths = ["/office/proxy"]
demands = {{ {OFF}, ip_restriction = {{ allow = ["127.0.0.1/32"] }} }}
"""
# Another app, which everybody may use, at another proxy: none of these forwards to it.
ELSEWHERE = "elsewhere.localhost"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-proxies-"))
    app = Apps(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    proxies = [Proxy(name) for name in PROXIES if not sys.argv[1:] or name in sys.argv[1:]]
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder / "gateway",
        apps={proxy.host: {"forward_auth": True, "demands": DEMANDS, "port": proxy.port} for proxy in proxies}
        | {ELSEWHERE: {"forward_auth": True, "demands": "primary_factor = { mode = \"off\" }\n"}},
        extra='[server]\ntrusted_proxies = ["127.0.0.1/32"]\n[log]\naccess = true\nformat = "json"\n',
    )
    gateway.start()
    # alice has groups, a mail address and a name; bob has none of them.
    for act in (["set-groups", "bob"], ["change", "bob", "--email", "", "--display-name", ""]):
        subprocess.run([gateway.binary, "user", *act, "--config", str(gateway.config)], check=True, capture_output=True)
    people = {user: Browser(gateway.authority) for user in ("alice", "bob")}
    fates, others = {}, {}
    try:
        for proxy in proxies:
            proxy.start(folder, gateway, app.server_port)
        for proxy in proxies:
            proxy.wait()
            look(proxy, gateway, people, fates, others)
        look_while_it_hangs([proxy for proxy in proxies if proxy.name != "traefik"], gateway)
        gateway.stop()
        for proxy in proxies:
            look_without_gateway(proxy, gateway)
    finally:
        for proxy in proxies:
            proxy.stop()
        gateway.stop()
        if checks.failed:
            print(f"the logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    table("identity names: ours: replaced by the gateway's", fates)
    table("fields that name another method or path", others)
    return checks.finish()


def look(proxy, gateway, people, fates, others):
    client = Client(proxy, gateway)
    cookies = {"nobody": None}
    name = proxy.name

    @checks.check(f"{name}: nobody passes without signing in, and people and programs learn it in their own way")
    def _():
        App.seen.clear()
        status, fields, _text = client.ask("GET", "/wiki?page=1", Client.PERSON)
        assert status == 303 and field(fields, "location").startswith(f"https://auth.localhost:{gateway.port}/sign-in"), (status, fields)
        assert "__Host-sekisho-state=" in field(fields, "set-cookie"), fields
        for method, body in (("GET", None), ("POST", b"a=1"), ("DELETE", None)):
            status, fields, text = client.ask(method, "/wiki", body=body)
            assert status == 401 and field(fields, "content-type") == "application/problem+json", (status, fields, text)
            assert json.loads(text)["code"] == "primary_factor_missing" and field(fields, "www-authenticate").startswith("Sekisho "), (fields, text)
        status, fields, text = client.ask("GET", "/office/far", Client.PERSON)
        assert status == 403 and b"address_not_allowed" in text, (status, text)
        assert not App.seen, App.seen

    @checks.check(f"{name}: a sign-in ends at the very page, and the app learns who it is")
    def _():
        for user, browser in people.items():
            _, page = gateway.browse(user, proxy.host, "/wiki?page=1&q=%E9%96%A2", browser)
            assert page.status == 200, page
            got = json.loads(page.text)
            assert got["path"] == "/wiki?page=1&q=%E9%96%A2", got
            fields = got["fields"]
            assert all_of(fields, "remote-user") == [user] and all_of(fields, "sekisho-assertion")[0].count(".") == 2, fields
            assert [bool(value) for name in ("remote-groups", "remote-email") for value in all_of(fields, name)] in ([user == "alice"] * 2, []), fields
            cookies[user] = f"__Host-sekisho={browser.cookie(proxy.host, '__Host-sekisho')}"

    @checks.check(f"{name}: no identity name of a client arrives, in any state and spelling")
    def _():
        arrived = []
        for path in ("/open/page", "/closed"):
            for person, cookie in cookies.items():
                for spelling, spell in SPELLINGS.items():
                    for wanted in NAMES + OTHERS + ELSEWHERES:
                        App.seen.clear()
                        status, fields, text = client.ask("GET", path, spell(wanted), cookie=cookie)
                        if FORGED in str(App.seen) or FORGED in text.decode("utf-8", "replace"):
                            arrived.append((path, person, spell(wanted)))
                        fate = fate_of(status, wanted, person)
                        fates.setdefault((name, f"{path.split('/')[1]}, {person}"), {}).setdefault(spelling, set()).add("CLIENT" if arrived and arrived[-1] == (path, person, spell(wanted)) else fate)
        assert not arrived, arrived

    @checks.check(f"{name}: no field that names another method or path arrives where the app has rules")
    def _():
        arrived = []
        for path, person in (("/open/page", "nobody"), ("/closed", "alice")):
            for spelling, spell in (SPELLINGS | OF_THE_CONNECTION).items():
                for wanted in overrides():
                    App.seen.clear()
                    status, _, text = client.ask("GET", path, spell(wanted), cookie=cookies[person])
                    fate = "-" if status == 200 else str(status)
                    if FORGED in str(App.seen) or FORGED in text.decode("utf-8", "replace"):
                        arrived.append((path, spell(wanted)))
                        fate = "CLIENT"
                    others.setdefault((name, f"{path.split('/')[1]}, {person}"), {}).setdefault(spelling, set()).add(fate)
        assert not arrived, arrived

    @checks.check(f"{name}: where a copy or a move goes is judged as the path is, or the request is refused")
    def _():
        for method in ("COPY", "MOVE", "PUT"):
            for sent in (["/closed/b"], [f"{proxy.url}/closed/b"], ["/open/../closed/b"], ["/open/b", "/closed/b"], ["/closed/b", "/open/b"], ["https://evil.example/open/b"]):
                App.seen.clear()
                status, _, text = client.ask(method, "/open/a", [("Destination", one) for one in sent])
                assert status in (400, 401, 403) and not App.seen, (method, sent, status, text)
            for named in ("Destination", "close, Destination, Depth, Overwrite"):
                App.seen.clear()
                status, _, text = client.ask(method, "/open/a", [("Connection", named), ("Destination", "/closed/b")])
                assert status in (400, 401, 403) or not all_of(App.seen[0][1], "destination"), (method, named, status, text)
            App.seen.clear()
            status, _, text = client.ask(method, "/open/a", [("Destination", "/open/b")])
            assert status == 200 and all_of(App.seen[0][1], "destination") == ["/open/b"], (method, status, text)
            status, _, text = client.ask(method, "/open/a", [("Destination", "/closed/b")], cookie=cookies["alice"])
            assert status == 200 and all_of(App.seen[0][1], "destination") == ["/closed/b"], (method, status, text)

    @checks.check(f"{name}: an honest client is served, whatever it is called elsewhere")
    def _():
        # Nobody is refused for what the recipe takes away.
        for spelling in ("dashes", "capitals", "twice", "underscores"):
            for wanted in NAMES + OTHERS:
                status, _, text = client.ask("GET", "/open/page", SPELLINGS[spelling](wanted))
                assert status == 200, (spelling, wanted, status, text)
        for own in (("X-Api-Key", "k"), ("Remote-Address", "a"), ("X-Forwarded-Client", "c")):
            client.ask("GET", "/open/page", [own])
            assert own[1] in all_of(App.seen[0][1], own[0].lower()), own

    @checks.check(f"{name}: the app gets its own cookies byte for byte, and never the gateway's")
    def _():
        long = "long=" + "x" * 6000
        for own in ("theme=dark; lang=\"ja\"; _ga=GA1.2.3==", "a=1;b=2;  c", long, ""):
            for person, cookie in cookies.items():
                for path in ("/open/page", "/closed"):
                    for order in ([cookie, own], [own, cookie]):
                        sent = "; ".join(part for part in order if part)
                        App.seen.clear()
                        status, _, text = client.ask("GET", path, cookie=sent or None)
                        if person == "nobody" and path == "/closed":
                            assert status == 401 and not App.seen, (status, App.seen)
                            continue
                        assert status == 200, (status, text)
                        got = all_of(App.seen[0][1], "cookie")
                        assert "sekisho" not in str(got), (sent[:200], got)
                        # Traefik asks by HTTP/2, which has each cookie in a field of its own (RFC 9113 §8.2.3).
                        wanted = re.sub("; *", "; ", own) if name == "traefik" else own
                        assert "".join(got) == wanted, (sent[:200], got)

    @checks.check(f"{name}: a WebSocket opens and answers, and one of another site or of nobody does not")
    def _():
        own = ("Origin", proxy.url)
        for cookie, path, origin, wanted in (
            (cookies["alice"], "/closed", own, 101), (cookies["bob"], "/open/ws", own, 101), (None, "/open/ws", own, 101),
            (None, "/closed", own, 401), (cookies["alice"], "/closed", ("Origin", "https://evil.example"), 403),
        ):
            App.seen.clear()
            status, echoed = websocket(client, path, cookie, origin)
            assert (status, echoed) == (wanted, b"hello" if wanted == 101 else b""), (path, origin, status, echoed)
            assert bool(App.seen) == (wanted == 101), App.seen

    @checks.check(f"{name}: a WebSocket over HTTP/2 does the same, where the proxy offers one")
    def _():
        own = ("origin", proxy.url)
        for cookie, path, origin, wanted in (
            (cookies["alice"], "/closed", own, 200), (None, "/open/ws", own, 200),
            (None, "/closed", own, 401), (cookies["alice"], "/closed", ("origin", "https://evil.example"), 403),
        ):
            App.seen.clear()
            answer = websocket_by_h2(client, path, cookie, origin)
            if answer is None:
                assert name != "haproxy", "it offers them no more"
                return
            assert answer == (wanted, b"hello" if wanted == 200 else b""), (path, origin, answer)
            assert bool(App.seen) == (wanted == 200), App.seen

    @checks.check(f"{name}: an upload of 2.1 MB arrives, with its length and in chunks")
    def _():
        body = secrets.token_bytes(2_100_000)
        for sent in (body, [body[start:start + 65536] for start in range(0, len(body), 65536)]):
            status, _, text = client.ask("POST", "/closed", body=sent, cookie=cookies["alice"])
            got = json.loads(text) if status == 200 else text
            assert status == 200 and (got["size"], got["sha256"]) == (len(body), hashlib.sha256(body).hexdigest()), (status, got)
            assert got["method"] == "POST" and all_of(got["fields"], "remote-user") == ["alice"], got

    @checks.check(f"{name}: what a client says of its address changes nothing")
    def _():
        far, near = "198.51.100.7", Client.ADDRESS
        for own in (
            [], [("Forwarded", f"for={far}")], [("Forwarded", "for=\"")], [("X-Forwarded-For", far)], [("X-Forwarded-For", far)] * 3,
            [("X-Forwarded-For", f"{far}, 127.0.0.1")], [("Forwarded", f"for={far}")] * 2 + [("X-Forwarded-For", far)],
            [("X_Forwarded_For", far)], [("X.Forwarded.For", far)], [("X-Real-IP", far)], [("True-Client-IP", far)], [("X-Client-IP", far)],
        ):
            App.seen.clear()
            status, _, text = client.ask("GET", "/office/far", own)
            assert status in (400, 403) and not App.seen, (own, status, text)
            status, _, text = client.ask("GET", "/office/near", own)
            refused = any(re.search("[_.]", name) for name, _ in own) and status == 400
            assert status == 200 or refused, (own, status, text)
        # A client takes away what the proxy says of it, as a field of the connection (RFC 9110 §7.6.1): nothing is gained.
        for named in ("X-Forwarded-For", "close, X-Forwarded-For, X-Forwarded-Proto", "X-Forwarded-Host, X-Forwarded-Uri, X-Original-URI", "Sekisho-Proxy-Key, Cookie"):
            for path in ("/office/far", "/office/proxy"):
                App.seen.clear()
                status, _, text = client.ask("GET", path, [("Connection", named)])
                assert status in (400, 403) and not App.seen, (named, path, status, text)
        # The app learns the same, once, and how it was asked.
        client.ask("GET", "/open/page", [("X-Forwarded-For", far), ("Forwarded", f"for={far}"), ("X-Forwarded-Proto", "ftp"), ("X-Forwarded-Host", "evil.example")])
        fields = App.seen[0][1]
        got = {name: all_of(fields, name) for name in ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "host")}
        here = f"{proxy.host}:{proxy.port}"
        assert got == {"x-forwarded-for": [near], "x-forwarded-proto": ["https"], "x-forwarded-host": [here], "forwarded": [], "host": [here]}, got
        lines = [json.loads(line) for line in (gateway.folder / "gateway.log").read_text().splitlines() if line.startswith("{")]
        seen = {line["remote_ip"] for line in lines if line.get("path", "").startswith("/.sekisho/forward-auth") and proxy.host in line.get("host", "")}
        assert near in seen and far not in seen, seen

    @checks.check(f"{name}: the gateway's question is nobody's to ask from outside")
    def _():
        words = [("X-Forwarded-Uri", "/closed"), ("X-Forwarded-Method", "GET"), ("X-Forwarded-Host", f"{proxy.host}:{proxy.port}")]
        nginx = [("X-Original-URI", "/closed"), ("X-Original-Method", "GET")]
        shut = re.compile(r"^/\.sekisho/forward-auth(/[a-z]*)?(\?.*)?$")
        for path in (
            "/.sekisho/forward-auth", "/.sekisho/forward-auth/", "/.sekisho/forward-auth/closed", "/.sekisho/forward-auth?x=1", "/.sekisho/forward-auth/closed?x=1",
            "/.SEKISHO/forward-auth/closed", "/.sekisho/Forward-Auth", "/%2esekisho/forward-auth/closed", "/.sekisho/forward%2dauth/closed",
            "/.sekisho//forward-auth", "//.sekisho/forward-auth", "/./.sekisho/forward-auth/closed", "/.sekisho/./forward-auth/closed", "/x/../.sekisho/forward-auth",
            "/.sekisho/forward-auth/../callback", "/.sekisho/forward-auth/%2e%2e/whoami", "/.sekisho/whoami/../forward-auth/closed", "/.sekisho/forward-auth;x/closed",
            "/.sekisho/forward-auth%2fclosed", "/.sekisho%2fforward-auth/closed",
        ):
            for own in ([], words, nginx, [("Sekisho-Proxy-Key", "guess"), ("Sekisho-Ask", "x")]):
                for method in ("GET", "POST"):
                    App.seen.clear()
                    status, fields, text = client.ask(method, path, own, body=b"" if method == "POST" else None, cookie=cookies["alice"])
                    given = [name for name, _ in fields if name.lower() in ("remote-user", "remote-groups", "sekisho-assertion")]
                    assert not given, (path, own, status, fields)
                    if shut.match(path):
                        assert status in (403, 404) and not App.seen, (path, status, text)
                    elif App.seen:
                        # Another path than ours: judged as such, and the app's.
                        assert all_of(App.seen[0][1], "remote-user") == ["alice"], App.seen

    @checks.check(f"{name}: the gateway's own paths of this host are reached, and its key stays with the proxy")
    def _():
        status, _, text = client.ask("GET", "/.sekisho/whoami", cookie=cookies["alice"])
        assert status == 200 and json.loads(text)["user"] == "alice", (status, text)
        status, fields, _ = client.ask("GET", "/.sekisho/sign-out")
        assert status == 303 and "/sign-out" in field(fields, "location"), (status, fields)
        client.ask("GET", "/closed", cookie=cookies["alice"])
        key = (gateway.folder / "state" / "forward-auth.key").read_text().strip()
        assert key not in str(App.seen) and not any(name.startswith("sekisho-") and name != "sekisho-assertion" for name, _ in App.seen[0][1]), App.seen

    @checks.check(f"{name}: a client that names another app is not judged by that one's rules")
    def _():
        here = f"{proxy.host}:{proxy.port}"
        for host in (ELSEWHERE, f"{ELSEWHERE}:{proxy.port}", f"{here}.", here.upper()):
            for path in ("/closed", f"https://{here}/closed", f"https://{ELSEWHERE}/closed", f"https://{ELSEWHERE}:{proxy.port}/closed"):
                App.seen.clear()
                status, _, text = client.ask("GET", path, [("X-Forwarded-Host", ELSEWHERE)], host=host)
                assert not App.seen, (host, path, status, text)
        for path in (f"https://{ELSEWHERE}/closed", f"https://{ELSEWHERE}:{proxy.port}/closed"):
            App.seen.clear()
            status, _, text = client.ask("GET", path)
            assert not App.seen, (path, status, text)

    @checks.check(f"{name}: no client takes away the gateway's words, nor opens another protocol")
    def _():
        for named in ("close, Remote-User, Remote-Groups, Sekisho-Assertion", "Remote-User", "X-Forwarded-For, Cookie, Host"):
            App.seen.clear()
            status, _, text = client.ask("GET", "/closed", [("Connection", named)], cookie=f"theme=dark; {cookies['alice']}")
            if status == 200:
                fields = App.seen[0][1]
                assert all_of(fields, "remote-user") == ["alice"] and all_of(fields, "sekisho-assertion")[0].count(".") == 2, (named, fields)
                assert "__Host-sekisho" not in str(fields) and FORGED not in str(fields), fields
            else:
                assert not App.seen and status in (400, 401, 403), (named, status, text)
        for protocol in ("h2c", "strange", "h2c, websocket"):
            App.seen.clear()
            status, _, text = client.ask("GET", "/open/page", [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", protocol), ("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA")])
            got = all_of(App.seen[0][1], "upgrade") if App.seen else []
            assert not any("h2c" in value for value in got), (protocol, got)

    @checks.check(f"{name}: what the app answers comes as it is")
    def _():
        for wanted in (302, 400, 401, 403, 404, 429, 500, 503):
            status, fields, text = client.ask("GET", f"/open/status/{wanted}")
            assert status == wanted and json.loads(text)["path"] == f"/open/status/{wanted}", (wanted, status, text)

    @checks.check(f"{name}: HTTP/2 passes the same way")
    def _():
        for cookie, wanted in ((cookies["alice"], 200), (None, 401)):
            command = ["curl", "-sS", "--http2", "--cacert", str(gateway.authority), "--resolve", f"{proxy.host}:{proxy.port}:127.0.0.1", "-o", os.devnull,
                       "-w", "%{http_version} %{http_code}", "-H", "Accept: application/json", "-H", "Remote-User: " + FORGED, f"{proxy.url}/closed"]
            App.seen.clear()
            # No body with what is refused: Envoy 1.40.0 resets the stream before it has read one, and curl 7.88 then has no status.
            said = subprocess.run(command + (["-d", "a=1", "-H", f"Cookie: theme=dark; {cookie}"] if cookie else []), capture_output=True, text=True)
            assert said.stdout == f"2 {wanted}", said
            if cookie:
                fields = App.seen[0][1]
                assert (all_of(fields, "remote-user"), all_of(fields, "cookie")) == (["alice"], ["theme=dark"]), fields

    @checks.check(f"{name}: signing out of the app bites at once")
    def _():
        status, _, text = client.ask("POST", "/.sekisho/sign-out", [("Origin", proxy.url)], body=b"", cookie=cookies["bob"])
        assert status == 303, (status, text)
        assert client.ask("GET", "/closed", cookie=cookies["bob"])[0] == 401

    client.close()


def look_while_it_hangs(proxies, gateway):
    """A gateway that takes connections and says nothing. Traefik waits 30 s by itself, which no config shortens."""

    @checks.check("a gateway that does not answer lets nobody pass, and keeps nobody waiting for long")
    def _():
        App.seen.clear()
        answers = {}

        def ask(proxy):
            began = time.monotonic()
            try:
                status = Client(proxy, gateway).ask("GET", "/open/page")[0]
            except TimeoutError:
                status = 0
            answers[proxy.name] = (status, time.monotonic() - began)

        gateway.process.send_signal(signal.SIGSTOP)
        try:
            threads = [threading.Thread(target=ask, args=(proxy,)) for proxy in proxies]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(25)
        finally:
            gateway.process.send_signal(signal.SIGCONT)
        assert len(answers) == len(proxies) and not App.seen, (answers, App.seen)
        assert all(status >= 500 and took < 15 for status, took in answers.values()), answers


def look_without_gateway(proxy, gateway):
    @checks.check(f"{proxy.name}: without the gateway nobody passes, and everybody gets {proxy.when_down}")
    def _():
        client = Client(proxy, gateway)
        for path in ("/open/page", "/closed"):
            for method, body in (("GET", None), ("POST", b"a=1")):
                App.seen.clear()
                status, _, text = client.ask(method, path, body=body)
                assert status == proxy.when_down and not App.seen, (path, method, status, text, App.seen)
        client.close()


def websocket(client, path, cookie, origin):
    """Opens a WebSocket and says hello; the status, and what came back."""
    connection = client.connect()
    lines = [f"GET {path} HTTP/1.1", f"Host: {client.host}:{client.port}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
             f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-Fetch-Mode: websocket", ": ".join(origin)]
    lines += [f"Cookie: {cookie}"] if cookie else []
    tls = connection.sock
    tls.settimeout(10)
    tls.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    answer = tls.makefile("rb")
    status = int(answer.readline().split()[1])
    while answer.readline().strip():
        pass
    echoed = b""
    if status == 101:
        mask = os.urandom(4)
        tls.sendall(bytes([0x81, 0x80 | 5]) + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(b"hello")))
        echoed = answer.read(7)[2:]
    tls.close()
    return status, echoed


def websocket_by_h2(client, path, cookie, origin):
    """The same over HTTP/2 (RFC 8441); nothing where the proxy does not offer it."""
    context = ssl.create_default_context(cafile=None)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    tls = context.wrap_socket(socket.create_connection(("127.0.0.1", client.port), 10), server_hostname=client.host)
    h2 = H2Connection()
    h2.initiate_connection()
    tls.sendall(h2.data_to_send())
    tls.settimeout(10)

    def events():
        while True:
            for event in h2.receive_data(tls.recv(65536)):
                tls.sendall(h2.data_to_send())
                yield event

    coming = events()
    next(event for event in coming if isinstance(event, RemoteSettingsChanged))
    if not h2.remote_settings.enable_connect_protocol:
        tls.close()
        return None
    fields = [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", path), (":authority", f"{client.host}:{client.port}"),
              ("sec-websocket-version", "13"), ("sec-fetch-mode", "websocket"), origin]
    h2.send_headers(1, fields + ([("cookie", cookie)] if cookie else []))
    tls.sendall(h2.data_to_send())
    status = int(dict(next(event for event in coming if isinstance(event, ResponseReceived)).headers)[b":status"])
    echoed = b""
    if status == 200:
        h2.send_data(1, bytes([0x81, 0x80 | 5, 0, 0, 0, 0]) + b"hello")
        tls.sendall(h2.data_to_send())
        echoed = next(event for event in coming if isinstance(event, DataReceived)).data[2:]
    tls.close()
    return status, echoed


def fate_of(status, wanted, person):
    if status != 200:
        return str(status)
    got = [value for value in all_of(App.seen[0][1], wanted.lower()) if value]
    return "ours" if got and person != "nobody" else "-" if not got else f"?{got}"


def field(fields, name):
    return next((value for found, value in fields if found.lower() == name), "")


def all_of(fields, name):
    return [value for found, value in fields if found.lower() == name]


def table(what, fates):
    """For each proxy and state: what became of what a client sent, by spelling."""
    print(f"\nwhat became of a client's {what} · -: removed · a status: refused · CLIENT: arrived")
    spellings = [spelling for spelling in SPELLINGS | OF_THE_CONNECTION if any(spelling in row for row in fates.values())]
    width = max(len(spelling) for spelling in spellings) + 2
    print(f"{'proxy':9}{'state':18}" + "".join(f"{spelling:{width}}" for spelling in spellings))
    for (proxy, state), row in fates.items():
        print(f"{proxy:9}{state:18}" + "".join(f"{' '.join(sorted(row.get(spelling, {'?'}))):{width}}" for spelling in spellings))
    print()


if __name__ == "__main__":
    sys.exit(main())
