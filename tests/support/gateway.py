"""Starts a real gateway for the tests that are not written in Rust, and signs people in as a browser without
JavaScript would: by following redirects, keeping cookies by host, and filling forms by their `autocomplete` tokens.
"""
import base64
import hashlib
import hmac
import html
import html.parser
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import ssl
import subprocess
import time
import urllib.parse


def free_port():
    """A port below the range that the system gives to outgoing connections: none of these takes it while the gateway restarts."""
    for _ in range(200):
        port = random.randrange(12_000, 32_000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    raise RuntimeError("no port is free between 12000 and 32000")


def totp(key, at=None):
    """RFC 6238 with the usual parameters; `key` in base32, blanks allowed."""
    key = re.sub(r"\s", "", key).upper()
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.new(secret, int((at or time.time()) // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


class Forms(html.parser.HTMLParser):
    """The forms of a page: action, method, and fields as (name, value, autocomplete, type)."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append({"action": given.get("action", ""), "method": given.get("method", "get").upper(), "fields": [], "id": given.get("id", "")})
        elif tag in ("input", "button", "select", "textarea") and self.forms and given.get("name"):
            self.forms[-1]["fields"].append((given["name"], given.get("value", ""), given.get("autocomplete", ""), given.get("type", tag)))

    def with_field(self, *tokens):
        """The first form that has fields for all these autocomplete tokens."""
        for form in self.forms:
            have = {field[2] for field in form["fields"]}
            if all(token in have for token in tokens):
                return form
        return None


class Answer:
    def __init__(self, status, headers, body, url):
        self.status, self.headers, self.body, self.url = status, headers, body, url

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def __repr__(self):
        text = re.sub(r"<style.*?</style>|<[^>]+>|\s+", " ", self.text)
        return f"{self.status} {self.url} {self.header('location') or ''} {text[:600]}"


class Browser:
    """A browser without JavaScript: cookies by host, redirects followed, `*.localhost` found on loopback."""

    def __init__(self, authority, language="en"):
        self.context = ssl.create_default_context(cafile=str(authority))
        self.cookies, self.language = {}, language

    def cookie(self, host, name):
        return self.cookies.get(host, {}).get(name)

    def request(self, method, url, body=None, headers=None, follow=True, hops=12):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPSConnection("127.0.0.1", parts.port or 443, timeout=30, context=self.context)
        connection.sock = self.context.wrap_socket(socket.create_connection(("127.0.0.1", parts.port or 443), 30), server_hostname=parts.hostname)
        send = {"Host": parts.netloc, "Accept": "text/html,application/xhtml+xml", "Accept-Language": self.language, "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin" if body is not None else "none", "User-Agent": "sekisho-tests/1"}
        if jar := self.cookies.get(parts.hostname):
            send["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        if body is not None:
            send["Origin"] = f"https://{parts.netloc}"
            send["Content-Type"] = "application/x-www-form-urlencoded"
        send.update(headers or {})
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers=send)
        response = connection.getresponse()
        answer = Answer(response.status, response.getheaders(), response.read(), url)
        connection.close()
        for key, value in answer.headers:
            if key.lower() == "set-cookie":
                name, _, rest = value.partition("=")
                content, *attributes = [part.strip() for part in rest.split(";")]
                jar = self.cookies.setdefault(parts.hostname, {})
                if any(re.fullmatch(r"(?i)max-age=0", one) for one in attributes) or not content:
                    jar.pop(name, None)
                else:
                    jar[name] = content
        location = answer.header("location")
        refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
        if follow and hops and answer.status == 200 and refresh:
            return self.request("GET", urllib.parse.urljoin(url, html.unescape(refresh[1])), None, None, True, hops - 1)
        if follow and hops and answer.status in (301, 302, 303, 307, 308) and location:
            keep = answer.status in (307, 308)
            return self.request(method if keep else "GET", urllib.parse.urljoin(url, location), body if keep else None, None, True, hops - 1)
        return answer

    def get(self, url, **keywords):
        return self.request("GET", url, **keywords)

    def submit(self, answer, form, follow=True, **values):
        """Sends a form, fields given by name or by autocomplete token (with `_` for `-`)."""
        fields = []
        for name, value, token, kind in form["fields"]:
            given = values.get(name, values.get(token.replace("-", "_")))
            if given is not None:
                fields.append((name, given))
            elif kind not in ("submit", "button", "checkbox", "radio") or (kind in ("submit", "button") and value):
                fields.append((name, value))
        return self.request("POST", urllib.parse.urljoin(answer.url, form["action"]), urllib.parse.urlencode(fields), follow=follow)


class Gateway:
    """A gateway in a folder of its own, with its own authority unless one is given."""

    def __init__(self, binary, folder, apps, certificate=None, authority=None, extra="", prefix=(), portal=""):
        self.binary, self.folder, self.apps, self.prefix, self.extra = str(binary), pathlib.Path(folder), apps, list(prefix), extra
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.operations, self.portal = free_port(), free_port(), portal
        self.known, self.process = {}, None
        self.authority, self.certificate = authority, certificate
        if not certificate:
            self.make_certificates()
        self.write_config()

    def make_certificates(self):
        names = ",".join(f"DNS:{host}" for host in ["auth.localhost", "mtls.localhost", *self.apps])
        run = lambda command: subprocess.run(command, shell=True, check=True, cwd=self.folder, capture_output=True)
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj '/CN=sekisho test authority' -days 30")
        run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=auth.localhost")
        (self.folder / "ext").write_text(f"subjectAltName={names},IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        run("openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 30 -extfile ext && cat leaf.pem ca.pem > server.pem")
        self.authority, self.certificate = self.folder / "ca.pem", (self.folder / "server.pem", self.folder / "server.key")

    def client_certificate(self, name):
        """A certificate for this common name, by the gateway's own authority: the files of certificate and key."""
        run = lambda command: subprocess.run(command, shell=True, check=True, cwd=self.folder, capture_output=True)
        run(f"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}")
        (self.folder / f"{name}.ext").write_text("extendedKeyUsage=clientAuth\nbasicConstraints=CA:FALSE\n")
        run(f"openssl x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 30 -extfile {name}.ext")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def write_config(self):
        demands = {
            "open": "",
            "password": "primary_factor = {}\n",
            "password+totp": "primary_factor = {}\notp = {}\n",
            "password+cookie+totp": "primary_factor = {}\ncookie = {}\notp = {}\n",
            "certificate": 'client_certificate = { trust = ["own"] }\n',
        }
        server = f'listen = ["127.0.0.1:{self.port}"]\noperations_listen = "127.0.0.1:{self.operations}"\n'
        extra = self.extra
        if "[server]\n" in extra:
            extra = extra.replace("[server]\n", "[server]\n" + server)
        else:
            extra = "[server]\n" + server + extra
        text = extra + f"""
[[tls.certificate]]
chain = "{self.certificate[0]}"
key = "{self.certificate[1]}"

[portal]
url = "https://auth.localhost:{self.port}"
{self.portal.format(port=self.port)}
[state]
directory = "{self.folder}/state"

[trust.own]
bundle = "{self.authority}"
mapping = [{{ from = "common_name", to = "machine" }}]
"""
        for host, app in self.apps.items():
            name = host.split(".")[0]
            text += f'\n[[app]]\nname = "{name}"\nurl = "https://{host}:{app.get("port", self.port)}"\n'
            text += "forward_auth = true\n" if app.get("forward_auth") else f'upstream = ["{app["upstream"]}"]\n'
            text += f"[app.demands]\n{demands.get(app['demands'], app['demands'])}"
        self.config = self.folder / "sekisho.toml"
        self.config.write_text(text)

    def url(self, host, path="/"):
        return f"{self.origin(host)}{path}"

    def origin(self, host):
        return f"https://{host}:{self.apps.get(host, {}).get('port', self.port)}"

    def start(self):
        if not (self.folder / "state").exists():
            self.known = self.people()
        self.spawn()
        return self

    def spawn(self, within=30):
        self.log = open(self.folder / "gateway.log", "a")
        self.process = subprocess.Popen([*self.prefix, self.binary, "run", "--config", str(self.config)], stdout=self.log, stderr=self.log)
        end = time.time() + within
        while time.time() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the gateway ended: {(self.folder / 'gateway.log').read_text()[-3000:]}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.operations, timeout=1)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        raise RuntimeError("the gateway never became ready")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self):
        """Resident memory, KiB."""
        return int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{self.process.pid}/smaps_rollup").read(), re.M).group(1))

    def revoke_sessions_of(self, user):
        """The user signs out everywhere, from another browser than the one under test."""
        browser, page = self.browse_portal(user)
        page = browser.get(f"https://auth.localhost:{self.port}/sign-out")
        form = next(form for form in Forms(page.text).forms if form["action"].startswith("/sign-out") and form["method"] == "POST")
        done = browser.submit(page, form, scope="everywhere")
        assert done.status == 200, done

    def browse_portal(self, user):
        browser = Browser(self.authority)
        page = browser.get(f"https://auth.localhost:{self.port}/")
        return browser, self.through(browser, page, user)

    def people(self):
        """The people of the demo, made by the program itself: passwords, authenticators, recovery codes."""
        demo = self.folder / "people"
        process = subprocess.Popen([self.binary, "demo", "--dir", str(demo), "--listen", f"127.0.0.1:{free_port()}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.time() + 60
        while not (demo / "people.json").exists() and time.time() < end and process.poll() is None:
            time.sleep(0.1)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        process.wait(30)
        (demo / "state").rename(self.folder / "state")
        return {one["user"]: one for one in json.loads((demo / "people.json").read_text())}

    def code(self, user):
        """A code that was not used yet: each is accepted once, and that of the step to come is good already (one step of skew)."""
        last = getattr(self, "_last", {})
        step = max(int(time.time() // 30), last.get(user, 0) + 1)
        while step > time.time() // 30 + 1:
            time.sleep(0.2)
        last[user] = step
        self._last = last
        return totp(self.known[user]["key"], step * 30)

    def browse(self, user, host, path="/", browser=None):
        """Signs in on the way to a page of an app; the browser and the page it ended at."""
        browser = browser or Browser(self.authority)
        page = browser.get(self.url(host, path))
        return browser, self.through(browser, page, user)

    def through(self, browser, page, user):
        """Answers what a sign-in asks until it asks no more; the page it ends at."""
        for _ in range(6):
            forms = Forms(page.text)
            if form := forms.with_field("username", "current-password"):
                page = browser.submit(page, form, username=user, current_password=self.known[user]["password"])
            elif form := forms.with_field("one-time-code"):
                page = browser.submit(page, form, one_time_code=self.code(user))
            else:
                return page
        raise AssertionError(f"the sign-in led nowhere: {page}")

    def sign_in(self, user, host):
        """The session cookie of `host`, as a Cookie header says it."""
        key = (user, "portal")
        kept = getattr(self, "_browsers", {})
        browser, page = self.browse(user, host, browser=kept.get(key))
        kept[key] = browser
        self._browsers = kept
        cookie = browser.cookie(host, "__Host-sekisho")
        assert cookie, page
        return f"__Host-sekisho={cookie}"
