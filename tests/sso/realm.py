"""A Kerberos realm of its own for the tests: MIT's KDC on a free loopback port, with a folder of its own. It ends with the run
that started it.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import time

from gateway import free_port

REALM = "EXAMPLE.TEST"
PORTAL = "auth.localhost"
PASSWORD = "Passw0rd-of-the-realm"


def find(name):
    """A program; Debian keeps some of the KDC's where only root looks."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or name


def run(*command, environment=None, text=None):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, input=text, env=environment)
    if done.returncode:
        shown = " ".join(str(part)[:200] for part in command)
        raise RuntimeError(f"{shown}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def client_config(path, realm, kdc):
    """A krb5.conf of a client that asks for the names as they are written."""
    path.write_text(f"""[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 {realm} = {{
  kdc = {kdc}
 }}
[domain_realm]
 localhost = {realm}
 .localhost = {realm}
""")


class Realm:
    def __init__(self, folder, realm=REALM):
        self.folder, self.realm, self.port, self.process = pathlib.Path(folder), realm, free_port(), None
        self.folder.mkdir(parents=True)
        self.keytab = self.folder / "http.keytab"
        client_config(self.folder / "krb5.conf", realm, f"127.0.0.1:{self.port}")
        (self.folder / "kdc.conf").write_text(f"""[kdcdefaults]
 kdc_listen = 127.0.0.1:{self.port}
 kdc_tcp_listen = 127.0.0.1:{self.port}
[realms]
 {realm} = {{
  database_name = {self.folder}/principal
  acl_file = {self.folder}/kadm5.acl
  key_stash_file = {self.folder}/stash
  max_life = 10h
  supported_enctypes = aes256-cts:normal aes128-cts:normal
 }}
""")
        self.server = dict(os.environ, KRB5_CONFIG=str(self.folder / "krb5.conf"), KRB5_KDC_PROFILE=str(self.folder / "kdc.conf"))

    def kadmin(self, query):
        return run(find("kadmin.local"), "-r", self.realm, "-q", query, environment=self.server)

    def start(self):
        run(find("kdb5_util"), "create", "-s", "-r", self.realm, "-P", "master", environment=self.server)
        self.process = subprocess.Popen([find("krb5kdc"), "-n", "-r", self.realm], env=self.server, stdout=subprocess.DEVNULL,
                                        stderr=open(self.folder / "kdc.out", "ab"))
        end = time.time() + 20
        while time.time() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the KDC never answered: {(self.folder / 'kdc.out').read_text()[-2000:]}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def person(self, name):
        self.kadmin(f'addprinc -pw {PASSWORD} "{name}"')

    def service(self, name, keytab=None, enctypes=None):
        """A service with a key in a keytab; a second call gives it a new key."""
        if name not in self.kadmin("listprincs"):
            self.kadmin(f"addprinc -randkey {name}")
        kinds = f"-e {enctypes} " if enctypes else ""
        self.kadmin(f"ktadd {kinds}-k {keytab or self.keytab} {name}")

    def signed_in(self, name, *options, prefix=()):
        """The environment of somebody who has a ticket."""
        cache = self.folder / f"cc-{abs(hash((name, options, prefix))):x}"
        environment = dict(os.environ, KRB5_CONFIG=str(self.folder / "krb5.conf"), KRB5CCNAME=f"FILE:{cache}")
        run(*prefix, "kinit", *options, name, environment=environment, text=PASSWORD)
        return environment

    def nobody(self):
        """The environment of somebody who has none."""
        return dict(os.environ, KRB5_CONFIG=str(self.folder / "krb5.conf"), KRB5CCNAME=f"FILE:{self.folder}/no-cache")
