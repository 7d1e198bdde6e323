#!/usr/bin/env python3
"""The gateway's own certificates from a real authority: issued, renewed by a clock that is moved, kept through rate limits, outages
and wrong answers; and what browsers, validators and operators see meanwhile.
"""
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE))
from authority import KEY_ID, MAC_KEY, Authority, problem, wait  # noqa: E402
from checks import Checks  # noqa: E402
from gateway import free_port  # noqa: E402

checks = Checks()
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-acme-"))
PORTAL, MAIL = "auth.example.test", "mail.example.test"


class World:
    """A gateway whose clock the tests move, with the ports that the authority's validators come to."""

    def __init__(self, name):
        self.folder = FOLDER / name
        self.folder.mkdir()
        self.https, self.http, self.operations = free_port(), free_port(), free_port()
        self.clock = self.folder / "clock"
        self.process = None
        self.turn(0)

    def turn(self, seconds):
        """Sets the gateway's clock to so many seconds from now."""
        beside = self.folder / "clock.new"
        beside.write_text(f"{seconds:+d}s" if seconds else "+0s")
        beside.replace(self.clock)

    def configure(self, text):
        server = f'listen = ["127.0.0.1:{self.https}"]\nredirect_listen = ["127.0.0.1:{self.http}"]\noperations_listen = "127.0.0.1:{self.operations}"'
        self.config = self.folder / "sekisho.toml"
        self.config.write_text(
            f'[server]\n{server}\n[portal]\nurl = "https://{PORTAL}:{self.https}"\n[state]\ndirectory = "state"\n'
            f"[password]\nmemory_mib = 19\npasses = 2\n[log]\nlevel = \"debug\"\n{text}"
        )
        return self

    def start(self):
        preload = subprocess.run("ls /usr/lib/*/faketime/libfaketime.so.1", shell=True, capture_output=True, text=True, check=True).stdout.strip()
        environment = dict(os.environ, LD_PRELOAD=preload, FAKETIME_TIMESTAMP_FILE=str(self.clock), FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
        log = open(self.folder / "gateway.log", "a")
        self.process = subprocess.Popen([os.environ["SEKISHO"], "run", "--config", str(self.config)], env=environment, stdout=log, stderr=log)
        wait(lambda: self.process.poll() is not None or self.ready()[0] == 200, "the gateway is ready")
        assert self.process.poll() is None, self.log()[-3000:]
        return self

    def end(self, kill=False):
        if self.process and self.process.poll() is None:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait(40)

    def log(self):
        return (self.folder / "gateway.log").read_text()

    def ready(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.operations, timeout=2)
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""

    def metric(self, begins):
        connection = http.client.HTTPConnection("127.0.0.1", self.operations, timeout=5)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(begins))

    def command(self, *arguments):
        done = subprocess.run([os.environ["SEKISHO"], *arguments, "--config", str(self.config)], capture_output=True, text=True)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def standing(self, name=PORTAL):
        items = json.loads(self.command("tls", "list", "--json"))["items"]
        return next(item for item in items if item["name"] == name)

    def shown(self, name=PORTAL, protocols=("http/1.1",)):
        """The serial number and the issuer that a browser sees, and the protocol that was agreed on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(list(protocols))
        with context.wrap_socket(socket.create_connection(("127.0.0.1", self.https), 10), server_hostname=name) as wrapped:
            pem = ssl.DER_cert_to_PEM_cert(wrapped.getpeercert(True))
            said = subprocess.run(["openssl", "x509", "-noout", "-serial", "-issuer"], input=pem, capture_output=True, text=True, check=True).stdout
            return {"serial": said.split("\n")[0].split("=")[1].lower(), "issuer": said, "protocol": wrapped.selected_alpn_protocol()}

    def get(self, path, name=PORTAL, secure=True, headers=None):
        sock = socket.create_connection(("127.0.0.1", self.https if secure else self.http), 10)
        if secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            sock = context.wrap_socket(sock, server_hostname=name)
        connection = http.client.HTTPConnection(name, self.https if secure else self.http)
        connection.sock = sock
        connection.request("GET", path, headers={"Host": f"{name}:{self.https}", "Accept": "text/html", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), answer.headers

    def issued(self, name=PORTAL, other_than=None):
        """Waits until an authority's certificate serves, one with another serial number."""
        def look():
            shown = self.shown(name)
            return shown if "Pebble" in shown["issuer"] and shown["serial"] != other_than else None
        return wait(look, lambda: (self.standing(name), self.log()[-3000:]))

    def troubled(self, words, name=PORTAL):
        return wait(lambda: (found := self.standing(name)) and words in (found["trouble"] or "") and found, lambda: (self.standing(name), self.log()[-2000:]))


