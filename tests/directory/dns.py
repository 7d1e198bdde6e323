"""A DNS server of its own for the tests: dnsmasq on a free port of loopback, with the records that a test gives it."""
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gateway import free_port  # noqa: E402


class Dns:
    def __init__(self, folder):
        self.folder, self.port, self.process = pathlib.Path(folder), free_port(), None
        self.folder.mkdir(parents=True, exist_ok=True)

    def start(self, record, servers, hosts):
        """Answers for `record` with servers (host, port, priority, weight), and for hosts with 127.0.0.1, for a second each."""
        self.stop()
        log = self.folder / "dnsmasq.log"
        said = log.read_text().count("started,") if log.exists() else 0
        self.process = subprocess.Popen(
            ["/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file", "--no-resolv", "--no-hosts", *(["--user=root"] if os.geteuid() == 0 else []), "--bind-interfaces",
             "--listen-address=127.0.0.1", f"--port={self.port}", "--local=/test/", "--local-ttl=1", "--log-facility=-", "--log-queries",
             *(f"--srv-host={record},{host},{port},{priority},{weight}" for host, port, priority, weight in servers),
             *(f"--host-record={host},127.0.0.1" for host in hosts)],
            stdout=open(log, "ab"), stderr=subprocess.STDOUT,
        )
        end = time.time() + 20
        while log.read_text().count("started,") <= said:
            if self.process.poll() is not None or time.time() > end:
                raise RuntimeError(f"dnsmasq did not start: {log.read_text()[-1000:]}")
            time.sleep(0.05)
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
