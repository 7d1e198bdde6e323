#!/usr/bin/env python3
"""Secrets stay secret (T47): a gateway that logs at TRACE is used with secrets that are known, over HTTP/1.1 and HTTP/2,
rightly and wrongly; then each is looked for in the log, the metrics, the audit log, error pages and the database's files.
"""
import base64
import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from checks import Checks  # noqa: E402
from gateway import Browser, Forms, Gateway, totp  # noqa: E402

checks = Checks()
HOST = "app.localhost"


class App(http.server.BaseHTTPRequestHandler):
    """An upstream that remembers what it received, and sets a cookie of its own."""

    protocol_version = "HTTP/1.1"
    seen = []

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        App.seen.append((dict(self.headers.items()), self.rfile.read(length)))
        body = b"the app"
        self.send_response(200)
        self.send_header("Set-Cookie", "app=canary-cookie-of-the-app")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def main():
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-canary-"))
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder / "gateway",
        apps={HOST: {"upstream": f"http://127.0.0.1:{app.server_port}", "demands": "password+totp"}},
        extra='[log]\nlevel = "trace"\nformat = "json"\naccess = true\n',
    )
    gateway.start()
    secrets, pages = {}, []
    try:
        use(gateway, secrets, pages)
        metrics = fetched(gateway.operations, "/metrics")
        audit = command(gateway, "audit", "export")
    finally:
        gateway.stop()
    log = (gateway.folder / "gateway.log").read_text(errors="replace")
    database = b"".join(file.read_bytes() for file in (gateway.folder / "state").glob("sekisho.db*"))
    assert "TRACE" in log and len(log) > 100_000, "the log is not at TRACE"
    assert "alice" in audit and "sekisho_" in metrics
    places = {"log": log, "metrics": metrics, "audit log": audit, "error pages": "\n".join(pages)}
    for name, secret in secrets.items():

        @checks.check(f"{name}: in no log, metric, audit line or error page")
        def _():
            assert len(secret) >= 6, secret
            found = [place for place, text in places.items() if holds(text, secret)]
            assert not found, (found, [line[:300] for line in log.splitlines() if holds(line, secret)][:3])

        # What the app and the client keep is theirs; what the gateway keeps is sealed or hashed.
        @checks.check(f"{name}: not in the database's files")
        def _():
            assert not any(form.encode() in database for form in forms_of(secret))

    return checks.finish()


def holds(text, secret):
    """Whether a text holds a secret. Six digits are looked for as a number of their own: fractions of seconds have six, too."""
    if secret.isdigit():
        return re.search(rf"(?<![0-9.:]){secret}(?![0-9])", text) is not None
    return any(form in text for form in forms_of(secret))


def forms_of(secret):
    """As it is, percent-encoded, and as bytes are shown in a log."""
    return {secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret), ", ".join(str(byte) for byte in secret.encode())}