def certificate(authorities, names=(PORTAL,), more=""):
    listed = lambda items: ", ".join(f'"{item}"' for item in items)
    return f"[[tls.certificate]]\nacme = [{listed(authorities)}]\nnames = [{listed(names)}]\n{more}\n"


def first_certificate():
    world = World("first")
    authority = Authority(FOLDER / "first-authority", world.http, world.https)
    world.configure(authority.section("ours", 'contact = ["admin@example.com"]') + certificate(["ours"]) + certificate(["ours"], [MAIL], 'challenge = "http-01"')).start()
    try:
        @checks.check("without an authority the gateway starts, is ready with a remark, and answers 503 under a certificate that nobody trusts")
        def _():
            found = world.troubled("ours: ")
            assert found["state"] == "missing" and found["next_try"] and found["ends"] is None, found
            status, remark = world.ready()
            assert status == 200 and f"no certificate yet for {PORTAL}" in remark, remark
            assert "Pebble" not in world.shown()["issuer"]
            status, page, _ = world.get("/sign-in")
            assert status == 503 and "certificate_awaited" in page and "password" not in page, page
            assert world.get("/", secure=False)[0] == 301
            assert wait(lambda: world.metric(f'sekisho_tls_certificate_alarm{{certificate="{PORTAL}"}}') == 1, "the alarm")
            wait(lambda: "tls_certificate_alarm" in world.log(), "the alarm in the log")
            # No validator can have come: it asked itself.
            assert "acme_challenge_answered" in world.log() and "acme_self_check_impossible" not in world.log()

        @checks.check("when the authority is there, both challenges are answered, and the certificates serve without a restart")
        def _():
            authority.start()
            world.command("tls", "renew", PORTAL)
            world.command("tls", "renew", MAIL)
            world.issued(PORTAL)
            world.issued(MAIL)
            assert world.get("/sign-in")[0] != 503 and world.ready()[1] == "ready\n", world.ready()
            found = world.standing()
            assert (found["state"], found["from"], found["trouble"]) == ("good", "ours", None), found
            assert wait(lambda: world.metric("sekisho_tls_certificate_alarm") == 0, "the alarms are over")
            assert world.metric('sekisho_acme_orders_total{authority="ours",outcome="issued"}') == 2
            assert "tls.certificate_issued" in world.command("audit", "query", "--json")

        @checks.check("who offers anything beside acme-tls/1 gets the usual certificate, and who offers it alone gets nothing any more")
        def _():
            usual = world.shown()["serial"]
            assert world.shown(protocols=("acme-tls/1", "h2"))["serial"] == usual
            assert world.shown(protocols=("h2", "acme-tls/1"))["protocol"] == "h2"
            try:
                world.shown(protocols=("acme-tls/1",))
                raise AssertionError("a handshake with acme-tls/1 alone was answered")
            except ssl.SSLError as error:
                assert "no application protocol" in str(error).lower().replace("_", " "), error
            assert world.get("/.well-known/acme-challenge/token")[0] != 200

        @checks.check("a restart keeps certificate and account")
        def _():
            before, accounts = world.shown()["serial"], authority.relay.count("sign-me-up")
            world.end(kill=True)
            world.start()
            assert world.shown()["serial"] == before
            assert authority.relay.count("sign-me-up") == accounts

        @checks.check("the key of the account is replaced in place")
        def _():
            accounts = authority.relay.count("sign-me-up")
            world.command("tls", "rotate-account", "ours")
            assert authority.relay.count("rollover-account-key"), authority.relay.seen[-5:]
            assert "acme_account_key_replaced" in world.log() and "tls.rotate_account" in world.command("audit", "query", "--json")
            before = world.shown(MAIL)["serial"]
            world.command("tls", "renew", MAIL)
            wait(lambda: world.standing(MAIL)["next_from"] or world.shown(MAIL)["serial"] != before, lambda: world.standing(MAIL))
            assert authority.relay.count("sign-me-up") == accounts and "acme_account_replaced" not in world.log(), "the account is the same, with the new key"
            refused = subprocess.run([os.environ["SEKISHO"], "tls", "rotate-account", "theirs", "--config", str(world.config)], capture_output=True, text=True)
            assert refused.returncode != 0 and "theirs" in refused.stderr, refused

        @checks.check("a new one that is asked for serves only when its begin lies five minutes behind, and the old one until then")
        def _():
            before = world.shown()["serial"]
            world.command("tls", "renew", PORTAL)
            found = wait(lambda: (item := world.standing())["next_from"] and item, lambda: world.standing())
            assert found["state"] == "good" and world.shown()["serial"] == before, found
            world.turn(400)
            assert world.issued(other_than=before)
            assert world.standing()["next_from"] is None

        @checks.check("after two thirds of its life a certificate is renewed, with another key, although its names were proved before")
        def _():
            authority.stop()
            authority.start(reuse=100, nonces=15)
            before = world.shown()["serial"]
            world.turn(65 * 86_400)
            # The authority lost its accounts. Ours is older than a day by now, and replaced.
            world.issued(other_than=before)
            assert "acme_account_replaced" in world.log()
            assert world.standing()["state"] == "good"
            before, called = world.shown()["serial"], authority.relay.count("chalZ")
            world.command("tls", "renew", PORTAL)
            world.issued(other_than=before)
            assert authority.relay.count("chalZ") == called, "what was proved before is not proved again"

        @checks.check("neither the log nor the database holds a key in the clear")
        def _():
            world.end()
            kept = (world.folder / "state/sekisho.db").read_bytes()
            for place in (world.log().encode(), kept):
                assert b"PRIVATE KEY" not in place and b"key_pkcs8" not in place
            # PKCS#8 of a P-256 key begins so.
            assert bytes.fromhex("3081870201003013") not in kept
    finally:
        world.end()
        authority.stop()


