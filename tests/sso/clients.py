#!/usr/bin/env python3
"""Desktop single sign-on with the clients that people have: Chromium, Firefox, Java, Python; and with the tickets of Active
Directory (Samba's), which carry an account, a SID and groups.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from checks import Checks  # noqa: E402
from realm import PORTAL, REALM, Realm, run  # noqa: E402
from samba import SambaRealm  # noqa: E402
from world import World  # noqa: E402

checks = Checks()

REQUESTS = '''
import socket
import sys
import requests
of_system = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: of_system("127.0.0.1" if host.endswith(".localhost") else host, *more, **named)
from requests_kerberos import HTTPKerberosAuth
session = requests.Session()
session.trust_env = False
session.verify = sys.argv[2]
session.headers["Accept"] = "text/html"
sent = session.get(sys.argv[1], allow_redirects=False)
page = session.get(sent.headers["Location"], auth=HTTPKerberosAuth())
print(page.status_code, page.text[:200])
'''


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-sso-"))
    realm = Realm(folder / "realm").start()
    realm.person("alice")
    realm.service(f"HTTP/{PORTAL}")
    world = World(folder / "gateway", realm.keytab, [REALM])
    gateway = world.gateway
    domain = SambaRealm(folder / "domain")

    def spki():
        made = subprocess.run(f"openssl x509 -in {gateway.folder}/leaf.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64",
                              shell=True, capture_output=True, check=True)
        return made.stdout.decode().strip()

    def browse(name, host, environment, visits=1):
        done = subprocess.run(["node", str(HERE.parent / "browser" / "ticket.mjs"), name, gateway.url(f"{host}.localhost"), spki(), str(visits)],
                              capture_output=True, text=True, env=environment, timeout=120)
        assert done.returncode == 0 and done.stdout.strip(), (done.stdout, done.stderr[-2000:])
        return json.loads(done.stdout.strip().splitlines()[-1])

    def java(environment, host):
        store = folder / "trust.p12"
        if not store.exists():
            run("keytool", "-importcert", "-noprompt", "-alias", "own", "-file", gateway.folder / "ca.pem", "-keystore", store, "-storepass", "changeit", "-storetype", "PKCS12")
        (folder / "jaas.conf").write_text("com.sun.security.jgss.krb5.initiate { com.sun.security.auth.module.Krb5LoginModule required "
                                          f'useTicketCache=true doNotPrompt=true ticketCache="{environment["KRB5CCNAME"].removeprefix("FILE:")}"; }};\n')
        (folder / "hosts").write_text(f"127.0.0.1 {PORTAL} " + " ".join(gateway.apps) + "\n")
        return run("java", f"-Djdk.net.hosts.file={folder}/hosts", f"-Djava.security.krb5.conf={environment['KRB5_CONFIG']}", f"-Djava.security.auth.login.config={folder}/jaas.conf",
                   "-Djavax.security.auth.useSubjectCredsOnly=false", f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit",
                   HERE / "Open.java", gateway.url(f"{host}.localhost"), environment=environment)

    try:
        gateway.start()
        alice, nobody = realm.signed_in("alice"), realm.nobody()

        for name in ("chromium", "firefox"):
            @checks.check(f"{name} with a ticket is signed in and shows no page of ours, and no box")
            def _():
                seen = browse(name, "quiet", alice, visits=2)
                assert seen["text"] == "alice" and seen["boxes"] == 0, seen

            @checks.check(f"{name} without a ticket shows the form, and no box")
            def _():
                seen = browse(name, "offer", nobody)
                assert seen["form"] and seen["boxes"] == 0 and seen["url"].startswith(world.portal), seen

            @checks.check(f"{name} with a ticket goes on to the password where the ticket is a gate")
            def _():
                seen = browse(name, "gate", alice, visits=2)
                assert seen["form"] and seen["boxes"] == 0, seen

        @checks.check("a Java program signs in by HttpURLConnection")
        def _():
            said = java(alice, "quiet")
            assert said.startswith("200 ") and said.strip().endswith("alice"), said[:500]

        @checks.check("a Java program without a ticket gets the page, and no exception")
        def _():
            said = java(nobody, "offer")
            assert said.startswith("401 ") and "current-password" in said, said[:500]

        @checks.check("a Python program signs in by requests-kerberos, which wants the answer's token and sends its own twice")
        def _():
            done = run("/usr/bin/python3", "-c", REQUESTS, gateway.url("quiet.localhost"), gateway.authority, environment=alice)
            assert done.strip() == "200 alice", done

        print("making a domain", flush=True)
        domain.start()
        for name in ("bob", "carol"):
            domain.person(name)
        world.keytab, world.realms = domain.keytab, ["CORP.TEST"]
        world.configured()
        for name in ("bob", "carol", "robert"):
            if name not in gateway.known:
                world.command("user", "add", name)

        @checks.check("one account of Active Directory is one user, by each of its names")
        def _():
            for name, options in (("bob", []), ("BOB", []), ("bob@corp.test", ["-E"]), ("bob", ["-C"])):
                _, page, _ = world.enter("quiet", domain.signed_in(name, *options))
                assert (page.status, page.text) == (200, "bob"), (name, options, page)
            steps = [row for row in world.audit("sign_in.step") if row.get("user") == "bob"]
            sids = {row["details"]["sid"] for row in steps}
            assert len(sids) == 1 and sids.pop().startswith("S-1-5-21-"), steps

        @checks.check("a computer's own account is no person")
        def _():
            domain.tool("computer", "create", "pc01")
            domain.tool("user", "setpassword", "pc01$", "--newpassword=B0b!Passw0rd")
            world.refused(world.token(domain.signed_in("PC01$")), "principal_of_a_machine")

        @checks.check("a renamed account stays the same user")
        def _():
            domain.tool("user", "rename", "bob", "--samaccountname=robert", "--upn=robert@corp.test")
            _, page, _ = world.enter("quiet", domain.signed_in("robert"))
            assert (page.status, page.text) == (200, "bob"), page

        @checks.check("a new account of an old name inherits nothing, until an administrator says so")
        def _():
            domain.person("bob")
            new = domain.signed_in("bob")
            world.refused(world.token(new), "account_changed")
            assert "account_changed" in world.refusals()
            world.command("user", "untie-account", "bob")
            _, page, _ = world.enter("quiet", new)
            assert (page.status, page.text) == (200, "bob"), page

        @checks.check("an account that is disabled there goes on until its ticket ends; disabled here it ends at once")
        def _():
            carol = domain.signed_in("carol")
            assert world.enter("quiet", carol)[1].text == "carol"
            domain.tool("user", "disable", "carol")
            assert world.enter("quiet", carol)[1].text == "carol"
            world.command("user", "disable", "carol")
            assert world.enter("quiet", carol)[1].text != "carol"

        @checks.check("a ticket with the groups of 300 fits, with delegation too")
        def _():
            domain.person("dora")
            world.command("user", "add", "dora") if "dora" not in gateway.known else None
            base = "DC=corp,DC=test"
            groups = "".join(f"dn: CN=g{number},CN=Users,{base}\nobjectClass: group\nsAMAccountName: g{number}\nmember: CN=dora,CN=Users,{base}\n\n" for number in range(300))
            (domain.folder / "groups.ldif").write_text(groups)
            run("ldbadd", "-H", domain.state / "private" / "sam.ldb", domain.folder / "groups.ldif")
            domain.change(f"dn: CN=svc-sekisho,CN=Users,{base}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: {0x200 | 0x80000}\n")
            dora = domain.signed_in("dora", "-f")
            for options in ([], ["--delegate"]):
                given = world.token(dora, *options)
                answer = world.show(given, world.path())
                print(f"        a header of {len(given)} bytes", flush=True)
                assert answer.status == 303 and len(given) > 4000, (len(given), answer)

        for name in ("chromium", "firefox"):
            @checks.check(f"{name} with a ticket of Active Directory is signed in")
            def _():
                seen = browse(name, "quiet", domain.signed_in("dora"), visits=2)
                assert seen["text"] == "dora" and seen["boxes"] == 0, seen

        @checks.check("curl and Java with a ticket of Active Directory are signed in")
        def _():
            dora = domain.signed_in("dora")
            assert java(dora, "quiet").strip().endswith("dora")
            sent = run("curl", "-s", "--cacert", gateway.authority, "-H", "Accept: text/html", "-o", "/dev/null", "-w", "%{redirect_url}", gateway.url("quiet.localhost"))
            back = run("curl", "-s", "--negotiate", "-u", ":", "--cacert", gateway.authority, "-H", "Accept: text/html", "-o", "/dev/null", "-w", "%{http_code}", sent, environment=dora)
            assert back == "303", back
    finally:
        world.end()
        realm.stop()
        domain.stop()
    code = checks.finish()
    if code == 0:
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
