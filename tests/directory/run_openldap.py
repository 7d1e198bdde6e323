#!/usr/bin/env python3
"""The gateway against two real OpenLDAPs at once: one whose people are bound by a pattern, one in which an account of ours looks
for them by StartTLS behind a pinned home-made certificate. Outcomes, groups, identities, and what is said to whom.
"""
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from dns import Dns  # noqa: E402
from gateway import Browser, Forms, Gateway  # noqa: E402
from openldap import RIGHT, OpenLdap  # noqa: E402
from run import HEAD, App, wait_for  # noqa: E402

checks = Checks()
SMITH, PLUS = "cn=Smith\\, John", "cn=Plus \\2B \\22Q\\22 #x"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-openldap-"))
    home, partner = OpenLdap(folder / "home").make(), OpenLdap(folder / "partner", "partner", home_made=True).make()
    dns = Dns(folder / "dns")
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    upstream = f"http://127.0.0.1:{app.server_port}"
    demand = 'primary_factor = { methods = ["%s"]%s }\n'
    (folder / "service.password").write_text("S3rvice!Passw0rd\n")

    def tables(home_more="", partner_more="", pin=True, home_servers=None):
        pins = f'pins = ["{partner.fingerprint()}"]' if pin else f'authority = "{partner.authority}"'
        return f"""
[directory.home]
kind = "openldap"
{home_servers or f'urls = ["ldaps://localhost:{home.ldaps}"]'}
authority = "{home.authority}"
domain = "home.test"
base = "ou=people,{home.suffix}"
user_dn = "uid={{user}},ou=people,{home.suffix}"
group_base = "ou=groups,{home.suffix}"
groups = {{ staff = ["cn=staff,ou=groups,{home.suffix}"], eng = ["cn=eng,ou=groups,{home.suffix}"], posix = ["cn=posix,ou=groups,{home.suffix}"] }}
profile = true
{home_more}
[directory.partner]
kind = "openldap"
urls = ["ldap://localhost:{partner.ldap}"]
{pins}
domain = "Partner & Söhne"
user_name = "{{user}}@partner.example"
base = "ou=people,{partner.suffix}"
bind_as = "cn=service,{partner.suffix}"
bind_password_file = "{folder}/service.password"
group_base = "ou=groups,{partner.suffix}"
groups = {{ partners = ["CN=Partners, OU=Groups, {partner.suffix.upper()}"] }}
{partner_more}
"""

    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder / "gateway",
        apps={"desk.localhost": {"upstream": upstream, "demands": demand % ("ad_password", "")},
              "mixed.localhost": {"upstream": upstream, "demands": demand % ('password", "ad_password', "")},
              "eng.localhost": {"upstream": upstream, "demands": demand % ("ad_password", ', groups = ["eng"]')},
              "partners.localhost": {"upstream": upstream, "demands": demand % ("ad_password", ', groups = ["partners"]')}},
        extra=HEAD + tables(),
    )

    def reconfigured(*arguments, **keywords):
        gateway.stop()
        gateway.extra = HEAD + tables(*arguments, **keywords)
        gateway.write_config()
        gateway.start()

    def command(*arguments, code=0):
        done = subprocess.run([gateway.binary, *arguments, "--config", str(gateway.config)], capture_output=True, text=True)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def enter(user, password, host="desk.localhost", domain=""):
        browser = Browser(gateway.authority)
        page = browser.get(gateway.url(host))
        form = Forms(page.text).with_field("username", "current-password")
        return browser.submit(page, form, username=user, current_password=password, domain=domain)

    def answer_text(answer, user):
        text = re.sub(r'name="for" value="[^"]*"|for=[A-Za-z0-9_%.-]+', "FOR", answer.text)
        return answer.status, text.replace(f'value="{user}"', 'value="USER"')

    def rows(what, user):
        all_rows = [json.loads(line) for line in command("audit", "export").splitlines()]
        return [row for row in all_rows if row["what"] == what and row.get("user") == user]

    def refusals(user):
        return [row.get("refusal") for row in rows("sign_in", user)]

    def groups_of(user):
        done = json.loads(command("user", "show", user, "--json"))
        return done["user"]["groups"]

    def log():
        return (gateway.folder / "gateway.log").read_text()

    def binds(server):
        """DN and result of each bind that was not the administrator's or the service's."""
        text = (server.folder / "slapd.log").read_text()
        return re.findall(r'BIND dn="(uid=[^"]*)" method=128', text)

    try:
        home.start(), partner.start()
        strict, ages, grace = (f"pwdPolicySubentry: cn={name},ou=policies,{home.suffix}\n" for name in ("strict", "ages", "grace"))
        group = lambda name, members: f"dn: cn={name},ou=groups,{home.suffix}\nobjectClass: groupOfNames\ncn: {name}\n" + "".join(f"member: {m}\n" for m in members) + "\n"
        at = lambda rdn: f"{rdn},ou=people,{home.suffix}"
        home.furnish([
            home.person("bob"), home.person("alice"), home.person("locked", more=strict), home.person("pwdexp", more=ages), home.person("gracious", more=grace),
            home.person("mustchange"), home.person("o'brien"), home.person("multi", rdn="cn=Multi+uid=multi", more="uid: zeta\nuid: alpha\n"),
            home.person("carol"),
            group("devs", [at("uid=bob"), at("uid=o'brien")]),
            group("eng", [f"cn=devs,ou=groups,{home.suffix}", f"cn=eng,ou=groups,{home.suffix}"]),
            group("staff", [f"cn=eng,ou=groups,{home.suffix}"]),
            f"dn: cn=posix,ou=groups,{home.suffix}\nobjectClass: posixGroup\ncn: posix\ngidNumber: 1000\nmemberUid: alice\n\n",
        ])
        partner_at = lambda rdn: f"{rdn},ou=people,{partner.suffix}"
        partner.furnish([
            partner.person("carol"), partner.person("smith", rdn=SMITH), partner.person("plus", rdn=PLUS),
            f"dn: cn=partners,ou=groups,{partner.suffix}\nobjectClass: groupOfNames\ncn: partners\nmember: {partner_at(SMITH)}\nmember: {partner_at(PLUS)}\n\n",
        ])
        # Once set by an administrator, it must be changed at the first sign-in.
        home.modify(f"dn: {at('uid=mustchange')}\nchangetype: modify\nreplace: userPassword\nuserPassword: {RIGHT}\n-\nreplace: pwdReset\npwdReset: TRUE\n")
        # Ages count from a change that the overlay saw.
        for name in ("pwdexp", "gracious"):
            home.modify(f"dn: {at(f'uid={name}')}\nchangetype: modify\nreplace: userPassword\nuserPassword: {RIGHT}\n")
        gateway.start()
        for name in ["locked", "pwdexp", "gracious", "mustchange", "unknown", "o'brien", "multi", "carol",
                     "carol@partner.example", "smith@partner.example", "plus@partner.example", "nobody@partner.example"]:
            command("user", "add", name)
        for name in ("bob", "alice"):
            command("user", "set-methods", name, "ad_password", "password")

        @checks.check("the right password signs in by ldaps and a pattern, by StartTLS and a search, in any spelling")
        def _():
            for name in ("bob", "BOB", " bob "):
                page = enter(name, RIGHT)
                assert (page.status, page.text) == (200, "bob"), page
            for name in ("carol@partner.example", "CAROL@Partner.Example"):
                page = enter(name, RIGHT)
                assert (page.status, page.text) == (200, "carol@partner.example"), page
            assert enter("o'brien", RIGHT).text == "o'brien"
            page = enter("multi", RIGHT, "desk.localhost")
            assert page.status == 401, "the pattern does not name this entry"

        @checks.check("the chooser offers each directory by its name, and what is typed beside it is one name (R-305, R-343)")
        def _():
            page = Browser(gateway.authority).get(gateway.url("mixed.localhost"))
            options = re.findall(r'<option value="([^"]*)"( selected)?>\s*([^<]*?)\s*</option>', page.text)
            assert options == [("", " selected", "This site"), ("home", "", "home.test"), ("partner", "", "Partner &#38; Söhne")], options
            page = Browser(gateway.authority, "ja").get(gateway.url("desk.localhost"))
            options = re.findall(r'<option value="([^"]*)"( selected)?>', page.text)
            assert options == [("home", " selected"), ("partner", "")] and "ドメイン" in page.text, options
            for name in ("carol", "PARTNER\\carol", "carol@partner.example"):
                assert enter(name, RIGHT, domain="partner").text == "carol@partner.example", name
            assert enter("bob", RIGHT, "mixed.localhost", domain="home").text == "bob"
            wrong = enter("carol", "wrong", domain="partner")
            assert wrong.status == 401 and re.search(r'<option value="partner" selected>', wrong.text), wrong
            # The same name of two directories is two people.
            assert enter("carol", RIGHT, domain="home").text == "carol"

        @checks.check("who chose a directory means its password, and who did not the one that is assigned")
        def _():
            own = gateway.known["bob"]["password"]
            assert enter("bob", own, "mixed.localhost").text == "bob", "the first that the policy names"
            assert enter("bob", RIGHT, "mixed.localhost").status == 401
            assert enter("bob", RIGHT, "mixed.localhost", domain="home").text == "bob"
            assert enter("bob", own, "mixed.localhost", domain="home").status == 401

        @checks.check("outcomes are distinguished by code, control and text for operators; people get one answer (T31)")
        def _():
            for _ in range(3):
                enter("locked", "wrong")
            time.sleep(2.5)  # slapd's own clock: passwords of the policy `ages` are 2 s old.
            wrong = answer_text(enter("bob", "wrong"), "bob")
            assert wrong[0] == 401 and "The user name or the password is wrong" in wrong[1], wrong
            for user, password, word in [
                ("bob", RIGHT + "\0", "directory_password_not_sent"),
                ("nobody-at-all", RIGHT, "unknown_or_disabled"),
                ("unknown", RIGHT, "directory_wrong"),
                ("locked", RIGHT, "directory_account_locked"),
                ("locked", "wrong", "directory_account_locked"),
                ("pwdexp", "wrong", "directory_wrong"),
            ]:
                answer = enter(user, password)
                assert answer_text(answer, user) == wrong, (user, answer)
                assert word in refusals(user), (user, refusals(user))
            for user, word in [("pwdexp", "directory_password_expired"), ("mustchange", "directory_must_change_password")]:
                assert enter(user, RIGHT).text != user
                assert word in refusals(user), (user, refusals(user))
            assert enter("gracious", RIGHT).text == "gracious", "a grace login is a sign-in"

        @checks.check("nested groups are found by walking, a circle of groups ends, and memberUid by the stored name")
        def _():
            assert enter("BOB", RIGHT, "eng.localhost").text == "bob"
            assert set(groups_of("bob")) >= {"eng", "staff"}, groups_of("bob")
            assert enter("ALICE", RIGHT, domain="home").text == "alice"
            assert "posix" in groups_of("alice") and "eng" not in groups_of("alice"), groups_of("alice")
            refused = enter("alice", RIGHT, "eng.localhost")
            assert refused.status == 403, refused

        @checks.check("a comma, a plus and quotation marks in a name lose nobody's groups")
        def _():
            for name in ("smith", "plus"):
                page = enter(name, RIGHT, "partners.localhost", domain="partner")
                assert page.text == f"{name}@partner.example", page
            assert enter("carol", RIGHT, "partners.localhost", domain="partner").status == 403

        @checks.check("who leaves a group there loses it here at the next sign-in, and it is written down")
        def _():
            home.modify(f"dn: cn=devs,ou=groups,{home.suffix}\nchangetype: modify\ndelete: member\nmember: {at('uid=bob')}\n")
            assert enter("bob", RIGHT, "eng.localhost").status == 403
            assert "eng" not in groups_of("bob")
            row = rows("directory.groups", "bob")[0]["details"]
            assert row["directory"] == "home" and "eng" in row["before"] and "eng" not in row["now"], row
            home.modify(f"dn: cn=devs,ou=groups,{home.suffix}\nchangetype: modify\nadd: member\nmember: {at('uid=bob')}\n")

        @checks.check("names and mail are taken over where the config says so, and nowhere else")
        def _():
            shown = command("user", "show", "bob", "--json")
            assert "Bob of home" in shown and "bob@home.test" in shown, shown
            assert "of partner" not in command("user", "show", "carol@partner.example", "--json")

        def change(user, current, new, again=None, domain=""):
            browser = Browser(gateway.authority)
            page = browser.get(gateway.url("desk.localhost"))
            page = browser.submit(page, Forms(page.text).with_field("username", "current-password"), username=user, current_password=current, domain=domain)
            form = Forms(page.text).with_field("current-password", "new-password")
            assert form, page
            return browser, browser.submit(page, form, current=current, new=new, again=again or new)

        @checks.check("a password that must be changed is changed from the sign-in, by its owner alone")
        def _():
            browser, page = change("mustchange", RIGHT, "short")
            assert page.status == 422 and "does not meet the rules" in page.text, page
            form = Forms(page.text).with_field("current-password", "new-password")
            page = browser.submit(page, form, current="wrong", new="N3w!Passw0rd", again="N3w!Passw0rd")
            assert page.status == 422 and "not your current password" in page.text, page
            page = browser.submit(page, form, current=RIGHT, new="N3w!Passw0rd", again="another")
            assert page.status == 422 and "differ" in page.text, page
            page = browser.submit(page, form, current=RIGHT, new="N3w!Passw0rd", again="N3w!Passw0rd")
            assert page.status == 200 and "has been changed" in page.text, page
            assert enter("mustchange", "N3w!Passw0rd").text == "mustchange"
            # It was asked for once: the form opens nothing any more, and never did for another browser.
            page = Browser(gateway.authority).get(f"https://auth.localhost:{gateway.port}/sign-in/new-password")
            assert Forms(page.text).with_field("new-password") is None, page
            assert rows("directory_password.change", "mustchange")[0]["outcome"] == "done"

        @checks.check("a password that has expired for good is changed elsewhere, and its owner sees that")
        def _():
            page = enter("pwdexp", RIGHT)
            assert page.status == 401 and "must be changed before you can sign in" in page.text, page

        @checks.check("the whole directory is read again: groups, people who are gone, and people who are back")
        def _():
            assert enter("smith", RIGHT, "partners.localhost", domain="partner").status == 200
            browser = Browser(gateway.authority)
            page = browser.get(gateway.url("partners.localhost"))
            form = Forms(page.text).with_field("username", "current-password")
            assert browser.submit(page, form, username="plus", current_password=RIGHT, domain="partner").status == 200
            sync = lambda: json.loads(command("directory", "sync", "partner", "--json"))
            assert sync()["switched_off"] == 0
            partner.modify(f"dn: cn=partners,ou=groups,{partner.suffix}\nchangetype: modify\ndelete: member\nmember: {partner_at(PLUS)}\n")
            sync()
            assert browser.get(gateway.url("partners.localhost")).status == 403, "the session goes on, without the group"
            partner.modify(f"dn: {partner_at(PLUS)}\nchangetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n")
            done = sync()
            assert done["switched_off"] == 1, done
            assert Forms(browser.get(gateway.url("partners.localhost")).text).with_field("current-password"), "signed out"
            assert rows("directory.user_off", "plus@partner.example")[0]["details"]["why"] == "switched_off_there"
            partner.modify(f"dn: {partner_at(PLUS)}\nchangetype: modify\ndelete: pwdAccountLockedTime\n")
            done = sync()
            assert done["switched_on"] == 1, done

        @checks.check("people there become users here where the config says so, and keep out of the way of those who are there")
        def _():
            reconfigured(partner_more='sync_every = "1h"\ncreate_users = true\n')
            partner.add(partner.person("newcomer"))
            done = json.loads(command("directory", "sync", "partner", "--json"))
            assert done["created"] >= 1 or "newcomer@partner.example" in command("user", "list"), done
            assert enter("newcomer", RIGHT, domain="partner").text == "newcomer@partner.example"
            assert rows("directory.user_created", "newcomer@partner.example")
            reconfigured()

        @checks.check("a list that the server cuts off is no list: nobody is switched off by it")
        def _():
            partner.stop()
            conf = partner.folder / "slapd.conf"
            conf.write_text(conf.read_text().replace("sizelimit 500", "sizelimit 2"))
            partner.start()
            before = command("user", "list")
            refused = command("directory", "sync", "partner", code=1)
            assert "not the whole list" in refused, refused
            assert command("user", "list") == before
            partner.stop()
            conf.write_text(conf.read_text().replace("sizelimit 2\n", "sizelimit 500\n"))
            partner.start()

        @checks.check("somebody who gets a freed name inherits nothing; a rename keeps the account (entryUUID)")
        def _():
            assert enter("carol", RIGHT, domain="home").text == "carol"
            home.delete(at("uid=carol"))
            home.add(home.person("carol"))
            refused = enter("carol", RIGHT, domain="home")
            assert refused.status == 401 and "directory_another_entry" in refusals("carol"), refused
            assert "directory_another_entry" in log()
            partner.tool("ldapmodrdn", "-r", partner_at("uid=carol"), "cn=Carol Renamed")
            partner.modify(f"dn: {partner_at('cn=Carol Renamed')}\nchangetype: modify\nadd: uid\nuid: carol\n")
            assert enter("carol", RIGHT, domain="partner").text == "carol@partner.example"

        @checks.check("for every name the same directory does the same work, known or not (T31)")
        def _():
            before = len(binds(home))
            enter("nobody-at-all", "wrong"), enter("no name", "wrong"), enter("bob", "wrong")
            assert wait_for(lambda: len(binds(home)) == before + 3), binds(home)[before:]
            assert binds(home)[before:].count(f"uid=sekisho-nobody,ou=people,{home.suffix}") == 2
            before = len(binds(partner))
            enter("nobody", "wrong", domain="partner"), enter("stranger", "wrong", domain="partner")
            assert wait_for(lambda: len(binds(partner)) == before + 2), binds(partner)[before:]

        @checks.check("a home-made certificate is refused without its pin, and the log says what it is and how to mend it")
        def _():
            reconfigured(pin=False)
            assert enter("carol", RIGHT, domain="partner").status == 503
            text = log()
            assert "CaUsedAsEndEntity" in text and "authority and server in one" in text, text[-3000:]
            assert partner.fingerprint().replace(":", "").lower() in text
            assert enter("bob", RIGHT, domain="home").text == "bob", "no directory stops another"
            reconfigured()

        @checks.check("what speaks of the server or the config is not a wrong password: 503, and operators see why")
        def _():
            gateway.stop()
            text = gateway.config.read_text().replace(f'base = "ou=people,{partner.suffix}"', 'base = "ou=people,dc=elsewhere,dc=test"')
            gateway.config.write_text(text)
            gateway.start()
            assert enter("carol", RIGHT, domain="partner").status == 503
            assert "directory_misconfigured" in log() and "result 32" in log(), log()[-2000:]
            gateway.stop()
            (folder / "service.password").write_text("wrong\n")
            gateway.write_config()
            gateway.start()
            assert enter("carol", RIGHT, domain="partner").status == 503
            assert "`bind_as` cannot sign in" in log(), log()[-2000:]
            (folder / "service.password").write_text("S3rvice!Passw0rd\n")
            gateway.stop(), gateway.start()
            assert enter("carol", RIGHT, domain="partner").text == "carol@partner.example"

        @checks.check("a kept connection that the server cut is made again, and nobody notices")
        def _():
            assert enter("carol", RIGHT, domain="partner").text == "carol@partner.example"
            partner.stop()
            partner.start()
            assert wait_for(lambda: enter("carol", RIGHT, domain="partner").text == "carol@partner.example", 5)

        @checks.check("servers that DNS names come by priority and are read again; a DNS that is down keeps the last answer")
        def _():
            record = "_ldaps._tcp.home.test"
            right, dead, foreign = (("ldap1.home.test", home.ldaps, 20, 0), ("dead.home.test", home.ldaps - 1, 10, 0), ("ldap1.elsewhere.test", home.ldaps, 0, 0))
            hosts = ["ldap1.home.test", "dead.home.test", "ldap1.elsewhere.test"]
            dns.start(record, [right, dead, foreign], hosts)
            reconfigured(home_servers=f'srv = "{record}"\ndns = ["127.0.0.1:{dns.port}"]')
            signed_in = lambda: enter("bob", RIGHT, domain="home").text == "bob"
            assert signed_in()
            assert "ldap1.elsewhere.test is not below home.test" in log(), log()[-2000:]
            assert re.search(r"dead\.home\.test:\d+.*Connection refused", log()), log()[-2000:]
            # Nobody answers for DNS now: the answer of before counts 5 s, and then on.
            dns.stop()
            assert wait_for(lambda: signed_in() and "directory_srv_failed" in log())
            assert signed_in()
            gateway.process.send_signal(signal.SIGHUP)
            assert wait_for(lambda: signed_in() and log().count("directory_srv_failed") > 1), log()[-2000:]
            dns.start(record, [dead], hosts)
            assert wait_for(lambda: enter("bob", RIGHT, domain="home").status == 503)
            dns.start(record, [right], hosts)
            assert wait_for(signed_in)
            reconfigured()

        @checks.check("the doctor says what each server can, which name lacks what, and what `bind_as` may not do")
        def _():
            said = command("doctor", "directory")
            for text in ["directory.home\n", "directory.partner\n", f"ok       ldaps://localhost:{home.ldaps}: it says by a control", "note     bind_as: not set",
                         f"ok       ldap://localhost:{partner.ldap}: its certificate is believed", "people: ", "entryUUID names the entry for good",
                         "a wrong password is refused as one (directory_wrong)"]:
                assert text in said, (text, said)
            assert "WRONG" not in said, said
            reconfigured(pin=False)
            said = command("doctor", "directory", "partner", code=4)
            assert "CaUsedAsEndEntity" in said and "no connection over TLS" in said, said
            reconfigured()
            gateway.config.write_text(gateway.config.read_text().replace("ou=people,dc=partner", "ou=people,dc=elsewhere"))
            (folder / "service.password").write_text("wrong\n")
            said = command("doctor", "directory", "partner", code=4)
            assert "`base` is in none of them: mend `base`" in said and "WRONG    bind_as: `bind_as` cannot sign in there" in said, said
            (folder / "service.password").write_text("S3rvice!Passw0rd\n")
            said = command("doctor", "directory", "partner", code=4)
            assert "WRONG    base: ou=people,dc=elsewhere,dc=test" in said, said
            assert "none of this name" in command("doctor", "directory", "nowhere", code=1)
            reconfigured()

        @checks.check("one directory that is down stops only its own people")
        def _():
            partner.stop()
            assert enter("carol", RIGHT, domain="partner").status == 503
            assert enter("bob", RIGHT, domain="home").text == "bob"
            partner.start()

    finally:
        gateway.stop()
        home.stop(), partner.stop(), dns.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
