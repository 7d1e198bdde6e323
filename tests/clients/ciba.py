#!/usr/bin/env python3
"""Apps that ask for approvals, through TLS against the real binary: openid-client as a CIBA client, curl at our own API, and
joserfc to verify what they are given. The phone is `sekisho approver`.
"""
import base64
import hashlib
import http.server
import json
import os
import pathlib
import queue
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from checks import Checks  # noqa: E402
from gateway import Gateway, free_port  # noqa: E402

from joserfc import jws, jwt  # noqa: E402
from joserfc.errors import BadSignatureError  # noqa: E402
from joserfc.jwk import ECKey, KeySet  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PORTAL = "auth.localhost"
GRANT = "urn:openid:params:grant-type:ciba"
checks = Checks()


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class World:
    def __init__(self, folder):
        self.folder, self.pings, self.ping_port = folder, queue.Queue(), free_port()
        upstream, authority = f"http://127.0.0.1:{free_port()}", folder / "ca.pem"
        ping = f'[app.approvals.ping]\nendpoint = "https://127.0.0.1:{self.ping_port}/ciba"\nnetworks = ["127.0.0.0/8"]\nauthority = "{authority}"\n'
        self.gateway = Gateway(
            binary=os.environ["SEKISHO"],
            folder=folder,
            portal='mtls_url = "https://mtls.localhost:{port}"\n',
            apps={
                "bank.localhost": {"upstream": upstream, "demands": 'primary_factor = {}\n[app.approvals]\ninterval = "1s"\ncertificate = { trust = ["own"], machines = ["backend"] }\n'},
                "shop.localhost": {"upstream": upstream, "demands": f'primary_factor = {{}}\n[app.approvals]\ninterval = "1s"\n{ping}'},
            },
        )
        self.issuer = f"https://{PORTAL}:{self.gateway.port}"

    def start(self):
        self.receive_pings()
        self.gateway.start()
        self.command("push", "assign", "alice")
        link = self.command("push", "invite", "alice")["url"]
        self.phone("register", link)
        self.tokens = {app: self.command("token", "issue", app, "--scope", "approvals", "--app", app)["token"] for app in ("bank", "shop")}
        self.keys = KeySet.import_key_set(self.get("/.well-known/jwks.json"))

    def command(self, *line):
        done = subprocess.run([self.gateway.binary, *line, "--config", str(self.gateway.config), "--json"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (line, done)
        return json.loads(done.stdout)

    def phone(self, *line):
        place = ["--key", str(self.folder / "phone.key"), "--authority", str(self.gateway.authority), "--connect", f"127.0.0.1:{self.gateway.port}"]
        done = subprocess.run([self.gateway.binary, "approver", *place, *line, "--json"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (line, done)
        return json.loads(done.stdout)

    def shown(self):
        """What the phone shows of the one thing that is asked."""
        [asked] = [one for slot in self.phone("list")["slots"] for one in slot["approvals"]]
        return asked["shown"]

    def curl(self, path, *arguments, app=None, host=PORTAL):
        """Status, headers and body as JSON."""
        bearer = ["-H", f"Authorization: Bearer {self.tokens[app]}"] if app else []
        done = subprocess.run(
            ["curl", "-sS", "-i", "--http1.1", "--cacert", str(self.gateway.authority), "--resolve", f"{host}:{self.gateway.port}:127.0.0.1", *bearer, *arguments, f"https://{host}:{self.gateway.port}{path}"],
            capture_output=True, text=True, timeout=90,
        )
        head, _, body = done.stdout.partition("\n\n") if "\r" not in done.stdout else done.stdout.partition("\r\n\r\n")
        status, *fields = head.splitlines()
        headers = {name.lower(): value.strip() for name, value in (field.split(":", 1) for field in fields)}
        return int(status.split()[1]), headers, json.loads(body)

    def get(self, path):
        return self.curl(path)[2]

    def ask(self, app="bank", **parameters):
        status, headers, said = self.curl("/api/v1/approvals", "--json", json.dumps({"login_hint": "alice", **parameters}), app=app)
        assert status == 201 and headers["location"] == f"/api/v1/approvals/{said['auth_req_id']}", (status, headers, said)
        return said

    def token(self, app, auth_req_id, *arguments, **fields):
        form = urllib.parse.urlencode({"grant_type": GRANT, "auth_req_id": auth_req_id, **fields})
        return self.curl("/oidc/token", "-u", f"{app}:{self.tokens[app]}", "--data", form, *arguments)

    def client(self, app, hint="alice", message="Pay 100 to Bob", **environment):
        return subprocess.Popen(
            ["node", str(HERE / "ciba.mjs"), self.issuer, str(self.gateway.authority), app, hint, message],
            stdout=subprocess.PIPE, text=True, env={**os.environ, **({} if "CERTIFICATE" in environment else {"SECRET": self.tokens[app]}), **environment},
        )

    def receive_pings(self):
        pings = self.pings

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                pings.put((self.path, self.headers["Authorization"], self.headers["Content-Type"], json.loads(body)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", self.ping_port), Receiver)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.gateway.certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def verified(self, text, kind, audience):
        """The claims, by the published keys alone."""
        token = jwt.decode(text, self.keys, algorithms=["ES256"])
        assert token.header["typ"] == kind, token.header
        jwt.JWTClaimsRegistry(iss={"essential": True, "value": self.issuer}, aud={"essential": True, "value": audience}, sub={"essential": True, "value": "alice"}, exp={"essential": True}, iat={"essential": True}).validate(token.claims)
        return token.claims


def next_line(process):
    return json.loads(process.stdout.readline())


def main():
    world = World(pathlib.Path(tempfile.mkdtemp(prefix="sekisho-ciba-")))
    try:
        world.start()

        @checks.check("openid-client finds the gateway, asks, polls, and believes the id_token it gets")
        def _():
            client = world.client("bank")
            asked = next_line(client)
            assert asked["expires_in"] == 60 and asked["interval"] == 1 and len(asked["auth_req_id"]) == 43, asked
            shown = json.loads(world.shown())
            assert shown["purpose"] == "app" and shown["details"]["sentence"]["en"] == "Pay 100 to Bob", shown
            time.sleep(2.5)  # The client polls meanwhile, and gets the answer to wait.
            assert world.phone("approve")["state"] == "approved"
            given = next_line(client)
            assert client.wait(10) == 0 and "error" not in given, given
            claims = given["claims"]
            assert claims["sub"] == "alice" and claims["urn:openid:params:jwt:claim:auth_req_id"] == asked["auth_req_id"], claims
            ours = world.verified(given["tokens"]["id_token"], "JWT", "bank")
            assert ours["at_hash"] == base64.urlsafe_b64encode(hashlib.sha256(given["tokens"]["access_token"].encode()).digest()[:16]).rstrip(b"=").decode(), ours
            assert ours["amr"] == ["swk"] and abs(ours["auth_time"] - time.time()) < 30, ours
            status, headers, said = world.token("bank", asked["auth_req_id"])
            assert (status, said["error"], headers["cache-control"]) == (400, "invalid_grant", "no-store"), (status, headers, said)

        @checks.check("openid-client gets the specification's codes: denied, and what cannot be asked")
        def _():
            client = world.client("bank")
            next_line(client)
            world.phone("deny")
            assert next_line(client)["error"] == "access_denied"
            assert next_line(world.client("bank", message="x" * 201))["error"] == "invalid_binding_message"
            assert next_line(world.client("bank", hint="no name!"))["error"] == "unknown_user_id"
            assert next_line(world.client("shop"))["error"] == "invalid_request", "a client of pings says how it knows them"

        @checks.check("openid-client finds the host for certificates, and is known by its own alone (RFC 8705)")
        def _():
            shown = lambda name: dict(zip(("CERTIFICATE", "KEY"), map(str, world.gateway.client_certificate(name))))
            client = world.client("bank", message="By certificate", **shown("backend"))
            asked = next_line(client)
            world.phone("approve")
            given = next_line(client)
            assert given["claims"]["urn:openid:params:jwt:claim:auth_req_id"] == asked["auth_req_id"], given
            world.verified(given["tokens"]["id_token"], "JWT", "bank")
            for app, name in (("shop", "backend"), ("bank", "printer")):
                said = next_line(world.client(app, **shown(name)))
                assert (said["error"], said["status"]) == ("invalid_client", 401), said
            # Our own API by curl, with a certificate and without.
            files = ["--cert", world.folder / "backend.pem", "--key", world.folder / "backend.key"]
            parameters = ["--json", json.dumps({"login_hint": "alice", "binding_message": "By curl"})]
            status, _, said = world.curl("/api/v1/approvals", *files, *parameters, host="mtls.localhost")
            assert status == 201, said
            status, _, said = world.curl(f"/api/v1/approvals/{said['auth_req_id']}", "-X", "DELETE", *files, host="mtls.localhost")
            assert (status, said["status"]) == (200, "cancelled"), said
            status, _, said = world.curl("/api/v1/approvals", *parameters, host="mtls.localhost")
            assert (status, said["code"]) == (401, "certificate_missing"), said

        @checks.check("a ping reaches the app by TLS with its own token, and openid-client gets what was approved")
        def _():
            client = world.client("shop", NOTIFY="notify-8d.67/x")
            asked = next_line(client)
            assert world.pings.empty()
            world.phone("approve")
            path, authorization, kind, body = world.pings.get(timeout=10)
            assert (path, authorization, kind) == ("/ciba", "Bearer notify-8d.67/x", "application/json"), (path, authorization, kind)
            assert body == {"auth_req_id": asked["auth_req_id"]}, body
            assert next_line(client)["claims"]["sub"] == "alice"
            assert world.pings.empty(), "one ping for one request"

        @checks.check("curl asks our own API, waits, and the statement holds what the phone showed and signed")
        def _():
            fields = [{"label": {"en": "Payee", "ja": "振込先"}, "value": "Bob\u202e"}, {"label": "Amount", "value": "1,250,000 JPY"}]
            asked = world.ask(title={"en": "Transfer", "ja": "振込"}, binding_message="Invoice 7", fields=fields)
            path = f"/api/v1/approvals/{asked['auth_req_id']}"
            status, _, said = world.curl(path, app="bank")
            assert (status, said["status"]) == (200, "pending"), said
            seen = world.shown()
            assert json.loads(seen)["details"]["fields"][0]["value"] == "Bob\\u{202e}", seen
            answer = queue.Queue()
            threading.Thread(target=lambda: answer.put((time.time(), world.curl(path, "-H", "Prefer: wait=30", app="bank"))), daemon=True).start()
            time.sleep(1)
            world.phone("approve")
            got = time.time()
            _, (status, headers, said) = answer.get(timeout=20)
            assert (said["status"], headers["preference-applied"]) == ("approved", "wait=30") and time.time() - got < 5, (headers, said)
            claims = world.verified(said["approval"], "sekisho-approval+jwt", "bank")
            assert claims["shown"] == seen and claims["shown_digest"] == digest(seen), claims
            # The phone's own signature, verified with the phone's own key: this gateway's word is not needed for it.
            own = jws.deserialize_compact(claims["answer"], ECKey.import_key(claims["answer_key"]), algorithms=["ES256"])
            payload = json.loads(own.payload)
            assert own.headers()["typ"] == "sekisho-answer+jwt" and payload["decision"] == "approve", payload
            assert payload["shown"] == digest(seen) and payload["approval"] == claims["approval"] and payload["aud"] == world.issuer, payload
            head, body, signature = said["approval"].split(".")
            bent = body[:100] + ("A" if body[100] != "A" else "B") + body[101:]
            for forged in (f"{head}.{bent}.{signature}", f"{head}.{body}.{'A' * len(signature)}"):
                try:
                    jwt.decode(forged, world.keys, algorithms=["ES256"])
                    raise AssertionError("a forged statement was believed")
                except (BadSignatureError, ValueError):
                    pass

        @checks.check("what is withdrawn leaves the phone, and another app's request is not there")
        def _():
            asked = world.ask(binding_message="Never mind")
            path = f"/api/v1/approvals/{asked['auth_req_id']}"
            assert world.curl(path, app="shop")[0] == 404
            assert world.curl(path, "-X", "DELETE", app="shop")[0] == 404
            assert [one["auth_req_id"] for one in world.curl("/api/v1/approvals", app="bank")[2]["items"]] == [asked["auth_req_id"]]
            status, _, said = world.curl(path, "-X", "DELETE", app="bank")
            assert (status, said["status"]) == (200, "cancelled"), said
            assert world.phone("list")["slots"][0]["approvals"] == []
            assert world.curl("/api/v1/users", app="bank")[0] == 403

        @checks.check("of fifty who exchange one approval over TLS at once, one gets the tokens")
        def _():
            form = {"scope": "openid", "login_hint": "alice", "binding_message": "Once"}
            _, _, asked = world.curl("/oidc/bc-authorize", "-u", f"bank:{world.tokens['bank']}", "--data", urllib.parse.urlencode(form))
            world.phone("approve")
            said = []
            threads = [threading.Thread(target=lambda: said.append(world.token("bank", asked["auth_req_id"])[2])) for _ in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            won = [one for one in said if "id_token" in one]
            assert len(said) == 50 and len(won) == 1 and {one.get("error") for one in said if one is not won[0]} == {"invalid_grant"}, said
            world.verified(won[0]["id_token"], "JWT", "bank")

        @checks.check("a restart ends what was asked: it is reported as expired")
        def _():
            asked = world.ask(binding_message="Before the restart")
            world.gateway.kill()
            world.gateway.spawn()
            status, _, said = world.curl(f"/api/v1/approvals/{asked['auth_req_id']}", app="bank")
            assert (status, said["status"]) == (200, "expired"), said
            status, _, said = world.token("shop", asked["auth_req_id"])
            assert (status, said["error"]) == (400, "invalid_grant"), said

    finally:
        world.gateway.stop()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