def troubles():
    world = World("troubles")
    authority = Authority(FOLDER / "troubles-authority", world.http, world.https).start(nonces=0)
    relay = authority.relay
    section = authority.section("ours", 'profile = "shortlived"')
    world.configure(section + certificate(["ours"])).start()
    world.command("group", "add", "administrators")
    world.command("user", "add", "boss", "--email", "boss@example.test", "--group", "administrators")
    try:
        world.issued()

        @checks.check("a profile that the authority ignores is noticed")
        def _():
            assert "shortlived" in world.standing()["trouble"] and "acme_profile_ignored" in world.log(), world.standing()

        @checks.check("a rate limit is kept to by the time that the authority names, over a restart too, and the old certificate serves on")
        def _():
            before = world.shown()["serial"]
            relay.answers = [lambda kind, path, answer: problem(429, "rateLimited", "too many certificates", Retry_After="7200")
                             if kind == "order-plz" and answer is None else None]
            world.turn(80 * 86_400)
            found = world.troubled("too many certificates")
            assert found["state"] == "ends_soon" and world.shown()["serial"] == before, found
            notices = lambda: [item for item in json.loads(world.command("outbox", "list", "--json"))["items"] if "ends soon" in item["subject"]]
            wait(notices, lambda: world.command("outbox", "list"))
            asked = relay.count("order-plz")
            world.command("tls", "renew", PORTAL)
            world.end(kill=True)
            relay.answers = []
            world.turn(80 * 86_400 + 7000)
            # A second certificate, which is ordered in a turn at that moment: the same turn looked at the first one before.
            world.configure(section + certificate(["ours"]) + certificate(["ours"], [MAIL])).start()
            world.issued(MAIL)
            assert relay.count("order-plz") == asked + 1, "one order, and that is for the other certificate"
            found = notices()
            assert len(found) == 1 and found[0]["recipient"] == "boss@example.test", (found, "administrators are written to once")
            said = world.command("outbox", "show", found[0]["message"])
            assert said.count(PORTAL) == 2 and "What went wrong last: " in said, said
            assert world.shown()["serial"] == before and world.standing()["trouble"], world.standing()
            world.turn(80 * 86_400 + 7300)
            world.issued(other_than=before)
            assert relay.count("order-plz") == asked + 2

        @checks.check("an outage with HTML instead of an answer is one line in words, and the certificate serves on")
        def _():
            before = world.shown()["serial"]
            relay.is_down = True
            world.command("tls", "renew", PORTAL)
            found = world.troubled("answers 503")
            assert world.shown()["serial"] == before and found["next_try"], found
            relay.is_down = False
            world.command("tls", "renew", PORTAL)
            wait(lambda: world.standing()["next_from"] or world.shown()["serial"] != before, lambda: world.standing())

        @checks.check("a certificate for another key is never put in use")
        def _():
            world.turn(81 * 86_400)
            before = wait(lambda: world.standing()["next_from"] is None and world.shown()["serial"], lambda: world.standing())
            other = {}

            def foreign(kind, path, answer):
                if kind == "certZ" and answer:
                    if "chain" in other:
                        return answer[0], answer[1], other["chain"]
                return None

            made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=x",
                                   "-addext", f"subjectAltName=DNS:{PORTAL}", "-days", "90"], capture_output=True, check=True)
            other["chain"] = made.stdout
            relay.answers = [foreign]
            world.command("tls", "renew", PORTAL)
            world.troubled("another key")
            assert world.shown()["serial"] == before
            relay.answers = []

        @checks.check("an order that was begun is gone on with after a kill: one order, one certificate")
        def _():
            before = world.shown()["serial"]
            stuck = [True]

            def processing(kind, path, answer):
                if stuck[0] and answer and kind == "my-order" and b'"valid"' in answer[2]:
                    return answer[0], answer[1], answer[2].replace(b'"valid"', b'"processing"')
                return None

            relay.answers = [processing]
            asked, finalized = relay.count("order-plz"), relay.count("finalize-order")
            world.command("tls", "renew", PORTAL)
            wait(lambda: relay.count("finalize-order") > finalized, lambda: relay.seen[-20:])
            wait(lambda: relay.count("order-plz") == asked + 1 and relay.seen[-1] == "my-order", lambda: relay.seen[-20:])
            world.end(kill=True)
            stuck[0] = False
            world.start()
            world.issued(other_than=before)
            assert relay.count("order-plz") == asked + 1, relay.seen[-20:]
            relay.answers = []

        @checks.check("a name that the validator cannot reach is refused in its words")
        def _():
            authority.resolve(PORTAL, "127.0.0.9")

            def asked():
                before = world.shown()["serial"]
                world.command("tls", "renew", PORTAL)
                ended = lambda: (item := world.standing()) and ("127.0.0.9" in (item["trouble"] or "") or item["next_from"] or world.shown()["serial"] != before) and item
                return before, wait(ended, lambda: (world.standing(), world.log()[-2000:]))

            before, found = asked()
            if "127.0.0.9" not in (found["trouble"] or ""):
                # One time in a hundred pebble takes what was proved before, although its settings say never.
                world.turn(86_400 * 82)
                before, found = asked()
            assert "127.0.0.9" in found["trouble"] and world.shown()["serial"] == before and "\n" not in found["trouble"], found
            authority.resolve(PORTAL, "127.0.0.1")
    finally:
        world.end()
        authority.stop()


