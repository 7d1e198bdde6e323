"""What all targets stand on: a folder, one authority with its certificates, an upstream (nginx), an answerer for proxies that ask
another server, and a server that accepts WebSockets. All of it runs on CPU 1; a target runs alone on CPU 0.
"""
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from gateway import free_port  # noqa: E402  (tests/support/gateway.py)

HOST, CERTIFICATE_HOST = "app.localhost", "cert.localhost"
COOKIE = "session=0123456789abcdef0123456789abcdef"
BODY = "x" * 1024
KIB, MIB = 1024, 1024 * 1024
# The files of the upstream, by name: bytes of each.
FILES = {"1k": KIB, "64k": 64 * KIB, "10m": 10 * MIB, "100m": 100 * MIB}
TARGETS_CPU, OTHERS_CPU = 0, 1


class Ground:
    def __init__(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-compare-"))
        self.folder.chmod(0o755)
        self.processes = []
        self.upstream, self.auth, self.sockets = free_port(), free_port(), free_port()

    def prepare(self):
        self.certificates()
        (self.folder / "files").mkdir()
        for name, size in FILES.items():
            (self.folder / "files" / name).write_bytes(b"\0" * size)
        # `/sink` reads a body to its end before it answers: an early answer would end the upload.
        (self.folder / "upstream.conf").write_text(self.nginx("upstream", f"""
          server {{ listen 127.0.0.1:{self.upstream} backlog=4096; client_max_body_size 0; client_body_buffer_size 64k;
                    location /files/ {{ alias {self.folder}/files/; }}
                    location = /sink {{ proxy_request_buffering off; proxy_pass http://127.0.0.1:{self.auth}/drain; }}
                    location = /socket {{ proxy_pass http://127.0.0.1:{self.sockets}; proxy_http_version 1.1; proxy_read_timeout 600s;
                                          proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }}
                    location / {{ return 200 '{BODY}'; }} }}
          server {{ listen 127.0.0.1:{self.auth} backlog=4096; client_max_body_size 0;
                    location = /drain {{ client_body_in_file_only off; proxy_pass http://127.0.0.1:{self.auth}/ok; proxy_pass_request_body off; proxy_set_header Content-Length ''; }}
                    location = /ok {{ return 200 'ok'; }}
                    location / {{ if ($cookie_session = '') {{ return 401; }} return 200; }} }}"""))
        self.wait(self.start(OTHERS_CPU, ["nginx", "-c", str(self.folder / "upstream.conf")]), self.upstream)
        self.wait(self.start(OTHERS_CPU, [sys.executable, str(HERE / "sockets.py"), str(self.sockets)]), self.sockets)

    def certificates(self):
        run = lambda command: subprocess.run(command, shell=True, check=True, cwd=self.folder, capture_output=True)
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=compare-ca -days 30")
        for name, extension in (("server", f"subjectAltName=DNS:{HOST},DNS:auth.localhost,DNS:{CERTIFICATE_HOST}"), ("client", "extendedKeyUsage=clientAuth")):
            run(f"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}")
            (self.folder / "ext").write_text(extension)
            run(f"openssl x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 30 -extfile ext")
        run("cat server.pem server.key > both.pem")

    def nginx(self, name, servers, log="off"):
        """A whole configuration of nginx around these servers."""
        temporary = "".join(f"{kind}_temp_path {self.folder}/t-{name}-{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return (
            f"daemon off; worker_processes 1; pid {self.folder}/{name}.pid; error_log /dev/null crit; {'user root;' if os.getuid() == 0 else ''}"
            f"events {{ worker_connections 20000; }} http {{ access_log {log}; sendfile on; keepalive_requests 100000000; keepalive_timeout 600s; {temporary} {servers} }}"
        )

    def start(self, cpu, command, **environment):
        log = open(self.folder / f"process-{len(self.processes)}.log", "w")
        process = subprocess.Popen(["taskset", "-c", str(cpu), *command], stdout=log, stderr=log, env={**os.environ, **environment})
        process.log = pathlib.Path(log.name)
        self.processes.append(process)
        return process

    def wait(self, process, port, limit=30):
        end = time.time() + limit
        while time.time() < end:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args[3]} ended by itself: {process.log.read_text()[-2000:]}")
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{process.args[3]}: port {port} never opened: {process.log.read_text()[-2000:]}")

    def stop(self, process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def clear(self):
        for process in self.processes:
            self.stop(process)
        if os.environ.get("KEEP"):
            print(f"configurations and logs are kept in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
