#!/usr/bin/env python3
"""The gateway against a real 389 Directory Server: outcomes by code, text and its own controls, identities and groups, a password
that must be changed, and people who may not read their own entry.
"""
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
from ds389 import RIGHT, Ds389  # noqa: E402
from gateway import Browser, Forms, Gateway  # noqa: E402
from run import HEAD, App  # noqa: E402

checks = Checks()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-389-"))
    server = Ds389(folder / "ds")
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    (folder / "service.password").write_text("S3rvice!Passw0rd\n")
    table = f"""
[directory.ds]
kind = "389ds"
urls = ["ldap://localhost:{server.ldap}"]
authority = "{server.authority}"
domain = "ds.test"
base = "ou=people,{server.suffix}"
bind_as = "uid=service,{server.suffix}"
bind_password_file = "{folder}/service.password"
group_base = "ou=groups,{server.suffix}"
groups = {{ eng = ["cn=eng,ou=groups,{server.suffix}"] }}
sync_every = "1h"
"""
    demand = 'primary_factor = { methods = ["ad_password"] }\n'
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder / "gateway",
        apps={"desk.localhost": {"upstream": f"http://127.0.0.1:{app.server_port}", "demands": demand}}, extra=HEAD + table,
    )

    def command(*arguments, code=0):
        done = subprocess.run([gateway.binary, *arguments, "--config", str(gateway.config)], capture_output=True, text=True)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def enter(user, password, browser=None):
        browser = browser or Browser(gateway.authority)
        page = browser.get(gateway.url("desk.localhost"))
        form = Forms(page.text).with_field("username", "current-password")
        return browser.submit(page, form, username=user, current_password=password)

    def refusals(user):
        rows = [json.loads(line) for line in command("audit", "export").splitlines()]
        return [row.get("refusal") for row in rows if row["what"] == "sign_in" and row.get("user") == user]

    try:
        print("making a 389 Directory Server", flush=True)
        server.make()
        server.start()
        at = lambda rdn: f"{rdn},ou=people,{server.suffix}"
        server.modify("dn: cn=config\nchangetype: modify\nreplace: nsslapd-pwpolicy-local\nnsslapd-pwpolicy-local: on\n")
        people = ["bob", "locked", "inactive", "pwdexp", "mustchange", "gracious"]
        server.furnish([
            *(server.person(name) for name in people), server.person("smith", rdn="cn=Smith\\, John"),
            f"dn: cn=devs,ou=groups,{server.suffix}\nobjectClass: groupOfUniqueNames\ncn: devs\nuniqueMember: {at('uid=bob')}\n\n",
            f"dn: cn=eng,ou=groups,{server.suffix}\nobjectClass: groupOfNames\ncn: eng\nmember: cn=devs,ou=groups,{server.suffix}\nmember: {at('cn=Smith' + chr(92) + ', John')}\n\n",
        ])
        server.policy("locked", ["--pwdlockout", "on", "--pwdmaxfailures", "3"])
        server.policy("pwdexp", ["--pwdexpire", "on", "--pwdmaxage", "2"])
        server.policy("gracious", ["--pwdexpire", "on", "--pwdmaxage", "2", "--pwdgracelimit", "50"])
        server.policy("mustchange", ["--pwdmustchange", "on"])
        for name in ("pwdexp", "gracious", "mustchange"):
            server.modify(f"dn: {at(f'uid={name}')}\nchangetype: modify\nreplace: userPassword\nuserPassword: {RIGHT}\n")
        server.modify(f"dn: {at('uid=inactive')}\nchangetype: modify\nadd: nsAccountLock\nnsAccountLock: true\n")
        gateway.start()
        for name in [*people, "smith", "unknown"]:
            if name not in gateway.known:
                command("user", "add", name)
        command("user", "set-methods", "bob", "ad_password")

        @checks.check("389: the right password signs in, who is bound is compared as a name, and nested groups are walked")
        def _():
            for name in ("bob", "BOB", "smith"):
                page = enter(name, RIGHT)
                assert (page.status, page.text) == (200, name.lower()), page
                assert "eng" in json.loads(command("user", "show", name.lower(), "--json"))["user"]["groups"], name

        @checks.check("389: outcomes are distinguished by code, text and both controls; people get one answer (T31)")
        def _():
            for _ in range(4):
                enter("locked", "wrong")
            time.sleep(2.5)  # The server's own clock: passwords of two people are 2 s old.
            for user, password, word in [
                ("bob", "wrong", "directory_wrong"),
                ("unknown", RIGHT, "directory_wrong"),
                ("locked", RIGHT, "directory_account_locked"),
                ("inactive", RIGHT, "directory_account_disabled"),
                ("inactive", "wrong", "directory_account_disabled"),
                ("pwdexp", "wrong", "directory_wrong"),
                ("pwdexp", RIGHT, "directory_password_expired"),
                ("mustchange", RIGHT, "directory_must_change_password"),
            ]:
                page = enter(user, password)
                assert page.text != user, page
                assert word in refusals(user), (user, word, refusals(user))
            assert enter("gracious", RIGHT).text == "gracious", "a grace login is a sign-in"

        @checks.check("389: one person who must change the password shuts nobody out")
        def _():
            for _ in range(3):
                enter("mustchange", RIGHT)
                assert enter("bob", RIGHT).text == "bob"
            assert "directory_unreachable" not in (gateway.folder / "gateway.log").read_text()

        @checks.check("389: a password that must be changed is changed from the sign-in (RFC 3062), and then signs in")
        def _():
            browser = Browser(gateway.authority)
            page = enter("mustchange", RIGHT, browser)
            form = Forms(page.text).with_field("current-password", "new-password")
            assert form, page
            page = browser.submit(page, form, current=RIGHT, new="An0ther!Passw0rd", again="An0ther!Passw0rd")
            assert page.status == 200 and "has been changed" in page.text, page
            assert enter("mustchange", "An0ther!Passw0rd").text == "mustchange"

        @checks.check("389: who may not read the own entry is read by the account of ours")
        def _():
            server.modify(f'dn: {server.suffix}\nchangetype: modify\ndelete: aci\naci: (targetattr="*")(version 3.0; acl "own entry"; allow (read,search,compare) userdn="ldap:///self";)\n')
            assert enter("bob", RIGHT).text == "bob"

        @checks.check("389: the doctor finds server, controls, people and groups as they are, and says what is wrong and how to mend it")
        def _():
            said = command("doctor", "directory")
            for text in ["directory.ds\n", f"ok       ldap://localhost:{server.ldap}: its certificate is believed", "people: ", "a wrong password is refused as one (directory_wrong)"]:
                assert text in said, (text, said)
            assert "WRONG" not in said, said
            named = command("doctor", "directory", "ds", "--user", "bob")
            assert "nsUniqueId" in named and "WRONG" not in named, named
            (folder / "service.password").write_text("wrong\n")
            try:
                wrong = command("doctor", "directory", "ds", code=4)
                assert "WRONG    bind_as: `bind_as` cannot sign in there" in wrong, wrong
            finally:
                (folder / "service.password").write_text("S3rvice!Passw0rd\n")

        @checks.check("389: a reading of the whole switches off who is inactivated there, and on again")
        def _():
            server.modify(f"dn: {at('uid=bob')}\nchangetype: modify\nadd: nsAccountLock\nnsAccountLock: true\n")
            done = json.loads(command("directory", "sync", "ds", "--json"))
            assert done["switched_off"] == 1, done
            assert json.loads(command("user", "show", "bob", "--json"))["user"]["enabled"] is False
            server.modify(f"dn: {at('uid=bob')}\nchangetype: modify\ndelete: nsAccountLock\n")
            assert json.loads(command("directory", "sync", "ds", "--json"))["switched_on"] == 1
            assert enter("bob", RIGHT).text == "bob"

    finally:
        gateway.stop()
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