def use(gateway, secrets, pages):
    alice = gateway.known["alice"]
    portal = gateway.url("auth.localhost", "").rstrip("/")
    secrets["the password"] = alice["password"]
    secrets["the authenticator's key"] = re.sub(r"\s", "", alice["key"])
    secrets["the authenticator's key, raw in base64"] = base64.b64encode(base64.b32decode(secrets["the authenticator's key"] + "=" * (-len(secrets["the authenticator's key"]) % 8))).decode()

    # Wrongly first: a wrong password, a wrong code, a body that waits for a sign-in, a query, a foreign Authorization.
    browser = Browser(gateway.authority)
    secrets["a password typed wrongly"] = "canary-wrong-password"
    secrets["a query"] = "canary-in-a-query"
    secrets["a posted body"] = "canary-in-a-body"
    page = browser.request("POST", gateway.url(HOST, f"/transfer?token={secrets['a query']}"), urllib.parse.urlencode({"secret": secrets["a posted body"]}))
    form = Forms(page.text).with_field("username", "current-password")
    page = browser.submit(page, form, username="alice", current_password=secrets["a password typed wrongly"])
    pages.append(page.text)
    page = browser.submit(page, Forms(page.text).with_field("username", "current-password"), username="alice", current_password=alice["password"])
    wrong = "739164" if totp(alice["key"]) != "739164" else "739165"
    secrets["a code typed wrongly"] = wrong
    page = browser.submit(page, Forms(page.text).with_field("one-time-code"), one_time_code=wrong)
    pages.append(page.text)
    code = gateway.code("alice")
    secrets["a code"] = code
    page = browser.submit(page, Forms(page.text).with_field("one-time-code"), one_time_code=code)
    assert App.seen and secrets["a posted body"].encode() in App.seen[-1][1], page
    headers = App.seen[-1][0]
    secrets["the assertion"] = next(value for name, value in headers.items() if name.lower() == "sekisho-assertion")
    secrets["the app's cookie"] = "canary-cookie-of-the-app"
    for host, jar in browser.cookies.items():
        for name, value in jar.items():
            if name.startswith("__Host-sekisho") and "language" not in name:
                secrets[f"the cookie {name} of {host}"] = value
    secrets["the client's Authorization"] = "canary-authorization"
    bearer = {"Authorization": "Bearer canary-authorization", "Accept": "application/json"}
    browser.get(gateway.url(HOST, "/"), headers=bearer)
    pages.append(browser.get(f"{portal}/api/v1/users", headers=bearer, follow=False).text)

    # What is shown once: an invitation, an API token, recovery codes.
    invited = json.loads(command(gateway, "user", "add", "dora", "--invite", "--json"))
    link = re.search(r"https://\S+?/invitation/([A-Za-z0-9_-]+)", json.dumps(invited)).group(1)
    secrets["an invitation"] = link
    pages.append(browser.get(f"{portal}/invitation/{link[:-1]}{'A' if link[-1] != 'A' else 'B'}", follow=False).text)
    Browser(gateway.authority).get(f"{portal}/invitation/{link}")
    issued = json.loads(command(gateway, "token", "issue", "--scope", "read", "canary", "--json"))
    token = next(value for value in issued.values() if isinstance(value, str) and value.startswith("sekisho_"))
    secrets["an API token"] = token
    listed = Browser(gateway.authority).get(f"{portal}/api/v1/users", headers={"Authorization": f"Bearer {token}", "Accept": "application/json"}, follow=False)
    assert listed.status == 200, listed
    refused = Browser(gateway.authority).get(f"{portal}/api/v1/users", headers={"Authorization": f"Bearer {token}x", "Accept": "application/json"}, follow=False)
    assert refused.status == 401, refused
    pages.append(refused.text)
    key = next((gateway.folder / "state").glob("master*")).read_text().strip()
    secrets["the master key"] = key

    # The same session over HTTP/2, and a request that is refused.
    session = f"__Host-sekisho={browser.cookie(HOST, '__Host-sekisho')}"
    url = gateway.url(HOST, f"/h2?token={secrets['a query']}")
    curl = ["curl", "-sS", "--http2", "--cacert", str(gateway.authority), "--resolve", f"{HOST}:{gateway.port}:127.0.0.1", "-w", " %{http_code} %{http_version}"]
    answer = subprocess.run([*curl, "-H", f"Cookie: {session}", "-H", "Authorization: Bearer canary-authorization", "-d", secrets["a posted body"], url], capture_output=True, text=True, timeout=30)
    assert answer.stdout.endswith("200 2"), answer
    answer = subprocess.run([*curl, "-H", f"Cookie: {session[:-1]}", "-H", "Accept: application/json", url], capture_output=True, text=True, timeout=30)
    assert answer.stdout.endswith("401 2"), answer
    pages.append(answer.stdout)


def command(gateway, *words):
    done = subprocess.run([gateway.binary, *words, "--config", str(gateway.config)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (words, done)
    return done.stdout


def fetched(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


if __name__ == "__main__":
    sys.exit(main())
