#!/usr/bin/env python3
"""Desktop single sign-on with a real KDC (MIT's): tickets that count, tickets that do not, what is said to whom, and what an
operator does meanwhile; with curl, and with whatever bytes a client may send.
"""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from checks import Checks  # noqa: E402
from gateway import Browser, Forms  # noqa: E402
from realm import PORTAL, REALM, Realm, find, run  # noqa: E402
from world import World  # noqa: E402

checks = Checks()


def der(tag, *parts):
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + length + body


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-sso-"))
    realm = Realm(folder / "realm").start()
    for person in ("alice", "bob", "carol", "stranger", "PC01$", "bob/admin", "al ice"):
        realm.person(person)
    realm.service(f"HTTP/{PORTAL}")
    other_keytab = realm.folder / "other.keytab"
    realm.service("HTTP/other.localhost", other_keytab)
    world = World(folder / "gateway", realm.keytab, [REALM])
    gateway = world.gateway
    tickets = {name: realm.signed_in(name) for name in ("alice", "bob", "stranger")}

    try:
        gateway.start()
        for name in ("bob", "carol"):
            if name not in gateway.known:
                world.command("user", "add", name)

        @checks.check("a ticket that stands for the primary factor signs in without a page, and the redirect carries the token")
        def _():
            _, page, taken = world.enter("quiet", tickets["alice"], "--mutual")
            assert (page.status, page.text) == (200, "alice"), page
            assert taken.status == 303, taken
            reply = taken.header("www-authenticate")
            assert reply.startswith("Negotiate ") and base64.b64decode(reply.split()[1])[0] == 0xA1, reply
            assert any(key.lower() == "set-cookie" and "__Host-sekisho=" in value for key, value in taken.headers), taken.headers

        @checks.check("a raw Kerberos token is taken as one inside SPNEGO, with delegation and without")
        def _():
            for options in (["--raw"], ["--raw", "--mutual"], ["--delegate"]):
                _, page, _ = world.enter("quiet", tickets["alice"], *options)
                assert (page.status, page.text) == (200, "alice"), (options, page)

        @checks.check("as a gate it goes before the password, which must be the same user's (A-01)")
        def _():
            browser, page, taken = world.enter("gate", tickets["alice"])
            assert taken.status == 200 and taken.header("www-authenticate").startswith("Negotiate "), taken
            form = Forms(page.text).with_field("username", "current-password")
            assert 'value="alice"' in page.text and "readonly" in page.text, page.text
            wrong = browser.submit(page, form, username="bob", current_password="whatever")
            assert wrong.status == 401 and "signed in as alice" in wrong.text and not wrong.header("www-authenticate"), wrong
            done = browser.submit(page, form, username="alice", current_password=gateway.known["alice"]["password"])
            assert (done.status, done.text) == (200, "alice"), done

        @checks.check("without a ticket a gate shows its page, and no form; a password that is sent all the same is not judged")
        def _():
            browser, address = world.towards("gate")
            page = browser.get(address)
            assert page.status == 401 and page.header("www-authenticate") == "Negotiate", page
            assert "Workplace computer" in page.text and not Forms(page.text).with_field("current-password"), page.text
            values = urllib.parse.urlencode({"for": urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["for"][0],
                                             "user": "alice", "password": gateway.known["alice"]["password"]})
            sent = browser.request("POST", f"{world.portal}/sign-in/password", values, follow=False)
            assert sent.status == 303 and "/sign-in?" in sent.header("location"), sent

        @checks.check("offered and not shown, the challenge has the form as its body, and the form signs in")
        def _():
            browser, address = world.towards("offer")
            page = browser.get(address)
            assert page.status == 401 and page.header("www-authenticate") == "Negotiate", page
            again = browser.get(address)
            assert again.status == 401 and again.header("www-authenticate") == "Negotiate", "asked as often as the page is opened"
            done = gateway.through(browser, page, "alice")
            assert (done.status, done.text) == (200, "alice"), done

        @checks.check("offered and shown, who wants to be another user chooses the form")
        def _():
            browser, address = world.towards("offer")
            page = browser.get(f"{address}&method=password", headers={"Authorization": f"Negotiate {world.token(tickets['alice'])}"})
            assert page.status == 200 and not page.header("www-authenticate"), page
            done = gateway.through(browser, page, "bob") if "bob" in gateway.known else None
            assert done is None or (done.status, done.text) == (200, "bob"), done

        @checks.check("observed, it is asked for and recorded, and nobody is kept out")
        def _():
            browser, page, taken = world.enter("watch", tickets["alice"])
            assert taken.status == 200, taken
            done = gateway.through(browser, page, "alice")
            assert (done.status, done.text) == (200, "alice"), done
            browser, address = world.towards("watch")
            done = gateway.through(browser, browser.get(address), "alice")
            assert (done.status, done.text) == (200, "alice"), done
            assert "would_be_refused" in world.log() and "desktop_sso_missing" in world.log(), "who has none is noted"

        @checks.check("where no ticket is demanded none is asked for, and one that comes is not looked at")
        def _():
            browser, address = world.towards("plain")
            assert not browser.get(address).header("www-authenticate")
            seen = world.metric("accepted")
            answer = browser.get(address, headers={"Authorization": f"Negotiate {world.token(tickets['alice'])}"})
            assert answer.status == 200 and not answer.header("www-authenticate") and world.metric("accepted") == seen, answer

        @checks.check("a replay is answered by a bare Negotiate and the page with a link, and counts as nothing")
        def _():
            given = world.token(tickets["alice"])
            assert world.show(given, path=world.path()).status == 303
            events, failures = len(world.audit()), world.log().count("sign_in_failed")
            for _ in range(25):
                answer = world.refused(given, "ticket_replayed", repeated=True, path=world.path())
            assert "used already" in answer.text and "Try again" in answer.text, answer
            assert len(world.audit()) == events and world.log().count("sign_in_failed") == failures
            assert world.show(world.token(tickets["alice"]), path=world.path()).status == 303, "nobody is locked out"

        @checks.check("a good session outranks any Negotiate header, and the very same token beside it is not looked at")
        def _():
            browser, address = world.towards("quiet")
            given = world.token(tickets["alice"])
            first = browser.get(address, headers={"Authorization": f"Negotiate {given}"}, follow=False)
            assert first.status == 303, first
            for sent in (given, world.token(tickets["bob"]), base64.b64encode(b"\x60garbage").decode(), "TlRMTVNTUAABAAAA"):
                browser, address = world.towards("quiet", browser)
                again = browser.get(address, headers={"Authorization": f"Negotiate {sent}"}, follow=False)
                assert again.status == 303 and "/.sekisho/callback" in again.header("location"), again
                assert not again.header("www-authenticate"), again.headers

        @checks.check("NTLM is refused without a second prompt, alone and inside SPNEGO (T35)")
        def _():
            ntlm = b"NTLMSSP\0\x01\0\0\0" + bytes(28)
            mechanism = bytes.fromhex("06062b0601050502")
            kerberos, ntlm_oid = bytes.fromhex("06092a864886f712010202"), bytes.fromhex("060a2b06010401823702020a")

            def spnego(order, inner):
                return der(0x60, mechanism, der(0xA0, der(0x30, der(0xA0, der(0x30, *order)), der(0xA2, der(0x04, inner)))))

            for given in (ntlm, spnego([ntlm_oid], ntlm), spnego([ntlm_oid, kerberos], ntlm), spnego([kerberos, ntlm_oid], ntlm)):
                answer = world.refused(base64.b64encode(given).decode(), "ticket_ntlm", path=world.path())
                assert "Workplace computer" in answer.text, answer

        @checks.check("SPNEGO whose first mechanism is another, without a ticket, is dropped after one leg")
        def _():
            other, kerberos = bytes.fromhex("060a2b06010401823702021e"), bytes.fromhex("06092a864886f712010202")
            init = der(0x60, bytes.fromhex("06062b0601050502"), der(0xA0, der(0x30, der(0xA0, der(0x30, other, kerberos)))))
            answer = world.refused(base64.b64encode(init).decode(), "ticket_missing", path=world.path())
            assert not answer.header("www-authenticate")

        @checks.check("what is malformed, huge or cut is refused as that, and the gateway goes on")
        def _():
            good = base64.b64decode(world.token(tickets["alice"]))
            bad = ["???", "AAAA", base64.b64encode(b"\x60").decode(), base64.b64encode(b"\x60\x84\xff\xff\xff\xff" + good).decode(),
                   base64.b64encode(os.urandom(3000)).decode(), base64.b64encode(b"\x60" * 40000).decode()]
            bad += [base64.b64encode(good[:length]).decode() for length in (2, 10, 30, 100, len(good) // 2, len(good) - 1)]
            for given in bad:
                answer = world.show(given, path=world.path())
                assert answer.status == 401 and not answer.header("www-authenticate"), (given[:40], answer)
            for place in range(20, len(good), max(1, len(good) // 60)):
                changed = bytearray(good)
                changed[place] ^= 0x40
                answer = world.show(base64.b64encode(changed).decode(), path=world.path())
                # A bit outside what is signed (a flag of SPNEGO) may leave a good ticket.
                assert answer.status in (303, 401), answer
            assert world.show(world.token(tickets["alice"]), path=world.path()).status == 303

        @checks.check("two Authorization fields are no ticket")
        def _():
            context = ssl.create_default_context(cafile=str(gateway.authority))
            sock = context.wrap_socket(socket.create_connection(("127.0.0.1", gateway.port)), server_hostname=PORTAL)
            value = world.token(tickets["alice"])
            lines = [f"GET {world.path()} HTTP/1.1", f"Host: {PORTAL}:{gateway.port}", "Accept: text/html", *[f"Authorization: Negotiate {value}"] * 2, "Connection: close", "", ""]
            sock.sendall("\r\n".join(lines).encode())
            answer = b""
            while chunk := sock.recv(65536):
                answer += chunk
            assert answer.startswith(b"HTTP/1.1 401") and b"\r\nwww-authenticate: negotiate\r\n" in answer.lower(), answer[:600]

        @checks.check("a ticket for another service, a machine's, a service's and one of no user are refused by their own reasons")
        def _():
            world.refused(world.token(tickets["alice"], host="other.localhost"), "ticket_of_another_service", path=world.path())
            world.refused(world.token(realm.signed_in("PC01$")), "principal_of_a_machine", path=world.path())
            world.refused(world.token(realm.signed_in("bob/admin")), "principal_of_a_service", path=world.path())
            world.refused(world.token(realm.signed_in("al ice")), "principal_not_mapped", path=world.path())
            answer = world.refused(world.token(tickets["stranger"]), "user_unknown", path=world.path())
            assert f"stranger@{REALM}" in answer.text, answer
            assert {"ticket_of_another_service", "principal_of_a_machine", "user_unknown"} <= set(world.refusals()), world.refusals()

        @checks.check("a disabled user is refused with a good ticket")
        def _():
            world.command("user", "disable", "alice")
            try:
                _, page, _ = world.enter("quiet", tickets["alice"])
                assert page.status in (401, 403) and page.text != "alice", page
            finally:
                world.command("user", "enable", "alice")
            assert world.enter("quiet", tickets["alice"])[1].text == "alice"

        @checks.check("a clock that is ten minutes off is its own reason, and no failure of anybody")
        def _():
            environment = realm.signed_in("carol")
            run("kvno", f"HTTP/{PORTAL}", environment=environment)
            fast = dict(environment, LD_PRELOAD=run("sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1").strip(), FAKETIME="+600s")
            answer = world.refused(world.token(fast), "clock_skew", path=world.path())
            assert "more than five minutes" in answer.text and "clock_skew" in world.refusals(), answer

        @checks.check("the challenge is offered to listed networks alone, and tickets of others are not looked at")
        def _():
            world.configured(networks=["10.0.0.0/8"])
            browser, address = world.towards("offer")
            seen = world.metric("accepted")
            for headers in ({}, {"Authorization": f"Negotiate {world.token(tickets['alice'])}"}):
                page = browser.get(address, headers=headers)
                assert page.status == 200 and not page.header("www-authenticate"), page
            browser, address = world.towards("gate")
            page = browser.get(address)
            assert page.status == 403 and "only from your organisation" in page.text, page
            assert world.metric("accepted") == seen
            world.configured()

        @checks.check("what a page loads by itself is not challenged, only pages that are opened")
        def _():
            for more in ({"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
                         {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}):
                answer = world.show(world.token(tickets["alice"]), path=world.path(), more=more)
                assert answer.status == 403 and not answer.header("www-authenticate"), answer

        @checks.check("a realm that is not listed is foreign, whatever its KDC says; case counts")
        def _():
            for realms in (["OTHER.TEST"], ["example.test"], ["EXAMPLE.TES"]):
                world.configured(realms=realms)
                world.refused(world.token(tickets["alice"]), "realm_not_listed", path=world.path())
            world.configured()

        @checks.check("a new keytab is in use at once; ticket and keytab that do not fit are distinguished")
        def _():
            saved = realm.keytab.read_bytes()
            old = realm.signed_in("alice", "-l", "2h")
            run("kvno", f"HTTP/{PORTAL}", environment=old)
            fresh = realm.folder / "fresh.keytab"
            realm.service(f"HTTP/{PORTAL}", fresh)
            new = realm.signed_in("alice", "-l", "3h")
            world.refused(world.token(new), "keytab_old", path=world.path())
            os.replace(fresh, realm.keytab)
            assert world.show(world.token(new), path=world.path()).status == 303, "no restart, no reload"
            world.refused(world.token(old), "ticket_old", path=world.path())
            both = realm.folder / "both.keytab"
            both.write_bytes(saved + realm.keytab.read_bytes()[2:])
            os.replace(both, realm.keytab)
            assert world.show(world.token(old), path=world.path()).status == 303 and world.show(world.token(new), path=world.path()).status == 303
            tickets.update({name: realm.signed_in(name) for name in tickets})
            end = time.time() + 10
            while "config_reloaded" not in world.log() and time.time() < end:
                time.sleep(0.1)

        @checks.check("a keytab that is gone, cut or has an RC4 key stops tickets and readiness, and nothing else")
        def _():
            saved = realm.keytab.read_bytes()
            weak = realm.folder / "weak.keytab"
            realm.kadmin(f"addprinc -randkey HTTP/weak.localhost")
            run(find("ktutil"), environment=realm.server, text=f"addent -password -p HTTP/weak.localhost@{REALM} -k 1 -e arcfour-hmac\nsecret\nwkt {weak}\nq\n")
            for name, bytes_ in (("gone", None), ("cut", saved[:40]), ("text", b"hello"), ("weak", saved + weak.read_bytes()[2:])):
                if bytes_ is None:
                    realm.keytab.unlink()
                else:
                    realm.keytab.write_bytes(bytes_)
                answer = world.refused(world.token(tickets["alice"]), "keytab_unusable", path=world.path())
                assert "does not work at the moment" in answer.text, (name, answer)
                status, why = world.operations("/readyz")
                assert status == 503 and "keytab" in why, (name, status, why)
                assert gateway.browse("alice", "plain.localhost")[1].text == "alice"
                checked = subprocess.run([gateway.binary, "check", "--config", str(gateway.config)], capture_output=True, text=True)
                assert checked.returncode == 3 and "kerberos.keytab" in checked.stderr + checked.stdout or "keytab" in checked.stderr, checked
            realm.keytab.write_bytes(saved)
            assert world.show(world.token(tickets["alice"]), path=world.path()).status == 303
            assert world.operations("/readyz")[0] == 200

        @checks.check("a replay cache that cannot be written stops tickets and readiness; nothing passes unremembered")
        def _():
            cache = gateway.folder / "state" / "kerberos.rcache"
            assert cache.exists() and cache.stat().st_mode & 0o777 == 0o600
            cache.unlink()
            cache.mkdir()
            answer = world.show(world.token(tickets["alice"]), path=world.path())
            assert answer.status == 401 and world.operations("/readyz")[0] == 503, answer
            cache.rmdir()
            assert world.show(world.token(tickets["alice"]), path=world.path()).status == 303

        @checks.check("what was accepted is remembered over a restart")
        def _():
            given = world.token(tickets["alice"])
            assert world.show(given, path=world.path()).status == 303
            gateway.stop()
            gateway.start()
            world.refused(given, "ticket_replayed", repeated=True, path=world.path())

        @checks.check("one token shown ten times at once is accepted once")
        def _():
            given, results = world.token(tickets["alice"]), []
            places = [world.path() for _ in range(10)]
            threads = [threading.Thread(target=lambda place=place: results.append(world.show(given, path=place).status)) for place in places]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            assert sorted(results) == [303] + [401] * 9, results

        def binding():
            leaf = ssl.get_server_certificate(("127.0.0.1", gateway.port))
            return (b"tls-server-end-point:" + hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf)).digest()).hex()

        @checks.check("a ticket that is bound to another TLS connection is refused; bound to this one it counts (RFC 5929)")
        def _():
            assert world.show(world.token(tickets["alice"], "--binding", binding()), path=world.path()).status == 303
            wrong = (b"tls-server-end-point:" + bytes(32)).hex()
            world.refused(world.token(tickets["alice"], "--binding", wrong), "channel_binding_wrong", path=world.path())
            world.configured(more='channel_binding = "require"')
            world.refused(world.token(tickets["alice"]), "channel_binding_missing", path=world.path())
            assert world.show(world.token(tickets["alice"], "--binding", binding()), path=world.path()).status == 303
            assert "no browser on Linux" in world.log()
            world.configured(more='channel_binding = "off"')
            assert world.show(world.token(tickets["alice"], "--binding", wrong), path=world.path()).status == 303
            world.configured()

        @checks.check("a head of 66 kB fits on the sign-in host from listed networks, and nowhere else")
        def _():
            long = base64.b64encode(b"\x60" + bytes(48 * 1024 - 1)).decode()
            world.refused(long, "ticket_malformed", path=world.path())
            assert Browser(gateway.authority).get(gateway.url("plain.localhost"), headers={"X-Long": long}).status == 431
            too_long = Browser(gateway.authority).get(world.portal + "/", headers={"X-Long": "x" * 90_000})
            assert too_long.status == 431, too_long
            # curl sends no field beyond 64 KiB over HTTP/2 (nghttp2's own limit).
            long = base64.b64encode(b"\x60" + bytes(40 * 1024 - 1)).decode()
            h2 = run("curl", "-s", "--http2", "--cacert", gateway.authority, "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
                     "-H", f"Authorization: Negotiate {long}", "-H", "Accept: text/html", world.portal + world.path())
            assert h2 == "2 401", h2

        @checks.check("an expired ticket does not count, although the library takes it for five minutes more")
        def _():
            preload = run("sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1").strip()
            environment = realm.signed_in("alice", "-l", "10m")
            run("kvno", f"HTTP/{PORTAL}", environment=environment)
            given = world.token(dict(environment, LD_PRELOAD=preload, FAKETIME="+580s"))
            world.configured(prefix=["env", f"LD_PRELOAD={preload}", "FAKETIME=+630s", "FAKETIME_DONT_FAKE_MONOTONIC=1"])
            before = world.metric("ticket_expired")
            answer = world.show(given, path=world.path())
            assert answer.status == 401 and world.metric("ticket_expired") == before + 1, (answer, world.operations("/metrics")[1])
            world.configured()

        @checks.check("curl signs in by HTTP/1.1 and by HTTP/2, with the token in its first request and after a challenge")
        def _():
            for options in (["--http1.1"], ["--http2"], ["--http1.1", "--anyauth"], ["--http2", "--anyauth"]):
                jar = folder / f"jar-{len(options)}-{options[0]}"
                common = ["curl", "-s", *options[:1], "--cacert", gateway.authority, "-c", jar, "-b", jar, "-H", "Accept: text/html"]
                sent = run(*common, "-o", "/dev/null", "-w", "%{redirect_url}", gateway.url("quiet.localhost"))
                way = ["--anyauth"] if "--anyauth" in options else ["--negotiate"]
                back = run(*common, *way, "-u", ":", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", sent, environment=tickets["alice"])
                assert back.startswith("303 ") and "/.sekisho/callback" in back, (options, back)
                page = run(*common, "-L", back.split(" ", 1)[1])
                assert page == "alice", (options, page)

        @checks.check("curl without a ticket gets the page, in one request")
        def _():
            sent = run("curl", "-s", "--cacert", gateway.authority, "-H", "Accept: text/html", "-o", "/dev/null", "-w", "%{redirect_url}", gateway.url("offer.localhost"))
            got = run("curl", "-s", "--negotiate", "-u", ":", "--cacert", gateway.authority, "-H", "Accept: text/html", "-w", "\n%{http_code} %{num_connects}", sent, environment=realm.nobody())
            assert got.endswith("401 1") and "current-password" in got, got[-300:]

        @checks.check("explain and a live request agree on check 3")
        def _():
            asked = ["explain", "--app", "gate", "--from", "127.0.0.1", "--user", "alice", "--json"]
            for proved, stops in ((["password"], "desktop_sso_missing"), (["kerberos"], "primary_factor_missing"), (["kerberos", "password"], None)):
                said = json.loads(world.command(*asked, *[word for one in proved for word in ("--with", one)]))
                assert said.get("because") == stops, (proved, said)
            program = Browser(gateway.authority).get(gateway.url("gate.localhost"), headers={"Accept": "application/json", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, follow=False)
            assert program.status == 401 and "desktop_sso_missing" in program.text, program
            effective = world.command("check")
            assert "a Kerberos ticket, which stands for check 4 too" in effective, effective

        @checks.check("the doctor names what is to be registered, what the keytab holds and what browsers need")
        def _():
            said = world.command("doctor", "kerberos")
            for part in (f"HTTP/{PORTAL}", "aes256", "AuthServerAllowlist", "network.negotiate-auth.trusted-uris", "setspn"):
                assert part in said, (part, said)

        @checks.check("a sign-in by ticket takes little of the processor")
        def _():
            def used():
                """Nanoseconds on a processor: of all threads, and of those that call the library."""
                of_all = of_library = 0
                for thread in pathlib.Path(f"/proc/{gateway.process.pid}/task").iterdir():
                    spent = int((thread / "schedstat").read_text().split()[0])
                    of_all += spent
                    of_library += spent if (thread / "comm").read_text().startswith("kerberos-") else 0
                return of_all, of_library

            given = [world.token(tickets["alice"]) for _ in range(60)]
            places = [world.path() for _ in given]
            before = used()
            for one, place in zip(given, places):
                assert world.show(one, path=place).status == 303
            whole, library = ((after - earlier) / len(given) / 1e6 for after, earlier in zip(used(), before))
            print(f"        {library:.2f} ms of the library's threads, {whole:.2f} ms of all, TLS handshake and session included", flush=True)
            assert 0 < library < 2, library

    finally:
        world.end()
        realm.stop()
    code = checks.finish()
    if code == 0:
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
