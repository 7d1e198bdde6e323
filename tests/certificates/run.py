#!/usr/bin/env python3
"""Certificates that the gateway issues: the program makes an authority and issues, and the containers are opened by OpenSSL, NSS
(which Chromium and Firefox keep their certificates in), GnuTLS, Java and Python; curl shows one to the gateway."""
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from gateway import Gateway  # noqa: E402

checks = Checks()
YEAR = time.gmtime().tm_year


def ran(*command, fails=False, **more):
    """What a command said; it has to succeed, or to fail. OpenSSL writes names beyond ASCII in no encoding at all."""
    done = subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8", errors="replace", timeout=120, **more)
    assert (done.returncode != 0) == fails, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


class Upstream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"hello {self.headers.get('Remote-User', 'nobody')}".encode())

    def log_message(self, *_):
        pass


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-certificates-"))
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    demands = 'client_certificate = { trust = ["issued"] }\nprimary_factor = { mode = "off" }\n'
    apps = {"vault.localhost": {"upstream": f"http://127.0.0.1:{upstream.server_port}", "demands": demands}}
    binary = os.environ["SEKISHO"]
    gateway = Gateway(binary=binary, folder=folder, apps={})
    sekisho = lambda *command: json.loads(ran(binary, *command, "--json", "--config", gateway.config) or "{}")

    # Before the gateway runs: the authority first, since the config names what it writes.
    sekisho("user", "add", "alice")
    sekisho("group", "add", "staff")
    authority = sekisho("authority", "create", "--organisation", "Example 関所")
    anchors = pathlib.Path(authority["bundle"])
    lists = anchors.with_name("revoked.pem")
    gateway.apps = apps
    gateway.extra = f'[trust.issued]\nbundle = "{anchors}"\nrevocation_lists = ["{lists}"]\n'
    gateway.make_certificates()
    gateway.write_config()
    issue = lambda file, *more: sekisho("certificate", "issue", "--last-day", f"{YEAR + 2}-12-31", "--out", folder / file, *more)
    issued = {
        "modern": issue("modern.p12", "--name", "ｉＰｈｏｎｅ１５", "--user", "alice"),
        "older": issue("older.p12", "--name", "Tablet7", "--user", "alice", "--older-devices"),
    }
    gateway.spawn()
    try:
        for form, view in issued.items():
            file, passphrase, label = folder / f"{form}.p12", view["passphrase"], view["label"]

            @checks.check(f"OpenSSL opens the {form} container, without its providers of old algorithms, and the chain verifies for clients")
            def _():
                found = ran("openssl", "pkcs12", "-in", file, "-info", "-nodes", "-passin", f"pass:{passphrase}")
                assert found.count("BEGIN CERTIFICATE") == 3 and found.count("BEGIN PRIVATE KEY") == 1, found
                assert ("PBES2" in found) == (form == "modern") and ("TripleDES" in found or "3-KeyTripleDES" in found) == (form == "older"), found
                (folder / f"{form}.pem").write_text(ran("openssl", "pkcs12", "-in", file, "-nokeys", "-clcerts", "-passin", f"pass:{passphrase}"))
                said = ran("openssl", "verify", "-partial_chain", "-purpose", "sslclient", "-crl_check", "-CAfile", anchors, "-CRLfile", lists, folder / f"{form}.pem")
                assert said.strip().endswith("OK"), said
                ran("openssl", "verify", "-partial_chain", "-purpose", "sslserver", "-CAfile", anchors, folder / f"{form}.pem", fails=True)
                text = ran("openssl", "x509", "-in", folder / f"{form}.pem", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus")
                assert label in text and "TLS Web Client Authentication" in text and f"{authority['authority']}.crl" in text, text

            @checks.check(f"OpenSSL refuses the {form} container under another passphrase")
            def _():
                said = ran("openssl", "pkcs12", "-in", file, "-nodes", "-passin", "pass:another", fails=True)
                assert "invalid password" in said, said

            @checks.check(f"NSS imports the {form} container (pk12util), and shows the name and the key (certutil)")
            def _():
                base = folder / f"nss-{form}"
                base.mkdir()
                ran("certutil", "-N", "-d", f"sql:{base}", "--empty-password")
                ran("pk12util", "-i", file, "-d", f"sql:{base}", "-W", passphrase)
                shown = ran("certutil", "-L", "-d", f"sql:{base}")
                keys = ran("certutil", "-K", "-d", f"sql:{base}")
                assert "u,u,u" in shown and keys.count("ec ") == 1, shown + keys
                assert label in shown, shown

            @checks.check(f"NSS keeps a second certificate of the same name under a name of its own ({form})")
            def _():
                base = folder / f"nss-{form}"
                renewed = issue(f"{form}-renewed.p12", "--name", label, "--user", "alice")
                ran("pk12util", "-i", folder / f"{form}-renewed.p12", "-d", f"sql:{base}", "-W", renewed["passphrase"])
                names = [line.removesuffix("u,u,u").strip() for line in ran("certutil", "-L", "-d", f"sql:{base}").splitlines() if line.endswith("u,u,u")]
                assert len(set(names)) == 2 and len(names) == 2, names

            @checks.check(f"GnuTLS opens the {form} container (certtool)")
            def _():
                found = ran("certtool", "--p12-info", "--inder", "--infile", file, "--password", passphrase)
                assert found.count("BEGIN CERTIFICATE") == 3 and "PRIVATE KEY" in found, found

            @checks.check(f"Java opens the {form} container (keytool), with its chain and an alias that is its own")
            def _():
                found = ran("keytool", "-list", "-v", "-storetype", "PKCS12", "-keystore", file, "-storepass", passphrase)
                assert "PrivateKeyEntry" in found and "Certificate chain length: 3" in found, found
                assert view["serial"][:8] in found, found

            @checks.check(f"Python (cryptography) opens the {form} container")
            def _():
                from cryptography.hazmat.primitives.serialization import pkcs12

                key, leaf, more = pkcs12.load_key_and_certificates(file.read_bytes(), passphrase.encode())
                assert key.curve.name == "secp256r1" and len(more) == 2 and f"{leaf.serial_number:x}" == view["serial"], leaf

        curl = lambda form, url: ran(
            "curl", "--silent", "--cacert", gateway.authority, "--cert-type", "P12", "--cert", f"{folder / form}.p12:{issued[form]['passphrase']}",
            "--resolve", f"vault.localhost:{gateway.port}:127.0.0.1", "--write-out", " %{http_code}", "--header", "Accept: application/json", url,
        )
        vault = gateway.url("vault.localhost")

        @checks.check("curl shows each to the gateway, which knows the user by it")
        def _():
            for form in issued:
                assert curl(form, vault) == "hello alice 200", curl(form, vault)

        @checks.check("revoked by the running gateway: refused at once, named by the published list, and by OpenSSL with that list")
        def _():
            sekisho("certificate", "revoke", issued["older"]["certificate"])
            said = curl("older", vault)
            assert "certificate_revoked" in said and said.endswith(" 403"), said
            assert curl("modern", vault).endswith(" 200")
            address = gateway.url("auth.localhost", f"/.well-known/sekisho/{authority['authority']}.crl")
            ran("curl", "--silent", "--fail", "--cacert", gateway.authority, "--resolve", f"auth.localhost:{gateway.port}:127.0.0.1", "--output", folder / "list.der", address)
            (folder / "list.pem").write_text(ran("openssl", "crl", "-inform", "DER", "-in", folder / "list.der"))
            text = ran("openssl", "crl", "-in", folder / "list.pem", "-noout", "-text").lower().replace(":", "")
            assert issued["older"]["serial"] in text and issued["modern"]["serial"] not in text, text
            check = ["openssl", "verify", "-partial_chain", "-crl_check", "-CAfile", anchors, "-CRLfile", folder / "list.pem"]
            assert "revoked" in ran(*check, folder / "older.pem", fails=True)
            ran(*check, folder / "modern.pem")
            assert "serial" in ran("certtool", "--crl-info", "--inder", "--infile", folder / "list.der").lower()

        @checks.check("a request that OpenSSL made is signed for a key that stays where it is; a weak one is refused with words")
        def _():
            request = lambda kind, *options: ran("openssl", "req", "-new", "-newkey", kind, *options, "-nodes", "-subj", "/CN=ignored", "-keyout", folder / "own.key", "-out", folder / "own.csr")
            sign = lambda **how: ran(binary, "certificate", "sign", "--file", folder / "own.csr", "--name", "Laptop", "--user", "alice", "--last-day", f"{YEAR + 1}-12-31",
                                     "--out", folder / "own.pem", "--config", gateway.config, **how)
            request("rsa:1024")
            assert "an RSA key of 1024 bits" in sign(fails=True)
            for kind, options in (("rsa:2048", ()), ("ec", ("-pkeyopt", "ec_paramgen_curve:P-384"))):
                (folder / "own.pem").unlink(missing_ok=True)
                request(kind, *options)
                sign()
                said = ran("curl", "--silent", "--cacert", gateway.authority, "--cert", folder / "own.pem", "--key", folder / "own.key",
                           "--resolve", f"vault.localhost:{gateway.port}:127.0.0.1", "--write-out", " %{http_code}", vault)
                assert said == "hello alice 200", f"{kind}: {said}"

        @checks.check("neither the log nor the state has a passphrase, and an issued file is its owner's alone")
        def _():
            for path in [gateway.folder / "gateway.log", *[one for one in (folder / "state").rglob("*") if one.is_file()]]:
                content = path.read_bytes()
                for view in issued.values():
                    assert view["passphrase"].encode() not in content, path
            assert (folder / "modern.p12").stat().st_mode & 0o777 == 0o600

        @checks.check("the authority is renewed while the gateway runs: what the key before signed and what the new one signs both pass")
        def _():
            sekisho("authority", "renew")
            issued["next"] = issue("next.p12", "--name", "Next", "--user", "alice")
            assert issued["next"]["authority"] != issued["modern"]["authority"]
            # The anchors are a file that the config names: a change is noticed within a second or two.
            end = time.time() + 60
            while not curl("next", vault).endswith(" 200"):
                assert time.time() < end, curl("next", vault)
                time.sleep(0.2)
            assert curl("modern", vault).endswith(" 200")
        @checks.check("an issuing key that OpenSSL made is imported (SEC 1), and what it signs passes; a key that is not its own is refused")
        def _():
            ran("openssl", "ec", "-in", folder / "ca.key", "-out", folder / "sec1.key")
            assert "BEGIN EC PRIVATE KEY" in (folder / "sec1.key").read_text()
            refused = ran(binary, "authority", "import", "--chain", gateway.authority, "--key", folder / "server.key", "--config", gateway.config, fails=True)
            assert "not that of the first certificate" in refused, refused
            # Names that the library cannot write again as they are: what it signed would lead to no authority.
            ran("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/DC=com/DC=example/CN=Corp", "-keyout", folder / "dc.key", "-out", folder / "dc.pem")
            refused = ran(binary, "authority", "import", "--chain", folder / "dc.pem", "--key", folder / "dc.key", "--config", gateway.config, fails=True)
            assert "several values of one kind" in refused, refused
            sekisho("authority", "import", "--chain", gateway.authority, "--key", folder / "sec1.key")
            issued["own"] = sekisho("certificate", "issue", "--last-day", time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400)), "--out", folder / "own.p12", "--name", "Own", "--user", "alice")
            end = time.time() + 60
            while not curl("own", vault).endswith(" 200"):
                assert time.time() < end, curl("own", vault)
                time.sleep(0.2)

        @checks.check("the lists of an imported authority, which chose its own key identifier, are followed by OpenSSL")
        def _():
            ran("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1500", "-subj", "/CN=Corporate CA",
                "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-addext", "subjectKeyIdentifier=01:02:03:04:05:06:07:08", "-keyout", folder / "corp.key", "-out", folder / "corp.pem")
            corp = sekisho("authority", "import", "--chain", folder / "corp.pem", "--key", folder / "corp.key")
            for name in ("kept", "gone"):
                view = issue(f"{name}.p12", "--name", name, "--user", "alice")
                (folder / f"{name}.pem").write_text(
                    ran("openssl", "pkcs12", "-in", folder / f"{name}.p12", "-nokeys", "-clcerts", "-passin", f"pass:{view['passphrase']}")
                )
            sekisho("certificate", "revoke", view["certificate"])
            address = gateway.url("auth.localhost", f"/.well-known/sekisho/{corp['authority']}.crl")
            ran("curl", "--silent", "--fail", "--cacert", gateway.authority, "--resolve", f"auth.localhost:{gateway.port}:127.0.0.1", "--output", folder / "corp.der", address)
            (folder / "corp.crl").write_text(ran("openssl", "crl", "-inform", "DER", "-in", folder / "corp.der"))
            assert "01:02:03:04:05:06:07:08" in ran("openssl", "crl", "-in", folder / "corp.crl", "-noout", "-text")
            for lists in (folder / "corp.crl", anchors.with_name("revoked.pem")):
                verify = ["openssl", "verify", "-partial_chain", "-purpose", "sslclient", "-crl_check", "-CAfile", folder / "corp.pem", "-CRLfile", lists]
                assert ran(*verify, folder / "kept.pem").strip().endswith("OK")
                assert "revoked" in ran(*verify, folder / "gone.pem", fails=True)
    finally:
        gateway.stop()
        upstream.shutdown()
    outcome = checks.finish()
    if outcome == 0:
        shutil.rmtree(folder)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
