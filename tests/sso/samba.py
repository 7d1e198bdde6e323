"""An Active Directory of its own for the tests: Samba's, with its KDC on a loopback address that nobody else has. It ends with
the run that started it.
"""
import os
import pathlib
import socket
import subprocess
import time

from gateway import free_port
from realm import PORTAL, client_config, find, run

ADDRESS = "127.0.0.87"
REALM = "CORP.TEST"
PASSWORD = "B0b!Passw0rd"
AS_ROOT = [] if os.geteuid() == 0 else ["sudo"]  # Ports 389 and 636 cannot be chosen.


class SambaRealm:
    def __init__(self, folder):
        self.folder, self.realm, self.port, self.process = pathlib.Path(folder), REALM, free_port(), None
        self.folder.mkdir(parents=True)
        self.state, self.config, self.keytab = self.folder / "dc", self.folder / "smb.conf", self.folder / "http.keytab"
        client_config(self.folder / "krb5.conf", REALM, f"{ADDRESS}:{self.port}")

    def tool(self, *arguments, own=True):
        more = ["-s", self.config] + (["-H", self.state / "private" / "sam.ldb"] if own else [])
        return run(*AS_ROOT, find("samba-tool"), *arguments, *more)

    def change(self, text):
        """Writes to the directory's own database."""
        (self.folder / "change.ldif").write_text(text)
        run(*AS_ROOT, "ldbmodify", "-H", self.state / "private" / "sam.ldb", self.folder / "change.ldif")

    def start(self):
        run(*AS_ROOT, find("samba-tool"), "domain", "provision", f"--realm={REALM}", "--domain=CORP", "--server-role=dc", "--dns-backend=NONE",
            "--adminpass=Passw0rd!Adm1n", "--host-name=dc1", f"--host-ip={ADDRESS}", f"--targetdir={self.state}",
            "--option=interfaces=lo", "--option=bind interfaces only=yes", "--option=vfs objects=dfs_samba4 acl_xattr xattr_tdb")
        run(*AS_ROOT, "mkdir", "-p", self.state / "run")
        self.config.write_text(f"""[global]
 netbios name = DC1
 realm = {REALM}
 workgroup = CORP
 server role = active directory domain controller
 server services = ldap, kdc
 interfaces = {ADDRESS}/8
 bind interfaces only = yes
 krb5 port = {self.port}
 kpasswd port = {free_port()}
 private dir = {self.state}/private
 lock directory = {self.state}
 state directory = {self.state}/state
 cache directory = {self.state}/cache
 binddns dir = {self.state}/bind-dns
 pid directory = {self.state}/run
 ncalrpc dir = {self.state}/ncalrpc
 ntp signd socket directory = {self.state}/ntp
 winbindd socket directory = {self.state}/winbindd
 log file = {self.state}/log.samba
 logging = file
 vfs objects = dfs_samba4 acl_xattr xattr_tdb
""")
        self.tool("user", "create", "svc-sekisho", PASSWORD)
        self.tool("spn", "add", f"HTTP/{PORTAL}", "svc-sekisho", own=False)
        self.change("dn: CN=svc-sekisho,CN=Users,DC=corp,DC=test\nchangetype: modify\nreplace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: 24\n")
        self.tool("user", "setpassword", "svc-sekisho", f"--newpassword={PASSWORD}x")
        self.tool("domain", "exportkeytab", self.keytab, f"--principal=HTTP/{PORTAL}", own=False)
        out = open(self.folder / "samba.out", "ab")
        self.process = subprocess.Popen([*AS_ROOT, find("samba"), "-s", str(self.config), "-F", "--no-process-group", "-M", "single"], stdout=out, stderr=out)
        end = time.time() + 60
        while time.time() < end:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection((ADDRESS, self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"samba never answered: {(self.folder / 'samba.out').read_text()[-2000:]}")

    def stop(self):
        if self.process and self.process.poll() is None:
            run(*AS_ROOT, "kill", self.process.pid)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                run(*AS_ROOT, "kill", "-9", self.process.pid)
                self.process.wait()

    def person(self, name):
        self.tool("user", "create", name, PASSWORD)

    def signed_in(self, name, *options):
        """The environment of somebody who has a ticket."""
        cache = self.folder / f"cc-{time.monotonic_ns():x}"
        environment = dict(os.environ, KRB5_CONFIG=str(self.folder / "krb5.conf"), KRB5CCNAME=f"FILE:{cache}")
        run("kinit", *options, name, environment=environment, text=PASSWORD)
        return environment
