"""A domain of its own for the tests: Samba's Active Directory in a folder, on loopback addresses that nobody else has, with
a certificate of its own authority. Its LDAP and its DNS are started; they end with the run that started them.
"""
import os
import pathlib
import socket
import ssl
import subprocess
import time

ADDRESS = "127.0.0.83"
ANOTHER_ADDRESS = "127.0.0.84"  # The same server; its certificate does not name it.
REALM, SUFFIX, BASE = "CORP.TEST", "corp.test", "DC=corp,DC=test"
AS_ROOT = [] if os.geteuid() == 0 else ["sudo"]  # Ports 389 and 636 cannot be chosen.


class Domain:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.state, self.tls = self.folder / "dc", self.folder / "tls"
        self.config, self.process = self.folder / "smb.conf", None
        self.tls.mkdir(parents=True)
        self.authority, self.other_authority = self.tls / "ca.pem", self.tls / "other.pem"

    def run(self, *command):
        done = subprocess.run([*AS_ROOT, *map(str, command)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{command[0]} {command[1]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def make(self):
        """Provisions it; takes a quarter of a minute."""
        self.run(
            "samba-tool", "domain", "provision", f"--realm={REALM}", "--domain=CORP", "--server-role=dc", "--dns-backend=SAMBA_INTERNAL",
            "--adminpass=Passw0rd!Adm1n", "--host-name=dc1", f"--host-ip={ADDRESS}", f"--targetdir={self.state}",
            "--option=interfaces=lo", "--option=bind interfaces only=yes", "--option=vfs objects=dfs_samba4 acl_xattr xattr_tdb",
        )
        openssl = lambda command: subprocess.run(["openssl", *command.split()], check=True, cwd=self.tls, capture_output=True)
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
        openssl(f"req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=corp.test")
        openssl(f"req -x509 {key} -keyout other.key -out other.pem -subj /CN=other.test")
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout dc.key -out dc.csr -subj /CN=dc1.corp.test")
        (self.tls / "ext").write_text(f"subjectAltName=DNS:dc1.corp.test,IP:{ADDRESS}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        openssl("x509 -req -in dc.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out dc.pem -days 30 -extfile ext")
        (self.tls / "dc.key").chmod(0o600)
        self.run("chown", "root", self.tls / "dc.key")
        self.run("mkdir", "-p", self.state / "run")
        self.config.write_text(f"""[global]
 netbios name = DC1
 realm = {REALM}
 workgroup = CORP
 server role = active directory domain controller
 server services = ldap, dns
 interfaces = {ADDRESS}/8 {ANOTHER_ADDRESS}/8
 bind interfaces only = yes
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
 ldap server require strong auth = allow_sasl_over_tls
 old password allowed period = 0
 tls keyfile = {self.tls}/dc.key
 tls certfile = {self.tls}/dc.pem
 tls cafile = {self.tls}/ca.pem
""")

    def tool(self, *arguments):
        return self.run("samba-tool", *arguments, "-s", self.config, "-H", self.state / "private" / "sam.ldb")

    def add(self, name, password, *more):
        self.tool("user", "create", name, password, *more)

    def let_password_expire(self, name):
        change = f"dn: CN={name},CN=Users,{BASE}\nchangetype: modify\nreplace: pwdLastSet\npwdLastSet: 132000000000000000\n"
        (self.folder / "change.ldif").write_text(change)
        self.run("ldbmodify", "-H", self.state / "private" / "sam.ldb", "--controls=local_oid:1.3.6.1.4.1.7165.4.3.12:0", self.folder / "change.ldif")

    def start(self):
        out = open(self.folder / "samba.out", "ab")
        command = [*AS_ROOT, "samba", "-s", str(self.config), "-F", "--no-process-group", "-M", "single"]
        self.process = subprocess.Popen(command, stdout=out, stderr=out)
        end = time.time() + 60
        while time.time() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"samba ended: {(self.folder / 'samba.out').read_text()[-2000:]}")
            try:
                context = ssl.create_default_context(cafile=str(self.authority))
                with socket.create_connection((ADDRESS, 636), 2) as plain, context.wrap_socket(plain, server_hostname=ADDRESS):
                    return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("samba never answered")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.run("kill", self.process.pid)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.run("kill", "-9", str(self.process.pid))
                self.process.wait()

    def table(self, urls=None, authority=None, more="", servers=None):
        """The table of the gateway's config."""
        urls = urls or [f"ldaps://{ADDRESS}"]
        listed = ", ".join(f'"{url}"' for url in urls)
        return f"""
[directory.corp]
kind = "active_directory"
{servers or f"urls = [{listed}]"}
authority = "{authority or self.authority}"
upn_suffix = "{SUFFIX}"
base = "{BASE}"
{more}
"""
