"""Apache with mod_auth_openidc: the one target beside Sekisho that keeps sessions itself (in shared memory, its default). The session
is made by a real sign-in by OpenID Connect, at a provider that signs in everybody.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import secrets
import ssl
import threading
import time
import urllib.parse

from gateway import Browser
from ground import CERTIFICATE_HOST, HOST
from targets import Target

MODULES = ["mpm_event", "ssl", "http2", "proxy", "proxy_http", "authn_core", "authz_core", "authz_user", "socache_shmcb", "auth_openidc"]


class Provider(http.server.BaseHTTPRequestHandler):
    """The token endpoint alone: the code that it takes is the nonce of the question, so nothing needs to be remembered."""

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        now = int(time.time())
        claims = {"iss": self.server.issuer, "sub": "alice", "aud": "compare", "iat": now, "exp": now + 3600, "nonce": form["code"][0]}
        encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
        signed = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(claims).encode())
        token = (signed + b"." + encode(hmac.digest(self.server.secret.encode(), signed, hashlib.sha256))).decode()
        body = json.dumps({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 3600, "id_token": token}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Apache(Target):
    cannot = {"tunnels": "Apache 2.4 holds a thread for each tunnel", "instructions": "callgrind_control does not reach Apache's process"}
    provider = None

    def prepare(self):
        folder, here = self.ground.folder, f"127.0.0.1:{self.port}"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.provider = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        self.provider.socket = context.wrap_socket(self.provider.socket, server_side=True)
        issuer = f"https://127.0.0.1:{self.provider.server_port}"
        self.provider.issuer, self.provider.secret = issuer, secrets.token_hex(32)
        threading.Thread(target=self.provider.serve_forever, daemon=True).start()
        site = lambda host, more: f"""
<VirtualHost {here}>
ServerName {host}
SSLEngine on
SSLCertificateFile {folder}/server.pem
SSLCertificateKeyFile {folder}/server.key
ProxyPass / http://127.0.0.1:{self.ground.upstream}/
{more}
</VirtualHost>
"""
        session = f"""OIDCProviderIssuer {issuer}
OIDCProviderAuthorizationEndpoint {issuer}/authorize
OIDCProviderTokenEndpoint {issuer}/token
OIDCIDTokenSignedResponseAlg HS256
OIDCSSLValidateServer Off
OIDCClientID compare
OIDCClientSecret {self.provider.secret}
OIDCRedirectURI https://{HOST}:{self.port}/.oidc/callback
OIDCCryptoPassphrase {secrets.token_hex(16)}
OIDCSessionInactivityTimeout 86400
<Location />
AuthType openid-connect
Require valid-user
</Location>"""
        shown = f"SSLVerifyClient require\nSSLCACertificateFile {folder}/ca.pem\n<Location />\nRequire all granted\n</Location>"
        for path in (folder, self.folder):
            path.chmod(0o755)
        (self.folder / "apache.conf").write_text(
            "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in MODULES)
            + f"ServerRoot {self.folder}\nPidFile {self.folder}/pid\nDefaultRuntimeDir {self.folder}\nErrorLog {self.folder}/error.log\nServerName {HOST}\n"
            + ("User www-data\nGroup www-data\n" if os.getuid() == 0 else "")
            + f"CustomLog {self.folder}/access.log \"%h %l %u %t \\\"%r\\\" %>s %b\"\nListen {here} https\nListenBacklog 4096\nProtocols h2 http/1.1\n"
            # One process, as the others have. A connection that waits holds no thread: so many may wait for each.
            "StartServers 1\nServerLimit 1\nThreadLimit 128\nThreadsPerChild 128\nMaxRequestWorkers 128\nMinSpareThreads 1\nMaxSpareThreads 128\nAsyncRequestWorkerFactor 150\n"
            "KeepAlive on\nMaxKeepAliveRequests 0\nKeepAliveTimeout 600\nTimeout 600\nSSLSessionCache shmcb:ssl(512000)\n"
            + site(HOST, session) + site(CERTIFICATE_HOST, shown)
        )
        return ["/usr/sbin/apache2", "-f", str(self.folder / "apache.conf"), "-D", "FOREGROUND"]

    def sign_in(self):
        browser = Browser(self.ground.folder / "ca.pem")
        asked = browser.get(f"https://{HOST}:{self.port}/", follow=False)
        question = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.header("location") or "").query)
        if "nonce" not in question:
            raise RuntimeError(f"{self.name} did not send to its provider: {asked}")
        back = urllib.parse.urlencode({"code": question["nonce"][0], "state": question["state"][0]})
        done = browser.get(f"https://{HOST}:{self.port}/.oidc/callback?{back}", follow=False)
        session = browser.cookie(HOST, "mod_auth_openidc_session")
        if not session:
            raise RuntimeError(f"{self.name} made no session: {done} {(self.folder / 'error.log').read_text()[-2000:]}")
        self.cookie = f"mod_auth_openidc_session={session}"

    def stop(self):
        super().stop()
        if self.provider:
            self.provider.shutdown()
            self.provider.server_close()
