"""A 389 Directory Server of its own for the tests: an instance of `dscreate` on free ports of loopback, with TLS by a certificate
of its own authority, people for every outcome, and the plug-ins as they are by default. It is removed with the run that made it.
"""
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gateway import free_port  # noqa: E402

RIGHT = "B0b!Passw0rd"
AS_ROOT = [] if os.geteuid() == 0 else ["sudo"]


class Ds389:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.name, self.suffix = f"sekisho{os.getpid()}", "dc=ds,dc=test"
        self.ldap, self.ldaps = free_port(), free_port()
        self.admin, self.admin_password = "cn=Directory Manager", "Adm1n!Passw0rd"
        self.authority, self.process = self.folder / "ca.pem", None
        self.instance = pathlib.Path(f"/etc/dirsrv/slapd-{self.name}")

    def run(self, *command, text=None, check=True):
        done = subprocess.run([*AS_ROOT, *map(str, command)], input=text, capture_output=True, text=True)
        if check and done.returncode:
            raise RuntimeError(f"{command[:4]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def make(self):
        self.folder.mkdir(parents=True)
        openssl = lambda command: subprocess.run(["openssl", *command.split()], check=True, cwd=self.folder, capture_output=True)
        openssl("req -x509 -newkey rsa:2048 -nodes -days 30 -keyout ca.key -out ca.pem -subj /CN=ds.test")
        openssl("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost")
        (self.folder / "ext").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 -extfile ext")
        openssl("pkcs12 -export -in server.pem -inkey server.key -name Server-Cert -out server.p12 -passout pass:export")
        (self.folder / "setup.inf").write_text(f"""[general]
config_version = 2
full_machine_name = localhost
start = False
strict_host_checking = False
selinux = False
systemd = False
[slapd]
instance_name = {self.name}
port = {self.ldap}
secure_port = {self.ldaps}
root_password = {self.admin_password}
self_sign_cert = True
[backend-userroot]
suffix = {self.suffix}
sample_entries = no
create_suffix_entry = True
""")
        self.script("create", f"""
from lib389.instance.setup import SetupDs
done = SetupDs(log=log).create_from_inf("{self.folder}/setup.inf")
""")
        self.stop_by_script()
        # Its own certificate under the name that the server looks for, signed by our authority.
        pins = self.instance / "pwdfile.txt"
        self.run("certutil", "-D", "-d", self.instance, "-n", "Server-Cert", "-f", pins, check=False)
        self.run("pk12util", "-i", self.folder / "server.p12", "-d", self.instance, "-k", pins, "-W", "export")
        self.run("certutil", "-A", "-d", self.instance, "-n", "Test-CA", "-t", "CT,,", "-i", self.folder / "ca.pem", "-f", pins)
        self.run("chown", "-R", "dirsrv:dirsrv", self.instance)
        return self

    def script(self, name, text, check=True):
        """Runs the installer's own library; nothing here may ask systemd, which a container does not have."""
        (self.folder / f"{name}.py").write_text(f"""
import logging
from lib389 import DirSrv
from lib389.paths import Paths
Paths.with_systemd = property(lambda self: False)
DirSrv.with_systemd = lambda self: False
log = logging.getLogger("{name}")
done = True
{text}
raise SystemExit(0 if done else 1)
""")
        return self.run("/usr/bin/python3", self.folder / f"{name}.py", check=check)

    def stop_by_script(self):
        self.script("stop", f"""
server = DirSrv()
server.allocate({{"server-id": "{self.name}"}})
server.stop()
""", check=False)

    def start(self):
        log = open(self.folder / "ds.out", "ab")
        self.process = subprocess.Popen([*AS_ROOT, "ns-slapd", "-D", str(self.instance), "-d", "0"], stdout=log, stderr=log)
        end = time.time() + 60
        while time.time() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"ns-slapd ended: {(self.folder / 'ds.out').read_text()[-2000:]}")
            if "namingContexts" in self.tool("ldapsearch", "-s", "base", "-b", "", "namingContexts", check=False):
                return self
            time.sleep(0.3)
        raise RuntimeError("ns-slapd never answered")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.run("kill", self.process.pid, check=False)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.run("kill", "-9", self.process.pid, check=False)
                self.process.wait()

    def remove(self):
        self.stop()
        self.script("remove", f"""
from lib389.instance.remove import remove_ds_instance
server = DirSrv()
server.allocate({{"server-id": "{self.name}"}})
remove_ds_instance(server)
""", check=False)

    def tool(self, name, *arguments, text=None, check=True):
        command = [name, "-x", "-H", f"ldaps://127.0.0.1:{self.ldaps}", "-D", self.admin, "-w", self.admin_password, *arguments]
        done = subprocess.run(command, input=text, capture_output=True, text=True, env={"LDAPTLS_CACERT": str(self.authority), "PATH": "/usr/bin:/bin"})
        if check and done.returncode:
            raise RuntimeError(f"{name}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
        return done.stdout

    def add(self, text):
        self.tool("ldapadd", text=text)

    def modify(self, text):
        self.tool("ldapmodify", text=text)

    def person(self, uid, password=RIGHT, more="", rdn=None):
        rdn = rdn or f"uid={uid}"
        return (f"dn: {rdn},ou=people,{self.suffix}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid.title()}\nsn: {uid.title()}\n"
                f"mail: {uid}@ds.test\nuserPassword: {password}\n{more}\n")

    def policy(self, uid, settings):
        """A password policy of one person's own."""
        dn = f"uid={uid},ou=people,{self.suffix}"
        self.run("dsconf", "-D", self.admin, "-w", self.admin_password, f"ldap://localhost:{self.ldap}", "localpwp", "adduser", *settings, dn)

    def furnish(self, people):
        text = ""
        for unit in ("people", "groups"):
            text += f"dn: ou={unit},{self.suffix}\nobjectClass: organizationalUnit\nou: {unit}\n\n"
        text += f"dn: uid=service,{self.suffix}\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: service\nuserPassword: S3rvice!Passw0rd\n\n"
        self.add(text + "".join(people))
        aci = f'(targetattr!="userPassword")(version 3.0; acl "service reads"; allow (read,search,compare) userdn="ldap:///uid=service,{self.suffix}";)'
        own = '(targetattr="*")(version 3.0; acl "own entry"; allow (read,search,compare) userdn="ldap:///self";)'
        write = '(targetattr="userPassword")(version 3.0; acl "own password"; allow (write) userdn="ldap:///self";)'
        self.modify(f"dn: {self.suffix}\nchangetype: modify\nadd: aci\naci: {aci}\naci: {own}\naci: {write}\n")
