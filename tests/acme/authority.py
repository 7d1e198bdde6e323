"""A real authority for the tests, pebble with its own DNS, and a relay in front of it that changes single answers: pebble itself
neither limits anybody nor fails, and knows no renewal advice and no profiles.
"""
import base64
import http.client
import http.server
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from gateway import free_port  # noqa: E402

DAYS = 24 * 3600
KEY_ID, MAC_KEY = "kid-1", base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")


def run(command, folder):
    subprocess.run(command, shell=True, check=True, cwd=folder, capture_output=True)


class Authority:
    """pebble, its DNS, and the relay, whose address is that of the directory."""

    def __init__(self, folder, http_port, tls_port, binding=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj '/CN=tests' -days 3650", self.folder)
        run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout srv.key -out srv.csr -subj /CN=localhost", self.folder)
        (self.folder / "ext").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        run("openssl x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out srv.pem -days 3650 -extfile ext", self.folder)
        self.port, self.management, self.dns, self.dns_management = (free_port() for _ in range(4))
        settings = {
            "listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.management}",
            "certificate": str(self.folder / "srv.pem"), "privateKey": str(self.folder / "srv.key"),
            "httpPort": http_port, "tlsPort": tls_port, "ocspResponderURL": "",
            "externalAccountBindingRequired": binding, "externalAccountMACKeys": {KEY_ID: MAC_KEY} if binding else {},
            "certificateValidityPeriod": 90 * DAYS,
        }
        (self.folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
        self.relay = Relay(self)
        self.directory = f"https://127.0.0.1:{self.relay.port}/dir"
        self.processes = []

    def section(self, name, more=""):
        return f'[acme.{name}]\ndirectory = "{self.directory}"\nagree_to_terms = true\nauthority = "{self.folder}/ca.pem"\n{more}\n'

    def start(self, reuse=0, nonces=5):
        log = open(self.folder / "pebble.log", "a")
        environment = dict(os.environ, PEBBLE_VA_NOSLEEP="1", PEBBLE_AUTHZREUSE=str(reuse), PEBBLE_WFE_NONCEREJECT=str(nonces))
        names = ["pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", f"127.0.0.1:{self.dns}",
                 "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", f"127.0.0.1:{self.dns_management}"]
        pebble = ["pebble", "-config", str(self.folder / "pebble.json"), "-dnsserver", f"127.0.0.1:{self.dns}", "-strict=false"]
        for command in (names, pebble):
            self.processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        for port in (self.port, self.dns_management):
            wait(lambda: reachable(port), f"pebble at {port}: {self.folder}/pebble.log")
        return self

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes = []

    def resolve(self, name, address):
        """Lets a name lead elsewhere, as the validator sees it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.dns_management, timeout=5)
        connection.request("POST", "/add-a", json.dumps({"host": name, "addresses": [address]}))
        assert connection.getresponse().status == 200


def reachable(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait(condition, what, seconds=40):
    """Waits until it holds, and gives back what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not come about: {what() if callable(what) else what}")


class Relay:
    """Hands everything on to pebble, and counts; `answers` may say something else first."""

    def __init__(self, authority):
        self.authority = authority
        self.seen = []
        self.answers = []
        self.is_down = False
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kind = relay.kind(self.path)
                relay.seen.append(kind)
                if relay.is_down:
                    return relay.give(self, 503, {"Content-Type": "text/html"}, b"<h1>maintenance</h1>")
                for answer in relay.answers:
                    if given := answer(kind, self.path, None):
                        return relay.give(self, *given)
                try:
                    status, headers, text = relay.ask(self, body)
                except OSError:
                    self.close_connection = True
                    return None
                for answer in relay.answers:
                    if given := answer(kind, self.path, (status, headers, text)):
                        status, headers, text = given
                return relay.give(self, status, headers, text)

            do_GET = do_HEAD = do_POST = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.folder / "srv.pem", authority.folder / "srv.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def kind(path):
        """What a request asks for: pebble's own words."""
        return path.strip("/").split("/")[0]

    def count(self, kind):
        return self.seen.count(kind)

    def ask(self, handler, body):
        context = ssl.create_default_context(cafile=self.authority.folder / "ca.pem")
        connection = http.client.HTTPSConnection("127.0.0.1", self.authority.port, timeout=20, context=context)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in ("connection", "content-length")}
        connection.request(handler.command, handler.path, body=body or None, headers=headers)
        answer = connection.getresponse()
        found = (answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return found

    @staticmethod
    def give(handler, status, headers, body):
        handler.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)
        handler.close_connection = True


def problem(status, kind, detail, **headers):
    """A problem document of an authority."""
    body = json.dumps({"type": f"urn:ietf:params:acme:error:{kind}", "detail": detail, "status": status}).encode()
    return status, {"Content-Type": "application/problem+json", **{name.replace("_", "-"): value for name, value in headers.items()}}, body
