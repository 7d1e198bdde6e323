"""An OpenLDAP of its own for the tests: slapd in a folder, on free ports of loopback, with TLS (ldaps and StartTLS), the
password policy overlay, and people for every outcome. It ends with the run that started it.
"""
import pathlib
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gateway import free_port  # noqa: E402

RIGHT = "B0b!Passw0rd"


class OpenLdap:
    def __init__(self, folder, domain="home", home_made=False):
        self.folder, self.domain, self.home_made = pathlib.Path(folder), domain, home_made
        self.suffix = f"dc={domain},dc=test"
        self.ldaps, self.ldap = free_port(), free_port()
        self.process, self.generation = None, 0
        self.authority = self.folder / "ca.pem"
        self.admin, self.admin_password = f"cn=admin,{self.suffix}", "Adm1n!Passw0rd"

    def make(self, limit=500):
        (self.folder / "db").mkdir(parents=True)
        openssl = lambda command: subprocess.run(["openssl", *command.split()], check=True, cwd=self.folder, capture_output=True)
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
        if self.home_made:
            # As most recipes make it: authority and server in one (CA:TRUE), with the right name.
            openssl(f"req -x509 {key} -keyout server.key -out server.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1")
            (self.folder / "ca.pem").write_text((self.folder / "server.pem").read_text())
        else:
            openssl(f"req -x509 {key} -keyout ca.key -out ca.pem -subj /CN={self.domain}.test")
            openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost")
            (self.folder / "ext").write_text(f"subjectAltName=DNS:localhost,DNS:ldap1.{self.domain}.test,DNS:ldap1.elsewhere.test,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
            openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 -extfile ext")
        (self.folder / "slapd.conf").write_text(f"""
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {self.folder}/slapd.pid
argsfile {self.folder}/slapd.args
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCACertificateFile {self.folder}/ca.pem
TLSCertificateFile {self.folder}/server.pem
TLSCertificateKeyFile {self.folder}/server.key
security simple_bind=64
sizelimit {limit}
database mdb
suffix {self.suffix}
rootdn {self.admin}
rootpw {self.admin_password}
directory {self.folder}/db
maxsize 67108864
index objectClass,uid,member,uniqueMember,memberUid,entryUUID eq
access to attrs=userPassword by self write by anonymous auth by * none
access to * by dn.exact="cn=service,{self.suffix}" read by self read by users read by * none
overlay ppolicy
ppolicy_default cn=default,ou=policies,{self.suffix}
ppolicy_use_lockout
""")
        return self

    def start(self):
        log = open(self.folder / "slapd.log", "ab")
        urls = f"ldaps://127.0.0.1:{self.ldaps} ldap://127.0.0.1:{self.ldap}"
        self.process = subprocess.Popen(["slapd", "-f", str(self.folder / "slapd.conf"), "-h", urls, "-d", "stats"], stdout=log, stderr=log)
        end = time.time() + 30
        while time.time() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"slapd ended: {(self.folder / 'slapd.log').read_text()[-2000:]}")
            try:
                context = ssl.create_default_context(cafile=str(self.authority))
                context.check_hostname = False
                with socket.create_connection(("127.0.0.1", self.ldaps), 2) as plain, context.wrap_socket(plain):
                    return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("slapd never answered")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def tool(self, name, *arguments, text=None, check=True):
        command = [name, "-x", "-H", f"ldaps://127.0.0.1:{self.ldaps}", "-D", self.admin, "-w", self.admin_password, *arguments]
        environment = {"LDAPTLS_CACERT": str(self.authority), "PATH": "/usr/bin:/bin", "LDAPTLS_REQCERT": "never" if self.home_made else "demand"}
        done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment)
        if check and done.returncode:
            raise RuntimeError(f"{name}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
        return done.stdout

    def add(self, text):
        self.tool("ldapadd", text=text)

    def modify(self, text):
        self.tool("ldapmodify", text=text)

    def delete(self, dn):
        self.tool("ldapdelete", dn)

    def fingerprint(self):
        done = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", self.folder / "server.pem"], capture_output=True, text=True)
        return done.stdout.strip().split("=", 1)[1]

    def person(self, uid, rdn=None, more="", password=RIGHT):
        rdn = rdn or f"uid={uid}"
        kind = "objectClass: inetOrgPerson\n"
        return (f"dn: {rdn},ou=people,{self.suffix}\n{kind}uid: {uid}\ncn: {uid.title()}\nsn: {uid.title()}\n"
                f"mail: {uid}@{self.domain}.test\ndisplayName: {uid.title()} of {self.domain}\nuserPassword: {password}\n{more}\n")

    def furnish(self, people=()):
        base, people = self.suffix, [*people]
        text = f"dn: {base}\nobjectClass: domain\ndc: {self.domain}\n\n"
        for unit in ("people", "groups", "policies"):
            text += f"dn: ou={unit},{base}\nobjectClass: organizationalUnit\nou: {unit}\n\n"
        policy = "objectClass: person\nobjectClass: pwdPolicy\nsn: policy\npwdAttribute: userPassword\npwdLockout: TRUE\npwdAllowUserChange: TRUE\n"
        text += f"dn: cn=default,ou=policies,{base}\ncn: default\n{policy}pwdMustChange: TRUE\npwdMaxFailure: 1000\npwdMinLength: 8\npwdCheckQuality: 2\n\n"
        text += f"dn: cn=strict,ou=policies,{base}\ncn: strict\n{policy}pwdMaxFailure: 3\npwdLockoutDuration: 3600\n\n"
        text += f"dn: cn=ages,ou=policies,{base}\ncn: ages\n{policy}pwdMaxAge: 2\npwdGraceAuthNLimit: 0\n\n"
        text += f"dn: cn=grace,ou=policies,{base}\ncn: grace\n{policy}pwdMaxAge: 2\npwdGraceAuthNLimit: 50\n\n"
        text += f"dn: cn=service,{base}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: service\nuserPassword: S3rvice!Passw0rd\n\n"
        self.add(text + "".join(people))
