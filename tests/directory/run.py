#!/usr/bin/env python3
"""The gateway against a real Active Directory (Samba's): passwords that it judges, by ldaps and by StartTLS, and what is said
to whom when it says no, is not what it says it is, or is not there.
"""
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from domain import ADDRESS, ANOTHER_ADDRESS, BASE, SUFFIX, Domain  # noqa: E402
from gateway import Browser, Forms, Gateway  # noqa: E402

checks = Checks()
RIGHT = "B0b!Passw0rd"
GROUPS = """
groups = { eng = ["CN=eng,CN=Users,DC=corp,DC=test"], staff = ["cn=STAFF, cn=users, dc=corp, dc=test"], everybody = ["CN=Domain Users,CN=Users,DC=corp,DC=test"] }
"""
HEAD = """[password]
memory_mib = 19
passes = 2
[regulation]
per_user_and_network = 1000
per_network = 1000
longest_delay = "1ms"
"""


class App(http.server.BaseHTTPRequestHandler):
    """Says whom the gateway brought."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = (self.headers.get("Remote-User") or "nobody").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-directory-"))
    domain = Domain(folder / "domain")
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    upstream = f"http://127.0.0.1:{app.server_port}"
    demands = 'primary_factor = { methods = ["%s"] }\n'
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder / "gateway",
        apps={"desk.localhost": {"upstream": upstream, "demands": demands % "ad_password"},
              "mixed.localhost": {"upstream": upstream, "demands": demands % 'password", "ad_password'}},
        extra=HEAD + domain.table(),
    )

    def with_directory(*arguments, **keywords):
        """The gateway restarted with another directory in its config."""
        gateway.stop()
        gateway.extra = HEAD + domain.table(*arguments, **keywords)
        gateway.write_config()
        gateway.start()

    def command(*arguments):
        done = subprocess.run([gateway.binary, *arguments, "--config", str(gateway.config)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def enter(user, password, host="desk.localhost"):
        """What a browser gets that fills in the form on the way to the app."""
        browser = Browser(gateway.authority)
        page = browser.get(gateway.url(host))
        form = Forms(page.text).with_field("username", "current-password")
        return browser.submit(page, form, username=user, current_password=password)

    def answer_text(answer, user):
        """The page without what is each attempt's own."""
        text = re.sub(r'name="for" value="[^"]*"|for=[A-Za-z0-9_%.-]+', "FOR", answer.text)
        return answer.status, text.replace(f'value="{user}"', 'value="USER"')

    def refusals(user):
        rows = [json.loads(line) for line in command("audit", "export").splitlines()]
        return [row.get("refusal") for row in rows if row["what"] == "sign_in" and row.get("user") == user]

    def log():
        return (gateway.folder / "gateway.log").read_text()

    def metric(name):
        connection = http.client.HTTPConnection("127.0.0.1", gateway.operations, timeout=5)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    try:
        print("making a domain", flush=True)
        domain.make()
        for name in ["alice", "bob", "disabled", "locked", "pwdexp", "acctexp", "protected", "o'brien", "svc"]:
            domain.add(name, RIGHT)
        domain.tool("group", "addmembers", "Protected Users", "protected")
        for name, members in [("devs", "bob"), ("eng", "devs"), ("staff", "eng")]:
            domain.tool("group", "add", name)
            domain.tool("group", "addmembers", name, members)
        domain.tool("ou", "create", f"OU=Sales\\, EMEA,{BASE}")
        domain.tool("user", "create", "carol", RIGHT, "--userou=OU=Sales\\, EMEA")
        domain.add("mustchange", RIGHT, "--must-change-at-next-login")
        domain.tool("user", "disable", "disabled")
        domain.tool("user", "setexpiry", "acctexp", "--days=-2")
        domain.let_password_expire("pwdexp")
        domain.tool("domain", "passwordsettings", "set", "--account-lockout-threshold=4", "--account-lockout-duration=30", "--reset-account-lockout-after=30")
        domain.start()
        gateway.start()
        for name in ["disabled", "locked", "pwdexp", "acctexp", "mustchange", "protected", "o'brien", "unknown"]:
            command("user", "add", name)
        command("user", "set-methods", "bob", "ad_password")

        @checks.check("the right password signs in, in any spelling of the name (ldaps)")
        def _():
            for name in ("bob", "BOB", " bob "):
                page = enter(name, RIGHT)
                assert (page.status, page.text) == (200, "bob"), page

        @checks.check("every other attempt gets one same answer, and the audit log says why in words (T31, T33)")
        def _():
            for _ in range(4):
                enter("locked", "wrong")
            wrong = answer_text(enter("bob", "wrong"), "bob")
            assert wrong[0] == 401 and "The user name or the password is wrong" in wrong[1], wrong
            expected = {
                ("bob", RIGHT + "\0"): "directory_password_not_sent",
                ("bob", "\0"): "directory_password_not_sent",
                ("bob", "   "): "directory_wrong",
                ("nobody-at-all", RIGHT): "unknown_or_disabled",
                # Samba says of a name that it does not know what it says of a wrong password; Microsoft's says 525.
                ("unknown", RIGHT): "directory_wrong",
                ("disabled", RIGHT): "directory_account_disabled",
                ("locked", RIGHT): "directory_account_locked",
                ("protected", RIGHT): "directory_account_restricted",
                ("acctexp", RIGHT): "directory_account_expired",
                # What means something in a filter or a name is not a name of ours, and reaches no directory.
                ("*)(uid=*))(|(uid=*", RIGHT): "unknown_or_disabled",
                ("CORP\\bob", RIGHT): "unknown_or_disabled",
            }
            for (user, password), word in expected.items():
                answer = enter(user, password)
                if user.isalnum() or "-" in user:
                    assert answer_text(answer, user) == wrong, (user, answer)
                else:
                    assert answer.status == 401 and "The user name or the password is wrong" in answer.text, (user, answer)
                assert word in refusals(user), (user, refusals(user))
            assert "directory_wrong" in refusals("bob")

        @checks.check("the owner of a right password that must be changed sees that, and it does not count")
        def _():
            for user, word in [("mustchange", "directory_must_change_password"), ("pwdexp", "directory_password_expired")]:
                page = enter(user, RIGHT)
                assert page.status == 401 and "must be changed before you can sign in" in page.text, page
                assert word in refusals(user), (user, refusals(user))
                assert "must be changed" not in enter(user, "wrong").text

        @checks.check("an apostrophe is part of a name")
        def _():
            assert enter("o'brien", RIGHT).text == "o'brien"

        @checks.check("nested groups and the primary group are found by walking, and a rename keeps the account (objectGUID)")
        def _():
            with_directory(more=GROUPS)
            assert enter("bob", RIGHT).text == "bob"
            groups = lambda user: set(json.loads(command("user", "show", user, "--json"))["user"]["groups"])
            assert groups("bob") >= {"eng", "staff", "everybody"}, groups("bob")
            assert enter("o'brien", RIGHT).text == "o'brien"
            assert groups("o'brien") & {"eng", "staff", "everybody"} == {"everybody"}, groups("o'brien")
            domain.tool("user", "rename", "o'brien", "--force-new-cn=Conan Renamed")
            assert enter("o'brien", RIGHT).text == "o'brien"

        @checks.check("a password that must be changed is changed from the sign-in, by an account of ours and the present one")
        def _():
            password = folder / "svc.password"
            password.write_text(RIGHT)
            with_directory(more=f'{GROUPS}bind_as = "svc@{SUFFIX}"\nbind_password_file = "{password}"\nsync_every = "1h"\n')
            browser = Browser(gateway.authority)
            page = browser.get(gateway.url("desk.localhost"))
            page = browser.submit(page, Forms(page.text).with_field("username", "current-password"), username="mustchange", current_password=RIGHT)
            form = Forms(page.text).with_field("current-password", "new-password")
            assert form, page
            wrong = browser.submit(page, form, current="wrong", new="N3w!Passw0rd", again="N3w!Passw0rd")
            assert wrong.status == 422 and "not your current password" in wrong.text, wrong
            weak = browser.submit(page, form, current=RIGHT, new="short", again="short")
            assert weak.status == 422 and "does not meet the rules" in weak.text, weak
            done = browser.submit(page, form, current=RIGHT, new="N3w!Passw0rd", again="N3w!Passw0rd")
            assert done.status == 200 and "has been changed" in done.text, done
            assert enter("mustchange", "N3w!Passw0rd").text == "mustchange"

        @checks.check("the whole directory is read again: who is switched off there is switched off here")
        def _():
            domain.tool("user", "disable", "o'brien")
            done = json.loads(command("directory", "sync", "corp", "--json"))
            assert done["switched_off"] == 1, done
            domain.tool("user", "enable", "o'brien")
            assert json.loads(command("directory", "sync", "corp", "--json"))["switched_on"] == 1

        @checks.check("a base with an escaped comma is a base")
        def _():
            with_directory()
            gateway.stop()
            text = gateway.config.read_text().replace(f'base = "{BASE}"', f"base = 'OU=Sales\\, EMEA,{BASE}'")
            gateway.config.write_text(text)
            gateway.start()
            command("user", "add", "carol")
            assert enter("carol", RIGHT).text == "carol"
            with_directory()

        @checks.check("an empty password is asked for again, for every name, and reaches no directory (T33)")
        def _():
            before = len(refusals("bob"))
            one, other = answer_text(enter("bob", ""), "bob"), answer_text(enter("nobody-at-all", ""), "nobody-at-all")
            assert one[0] == 401 and one == other, one
            assert len(refusals("bob")) == before

        @checks.check("a password changed in the directory counts at once")
        def _():
            domain.tool("user", "setpassword", "bob", "--newpassword=An0ther!Passw0rd")
            assert enter("bob", "An0ther!Passw0rd").text == "bob"
            assert enter("bob", RIGHT).status == 401
            domain.tool("user", "setpassword", "bob", f"--newpassword={RIGHT}")

        @checks.check("where both kinds are accepted, the one that is assigned counts (A-05)")
        def _():
            assert enter("bob", RIGHT, "mixed.localhost").text == "bob"
            assert enter("bob", gateway.known["bob"]["password"], "mixed.localhost").status == 401
            command("user", "set-methods", "bob", "password")
            assert enter("bob", gateway.known["bob"]["password"], "mixed.localhost").text == "bob"
            assert enter("bob", RIGHT, "mixed.localhost").status == 401
            assert enter("bob", RIGHT).status == 401, "not assigned (R-036)"
            command("user", "set-methods", "bob", "ad_password")

        @checks.check("the same by StartTLS")
        def _():
            with_directory([f"ldap://{ADDRESS}"])
            assert enter("bob", RIGHT).text == "bob"
            assert enter("bob", "wrong").status == 401

        @checks.check("the servers that the domain's own DNS names (SRV) are asked by StartTLS, and verified by their names")
        def _():
            with_directory(servers=f'srv = "{SUFFIX}"\ndns = ["{ADDRESS}"]')
            assert enter("bob", RIGHT).text == "bob"
            assert enter("bob", "wrong").status == 401
            assert "directory_servers_found" in log() and f"ldap://dc1.{SUFFIX}:389" in log(), log()[-2000:]
            with_directory(servers=f'srv = "_ldap._tcp.Default-First-Site-Name._sites.dc._msdcs.{SUFFIX}"\ndns = ["{ADDRESS}"]')
            assert enter("bob", RIGHT).text == "bob"
            with_directory(servers=f'srv = "elsewhere.{SUFFIX}"\ndns = ["{ADDRESS}"]')
            assert enter("bob", RIGHT).status == 503
            assert f"DNS knows no `_ldap._tcp.dc._msdcs.elsewhere.{SUFFIX}`" in log(), log()[-2000:]

        @checks.check("the doctor looks at the domain: certificate, clock, account, people, groups; what is wrong is said with what to do")
        def _():
            service = f'bind_as = "svc@{SUFFIX}"\nbind_password_file = "{folder}/svc.password"\n'
            with_directory(more=GROUPS + service, servers=f'srv = "{SUFFIX}"\ndns = ["{ADDRESS}"]')
            said = command("doctor", "directory", "corp", "--user", "bob")
            for text in [f"ok       DNS: `_ldap._tcp.dc._msdcs.{SUFFIX}` names ldap://dc1.{SUFFIX}:389", "its certificate is believed", "(29 days)",
                         "of the kind that the config says", "in pages", " s apart", "`base` is in what it holds", "a wrong password is refused as one (directory_wrong)",
                         "bind_as: the account signs in", "groups.staff: cn=STAFF,cn=users,dc=corp,dc=test is there", "and the list is whole",
                         f"bob: the entry is CN=bob,CN=Users,{BASE}", "objectGUID names the entry for good", "of ours: eng, everybody, staff"]:
                assert text.lower() in said.lower(), (text, said)
            assert "WRONG" not in said and "warning" not in said, said
            wrong = GROUPS.replace("CN=eng,", "CN=nowhere,") + service
            with_directory([f"ldaps://{ANOTHER_ADDRESS}", f"ldaps://{ADDRESS}"], more=wrong)
            done = subprocess.run([gateway.binary, "doctor", "directory", "--config", str(gateway.config)], capture_output=True, text=True)
            assert done.returncode == 4, done
            assert "wrong    groups.eng: cn=nowhere,cn=users,dc=corp,dc=test" in done.stdout.lower(), done.stdout
            assert "lacks the host of `urls`" in done.stdout and "no connection over TLS" in done.stdout, done.stdout
            with_directory()

        @checks.check("a server whose certificate names another host is not spoken with (T34)")
        def _():
            for scheme in ("ldaps", "ldap"):
                with_directory([f"{scheme}://{ANOTHER_ADDRESS}"])
                assert enter("bob", RIGHT).status == 503
            log = (gateway.folder / "gateway.log").read_text()
            assert "directory_unreachable" in log and "not valid for name" in log, log[-2000:]

        @checks.check("a certificate of another authority is not believed (T34)")
        def _():
            for scheme in ("ldaps", "ldap"):
                with_directory([f"{scheme}://{ADDRESS}"], authority=domain.other_authority)
                assert enter("bob", RIGHT).status == 503
            log = (gateway.folder / "gateway.log").read_text()
            assert "UnknownIssuer" in log or "BadSignature" in log, log[-2000:]

        @checks.check("a base where nobody finds the own entry lets nobody in, and says so to operators")
        def _():
            with_directory(more="", urls=[f"ldaps://{ADDRESS}"])
            text = gateway.config.read_text().replace("DC=corp,DC=test", "OU=Domain Controllers,DC=corp,DC=test")
            gateway.stop()
            gateway.config.write_text(text)
            gateway.start()
            assert enter("bob", RIGHT).status == 401
            assert "directory_another_identity" in refusals("bob")
            assert "no entry below `base` has this name" in (gateway.folder / "gateway.log").read_text()

        @checks.check("both passwords together while login-protect's state cannot be asked (R-158; cargo test, this directory)")
        def _():
            table = folder / "table.toml"
            table.write_text(domain.table())
            done = subprocess.run(["cargo", "test", "--quiet", "--lib", "both_passwords_are_needed_while"], cwd=ROOT, capture_output=True, text=True,
                                  env={**os.environ, "SEKISHO_TEST_DIRECTORY": str(table)})
            assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]

        @checks.check("a directory that is down lets nobody in; everybody gets the same answer, and operators learn of it")
        def _():
            with_directory()
            assert enter("bob", RIGHT).text == "bob"
            domain.stop()
            answer = enter("bob", RIGHT)
            assert answer.status == 503 and int(answer.header("retry-after")) >= 1, answer
            assert answer_text(answer, "bob") == answer_text(enter("nobody-at-all", "wrong"), "nobody-at-all")
            assert "directory_unreachable" in refusals("bob")
            assert metric("sekisho_directory_unreachable_total") >= 1
            domain.start()
            assert wait_for(lambda: enter("bob", RIGHT).text == "bob")

    finally:
        gateway.stop()
        domain.stop()
        domain.run("rm", "-rf", domain.state)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.finish()


def wait_for(condition, within=15):
    end = time.time() + within
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.5)
    return False


if __name__ == "__main__":
    sys.exit(main())