def advice():
    world = World("advice")
    authority = Authority(FOLDER / "advice-authority", world.http, world.https).start(nonces=0)
    relay = authority.relay
    window = {}

    def advised(kind, path, answer):
        if kind == "dir" and answer:
            directory = json.loads(answer[2])
            directory["renewalInfo"] = f"https://127.0.0.1:{relay.port}/advice"
            return answer[0], answer[1], json.dumps(directory).encode()
        if kind == "advice" and answer is None:
            if not window:
                return problem(404, "malformed", "no such certificate")
            return 200, {"Content-Type": "application/json", "Retry-After": "60"}, json.dumps({"suggestedWindow": window}).encode()
        return None

    relay.answers = [advised]
    world.configure(authority.section("ours") + certificate(["ours"])).start()
    try:
        first = world.issued()["serial"]

        @checks.check("advice that is an error means: by lifetime")
        def _():
            wait(lambda: relay.count("advice"), lambda: relay.seen[-20:])
            found = world.standing()
            assert found["trouble"] is None and found["renewed_at"], found

        @checks.check("advice to renew early is followed, and an order that was made without a word of what it replaces is gone on with")
        def _():
            day = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 86_400))
            window.update(start=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 2 * 86_400)), end=day)
            world.turn(2 * 86_400)
            world.issued(other_than=first)
            assert relay.count("order-plz") == 2, relay.seen

        @checks.check("where what it replaces is refused, one plain order follows, and none where the answer was lost")
        def _():
            before, asked = world.shown()["serial"], relay.count("order-plz")
            left = [lambda: problem(409, "alreadyReplaced", "it is replaced by another order"), lambda: (502, {"Content-Type": "text/html"}, b"<h1>lost</h1>")]

            def refusing(kind, path, answer):
                return left.pop()() if kind == "order-plz" and answer is None and left else None

            relay.answers = [advised, refusing]
            world.turn(4 * 86_400)
            world.command("tls", "renew", PORTAL)
            world.troubled("answers 502")
            assert relay.count("order-plz") == asked + 1, relay.seen
            world.command("tls", "renew", PORTAL)
            wait(lambda: world.standing()["next_from"] or world.shown()["serial"] != before, lambda: world.standing())
            assert relay.count("order-plz") == asked + 3, relay.seen
    finally:
        world.end()
        authority.stop()


