#!/usr/bin/env python3
"""Forward-auth with the real proxies: nginx, Traefik, Caddy and Envoy in front, the recipes of config/forward-auth as
they are shipped (only ports and files are put in), a real sign-in through each.
"""
import http.server
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from gateway import Browser, Gateway, free_port  # noqa: E402

BIN = pathlib.Path(sys.executable).parent
RECIPES = ROOT / "config" / "forward-auth"
checks = Checks()


class App(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({"path": self.path, "headers": [[name.lower(), value] for name, value in self.headers.items()]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def filled(name, folder, gateway, port, app_port):
    """A recipe with this run's ports, names and files put in."""
    text = (RECIPES / name).read_text()
    for tls in ("/etc/nginx/tls", "/etc/traefik/tls", "/etc/caddy/tls", "/etc/envoy/tls"):
        text = text.replace(f"{tls}/app.pem", str(gateway.certificate[0])).replace(f"{tls}/app.key", str(gateway.certificate[1])).replace(f"{tls}/authority.pem", str(gateway.authority))
    text = text.replace("https://auth.example.com:9443", f"https://127.0.0.1:{gateway.port}")  # nobody resolves auth.localhost for it
    text = text.replace("127.0.0.1:9443", f"127.0.0.1:{gateway.port}").replace("127.0.0.1:8080", f"127.0.0.1:{app_port}")
    text = text.replace("auth.example.com", "auth.localhost").replace("app.example.com", f"{name_of(name)}.localhost")
    text = text.replace('"port_value": 9443', f'"port_value": {gateway.port}').replace('"port_value": 8080', f'"port_value": {app_port}')
    text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;", text)
    text = text.replace("https://" + name_of(name) + ".localhost {", f"https://{name_of(name)}.localhost:{port} {{\n\tbind 127.0.0.1")
    text = text.replace('"address": "0.0.0.0", "port_value": 443', f'"address": "127.0.0.1", "port_value": {port}')
    return text


def name_of(recipe):
    return {"nginx.conf": "nginx", "traefik.yml": "traefik", "Caddyfile": "caddy", "envoy.json": "envoy"}[recipe]


def start(name, recipe, folder, gateway, port, app_port):
    text, file = filled(recipe, folder, gateway, port, app_port), folder / recipe
    if name == "nginx":
        version = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr
        if tuple(int(n) for n in re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", version).groups()) < (1, 25, 1):
            text = text.replace("  http2 on;\n", "").replace(" ssl;", " ssl http2;")  # `http2 on` came with 1.25.1
        temporary = "".join(f"{kind}_temp_path {folder}/t-{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.getuid() == 0 else ""
        file.write_text(f"{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} http {{ access_log off; {temporary} {text} }}")
        command = ["nginx", "-c", str(file)]
    elif name == "traefik":
        (folder / "dynamic.yml").write_text(text + f"tls:\n  stores:\n    default:\n      defaultCertificate:\n        certFile: {gateway.certificate[0]}\n        keyFile: {gateway.certificate[1]}\n")
        file.write_text(f'entryPoints:\n  websecure:\n    address: "127.0.0.1:{port}"\nproviders:\n  file:\n    filename: "{folder}/dynamic.yml"\nglobal:\n  checkNewVersion: false\n  sendAnonymousUsage: false\n')
        command = [str(BIN / "traefik"), f"--configFile={file}"]
    elif name == "caddy":
        file.write_text(text.replace("\tadmin off\n", "\tadmin off\n\tauto_https off\n\tpersist_config off\n"))
        command = [str(BIN / "caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]
    else:
        file.write_text(text)
        command = [str(BIN / "envoy"), "-c", str(file), "--concurrency", "1", "-l", "error", "--disable-hot-restart", "--base-id", "7"]
    log = open(folder / f"{name}.out", "w")
    return subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-proxies-"))
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    recipes = {name: file for name, file in {"nginx": "nginx.conf", "traefik": "traefik.yml", "caddy": "Caddyfile", "envoy": "envoy.json"}.items() if not sys.argv[1:] or name in sys.argv[1:]}
    ports = {name: free_port() for name in recipes}
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder / "gateway",
        apps={f"{name}.localhost": {"forward_auth": True, "demands": "password+totp", "port": port} for name, port in ports.items()},
        extra='[server]\ntrusted_proxies = ["127.0.0.1/32"]\n',
    )
    gateway.start()
    processes = {}
    try:
        for name, recipe in recipes.items():
            (folder / name).mkdir()
            processes[name] = start(name, recipe, folder / name, gateway, ports[name], app.server_port)
        # Another person at each, since one's codes are good once every 30 seconds.
        for (name, port), user in zip(ports.items(), itertools.cycle(gateway.known)):
            host, url = f"{name}.localhost", f"https://{name}.localhost:{port}"
            wait(port, processes[name], folder / name)

            @checks.check(f"{name}: nobody passes without signing in; an API caller gets 401")
            def _():
                browser = Browser(gateway.authority)
                page = browser.get(f"{url}/wiki?page=1", follow=False)
                assert page.status in (302, 303) and page.header("location").startswith(f"https://auth.localhost:{gateway.port}/sign-in"), page
                api = browser.get(f"{url}/wiki", follow=False, headers={"Accept": "application/json", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"})
                assert api.status == 401, api

            @checks.check(f"{name}: a sign-in ends at the very page, and the app is told who it is")
            def _():
                browser, page = gateway.browse(user, host, "/wiki?page=1&q=%E9%96%A2")
                assert page.status == 200, page
                seen = json.loads(page.text)
                assert seen["path"] == "/wiki?page=1&q=%E9%96%A2", seen
                headers = dict(seen["headers"])
                assert headers["remote-user"] == user and headers["sekisho-assertion"].count(".") == 2, headers
                # Spoofed headers are replaced, signed in or not.
                again = browser.get(f"{url}/", headers={"Remote-User": "root", "Remote-Groups": "wheel", "Sekisho-Assertion": "x.y.z"})
                values = [value for key, value in json.loads(again.text)["headers"] if key in ("remote-user", "remote-groups", "sekisho-assertion")]
                assert "root" not in values and "wheel" not in values and "x.y.z" not in values, values
                # Signing out at the gateway bites at once.
                gateway.revoke_sessions_of(user)
                assert browser.get(f"{url}/", follow=False).status in (302, 303)

    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(15)
        gateway.stop()
    return checks.finish()


def wait(port, process, folder):
    import socket

    end = time.time() + 20
    while time.time() < end:
        if process.poll() is not None:
            raise SystemExit(f"a proxy ended: {[path.read_text()[-2000:] for path in folder.glob('*.out')]} {[path.read_text()[-2000:] for path in folder.glob('*.log')]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"port {port} never opened")


if __name__ == "__main__":
    sys.exit(main())
