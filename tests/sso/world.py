"""What the tests of desktop single sign-on stand on: a gateway with apps of every mode, and what a client does there."""
import base64
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from gateway import Browser, Gateway  # noqa: E402
from realm import PORTAL, run  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
HEAD = """[password]
memory_mib = 19
passes = 2
[regulation]
per_user_and_network = 1000
per_network = 1000
longest_delay = "1ms"
"""
DEMANDS = {
    "gate": "desktop_sso = {}\nprimary_factor = {}\n",
    "quiet": "desktop_sso = { desktop_sso_is_primary = true }\nprimary_factor = {}\n",
    "offer": 'desktop_sso = { mode = "offer", desktop_sso_is_primary = true }\nprimary_factor = {}\n',
    "watch": 'desktop_sso = { mode = "observe" }\nprimary_factor = {}\n',
    "plain": "primary_factor = {}\n",
}


class App(http.server.BaseHTTPRequestHandler):
    """Says whom the gateway brought."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = (self.headers.get("Remote-User") or "nobody").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def section(keytab, realms, networks=("127.0.0.0/8",), more=""):
    listed = ", ".join(f'"{network}"' for network in networks)
    tables = "".join(f'[[kerberos.realm]]\nname = "{realm}"\n' for realm in realms)
    return f'[kerberos]\nkeytab = "{keytab}"\nnetworks = [{listed}]\n{more}\n{tables}'


class World:
    def __init__(self, folder, keytab, realms):
        self.app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
        threading.Thread(target=self.app.serve_forever, daemon=True).start()
        upstream = f"http://127.0.0.1:{self.app.server_port}"
        self.keytab, self.realms = keytab, list(realms)
        self.gateway = Gateway(
            binary=os.environ["SEKISHO"], folder=folder,
            apps={f"{name}.localhost": {"upstream": upstream, "demands": demands} for name, demands in DEMANDS.items()},
            extra=HEAD + section(keytab, realms),
        )
        self.portal = f"https://{PORTAL}:{self.gateway.port}"

    def end(self):
        self.gateway.stop()
        self.app.shutdown()

    def configured(self, realms=None, prefix=(), **keywords):
        """The gateway restarted under another `[kerberos]`."""
        self.gateway.stop()
        self.gateway.extra, self.gateway.prefix = HEAD + section(self.keytab, realms or self.realms, **keywords), list(prefix)
        self.gateway.write_config()
        self.gateway.start()

    def command(self, *arguments):
        done = subprocess.run([self.gateway.binary, *arguments, "--config", str(self.gateway.config)], capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return done.stdout

    @staticmethod
    def token(environment, *options, host=PORTAL):
        return run("/usr/bin/python3", HERE / "negotiate.py", host, *options, environment=environment).strip()

    def show(self, given, path, browser=None, more=None):
        """What the portal answers to a request with this token."""
        headers = {"Authorization": f"Negotiate {given}"} if given else {}
        return (browser or Browser(self.gateway.authority)).get(self.portal + path, headers={**headers, **(more or {})}, follow=False)

    def towards(self, host, browser=None):
        """A browser that was sent from an app to the sign-in, and the address it was sent to."""
        browser = browser or Browser(self.gateway.authority)
        sent = browser.get(self.gateway.url(f"{host}.localhost"), follow=False)
        assert sent.status == 303, sent
        return browser, sent.header("location")

    def path(self, host="quiet"):
        """The sign-in towards an app, by a stranger's browser."""
        address = urllib.parse.urlsplit(self.towards(host)[1])
        return f"{address.path}?{address.query}"

    def enter(self, host, environment, *options):
        """A browser with a ticket that opens an app: it, the page it ends at, and what the sign-in answered to the ticket."""
        browser, address = self.towards(host)
        first = browser.get(address, follow=False)
        assert (first.status, first.header("www-authenticate")) == (401, "Negotiate"), first
        taken = browser.get(address, headers={"Authorization": f"Negotiate {self.token(environment, *options)}"}, follow=False)
        location = taken.header("location")
        page = browser.get(urllib.parse.urljoin(address, location)) if location else taken
        return browser, page, taken

    def audit(self, what="sign_in"):
        rows = [json.loads(line) for line in self.command("audit", "export").splitlines()]
        return [row for row in rows if row["what"] == what]

    def refusals(self):
        return [row.get("refusal") for row in self.audit() if row.get("refusal")]

    def operations(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.operations, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def metric(self, outcome):
        lines = self.operations("/metrics")[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f'sekisho_tickets_total{{outcome="{outcome}"'))

    def refused(self, given, word, repeated=False, path=None):
        """The ticket does not count, for this reason, and no token and no second prompt comes with the answer."""
        before = self.metric(word)
        answer = self.show(given, path or self.path())
        assert self.metric(word) == before + 1, (word, answer, self.operations("/metrics")[1])
        assert answer.status == 401, answer
        assert answer.header("www-authenticate") == ("Negotiate" if repeated else None), answer.headers
        return answer

    def log(self):
        return (self.gateway.folder / "gateway.log").read_text()