def waiting():
    """Orders that the authority lets wait: with its answers standing, one for each name, and without a second call."""
    world = World("waiting")
    authority = Authority(FOLDER / "waiting-authority", world.http, world.https).start(nonces=0)
    relay = authority.relay
    held, tokens = [True], []

    def pending(kind, path, answer):
        """The authority is not done with the order and its challenges, whatever pebble thinks of them."""
        if not answer or not held[0] or kind not in ("my-order", "authZ"):
            return None
        status, headers, body = answer
        found = json.loads(body)
        if kind == "authZ":
            tokens.extend(item["token"] for item in found["challenges"] if item["type"] == "http-01")
            if found["status"] == "valid":
                found["status"] = "pending"
                for item in found["challenges"]:
                    item["status"] = "processing"
        elif found["status"] == "ready":
            found["status"], headers = "pending", {**headers, "Retry-After": "600"}
        return status, headers, json.dumps(found).encode()

    relay.answers = [pending]
    section = authority.section("ours")
    world.configure(section + certificate(["ours"]) + certificate(["ours"], [MAIL], 'challenge = "http-01"')).start()

    def answered_by_http(secure):
        return [world.get(f"/.well-known/acme-challenge/{token}", MAIL, secure)[:2] for token in tokens]

    try:
        @checks.check("the answers to challenges stand as long as their order waits, over a restart too, by HTTP and where a proxy redirects to HTTPS")
        def _():
            for again in (False, True):
                for name in (PORTAL, MAIL):
                    world.troubled("wants to be asked again", name)
                assert world.shown(protocols=("acme-tls/1",))["protocol"] == "acme-tls/1"
                for secure in (False, True):
                    answers = answered_by_http(secure)
                    assert any(status == 200 and body.startswith(tuple(tokens)) for status, body in answers), (secure, answers)
                world.end(kill=True)
                if not again:
                    world.start()

        @checks.check("such an order is gone on with where it was: no other order, no second call of a validator, and no answer after it")
        def _():
            asked, called = relay.count("order-plz"), relay.count("chalZ")
            assert (asked, called) == (2, 2), relay.seen
            world.turn(700)
            world.start()
            wait(lambda: relay.seen.count("authZ") >= 4 and relay.seen[-1] == "my-order", lambda: relay.seen[-20:])
            held[0] = False
            world.turn(1400)
            world.issued(PORTAL)
            world.issued(MAIL)
            assert (relay.count("order-plz"), relay.count("chalZ")) == (2, 2), relay.seen
            assert all(status != 200 or not body.startswith(tuple(tokens)) for status, body in answered_by_http(False) + answered_by_http(True))
            try:
                world.shown(protocols=("acme-tls/1",))
                raise AssertionError("a handshake with acme-tls/1 alone was answered")
            except ssl.SSLError:
                pass
    finally:
        world.end()
        authority.stop()


def crossing():
    """Requests of an order that cross with what the authority does."""
    world = World("crossing")
    authority = Authority(FOLDER / "crossing-authority", world.http, world.https).start(nonces=0)
    relay = authority.relay
    world.configure(authority.section("ours") + certificate(["ours"])).start()

    def renewed(before):
        wait(lambda: world.standing()["next_from"] or world.shown()["serial"] != before, lambda: (world.standing(), relay.seen[-20:]))

    try:
        world.issued()

        @checks.check("an order is gone on with where a request of it is refused for its nonce")
        def _():
            before, asked = world.shown()["serial"], relay.count("order-plz")
            stuck, nonces = [True], []

            def crossed(kind, path, answer):
                if kind == "my-order" and answer and stuck[0]:
                    return answer[0], answer[1], answer[2].replace(b'"ready"', b'"pending"')
                if kind == "my-order" and answer is None and nonces:
                    nonces.pop()
                    return problem(400, "badNonce", "the nonce is not known", Replay_Nonce="AAAA")
                return None

            relay.answers = [crossed]
            world.command("tls", "renew", PORTAL)
            wait(lambda: relay.count("order-plz") == asked + 1 and relay.seen[-1] == "my-order", lambda: relay.seen[-20:])
            world.end(kill=True)
            stuck[0] = False
            nonces.extend([None] * 3)
            world.start()
            wait(lambda: not nonces, lambda: nonces)
            world.turn(60)
            renewed(before)
            assert relay.count("order-plz") == asked + 1, relay.seen[-30:]

        @checks.check("an order that was finalized already is gone on with")
        def _():
            world.turn(3 * 86_400)
            before, asked, finalized = wait(lambda: world.standing()["next_from"] is None and world.shown()["serial"], lambda: world.standing()), relay.count("order-plz"), []

            def crossed(kind, path, answer):
                if kind == "finalize-order" and answer and not finalized:
                    finalized.append(answer)
                    return problem(403, "orderNotReady", "the order is processing")
                return None

            relay.answers = [crossed]
            world.command("tls", "renew", PORTAL)
            renewed(before)
            assert finalized and relay.count("order-plz") == asked + 1, relay.seen[-30:]
    finally:
        world.end()
        authority.stop()


def beside():
    """One authority that does not answer, and another that does."""
    world = World("beside")
    slow = Authority(FOLDER / "slow-authority", world.http, world.https).start(nonces=0)
    quick = Authority(FOLDER / "quick-authority", world.http, world.https).start(nonces=0)
    silent = [True]

    def never(kind, path, answer):
        while silent[0] and answer is None:
            time.sleep(0.2)

    slow.relay.answers = [never]
    world.configure(slow.section("slow") + quick.section("quick") + certificate(["slow"]) + certificate(["quick"], [MAIL])).start()
    try:
        @checks.check("a certificate whose authority does not answer holds up none of another authority, neither the first nor the next one")
        def _():
            wait(lambda: slow.relay.count("dir"), lambda: slow.relay.seen)
            first = world.issued(MAIL)["serial"]
            world.command("tls", "renew", MAIL)
            wait(lambda: world.standing(MAIL)["next_from"] or world.shown(MAIL)["serial"] != first, lambda: world.standing(MAIL))
            assert slow.relay.count("dir") == 1 and world.standing()["trouble"] is None, "the first question still waits for its answer"
    finally:
        silent[0] = False
        world.end()
        slow.stop()
        quick.stop()


def several():
    world = World("several")
    down = Authority(FOLDER / "down-authority", world.http, world.https)
    binding = Authority(FOLDER / "binding-authority", world.http, world.https, binding=True).start()
    (world.folder / "eab.key").write_text(MAC_KEY[:-4] + "AAAA\n")
    text = down.section("first") + binding.section("second", f'eab_key_id = "{KEY_ID}"\neab_key_file = "eab.key"') + certificate(["first", "second"])
    world.configure(text).start()
    try:
        @checks.check("a wrong key of an external account is the authority's refusal, in words")
        def _():
            found = world.troubled("second: make an account")
            assert "first: " in found["trouble"], found

        @checks.check("with the right one the second authority issues, since the first does not answer")
        def _():
            (world.folder / "eab.key").write_text(MAC_KEY + "\n")
            world.issued()
            found = world.standing()
            assert (found["from"], found["trouble"]) == ("second", None), found
            assert MAC_KEY not in world.log()
    finally:
        world.end()
        binding.stop()


def checked():
    world = World("checked")
    world.https = 443

    @checks.check("sekisho check warns of what no validator reaches")
    def _():
        section = '[acme.ours]\ndirectory = "https://ca.example.com/dir"\nagree_to_terms = true\n'
        world.configure(section + certificate(["ours"]))
        done = subprocess.run([os.environ["SEKISHO"], "check", "--config", str(world.config)], capture_output=True, text=True)
        assert "loopback" in done.stderr, (done.stdout, done.stderr)
        world.configure(section + certificate(["ours"], more='challenge = "http-01"'))
        done = subprocess.run([os.environ["SEKISHO"], "check", "--config", str(world.config)], capture_output=True, text=True)
        assert "port 80" in done.stderr, (done.stdout, done.stderr)
        world.configure(section + certificate(["ours"], ["*.example.test"]))
        done = subprocess.run([os.environ["SEKISHO"], "check", "--config", str(world.config)], capture_output=True, text=True)
        assert done.returncode != 0 and "DNS alone" in done.stderr, (done.stdout, done.stderr)


if __name__ == "__main__":
    for part in (first_certificate, troubles, advice, waiting, crossing, beside, several, checked):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            part()
    code = checks.finish()
    if code == 0:
        shutil.rmtree(FOLDER, ignore_errors=True)
    else:
        print(f"logs in {FOLDER}")
    sys.exit(code)
