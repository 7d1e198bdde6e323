"""Proxies that ask another server about each request: Envoy by ext_authz, Traefik by forwardAuth, Caddy by forward_auth.

They ask the answerer of the run, as nginx with auth_request does: it looks whether a session's cookie is there. Their programs are
those that the tests have, from wheels (tests/requirements.txt).
"""
import importlib.util
import json
import pathlib
import sys

from ground import CERTIFICATE_HOST, HOST
from targets import Target

BIN = pathlib.Path(sys.executable).parent
IN_GO = {"instructions": "valgrind 3.19 aborts in programs written in Go"}


class Envoy(Target):
    def prepare(self):
        (self.folder / "envoy.json").write_text(json.dumps(self.configuration()))
        # The wheel's command is a script that becomes this program: callgrind would follow the script.
        program = pathlib.Path(importlib.util.find_spec("envoy").origin).parent / "_bin" / "envoy"
        return [str(program), "-c", str(self.folder / "envoy.json"), "--concurrency", "1", "-l", "error", "--disable-hot-restart", "--base-id", str(self.port)]

    def configuration(self):
        typed = lambda name, kind, **more: {"name": name, "typed_config": {"@type": f"type.googleapis.com/envoy.extensions.{kind}", **more}}
        at = lambda port: {"socket_address": {"address": "127.0.0.1", "port_value": port}}
        folder = self.ground.folder
        ask = typed(
            "ext_authz", "filters.http.ext_authz.v3.ExtAuthz", allowed_headers={"patterns": [{"exact": "cookie"}]},
            http_service={"server_uri": {"uri": f"http://127.0.0.1:{self.ground.auth}", "cluster": "auth", "timeout": "5s"}},
        )
        route = {"match": {"prefix": "/"}, "route": {"cluster": "app", "timeout": "0s", "idle_timeout": "600s"}}
        log = typed("log", "access_loggers.file.v3.FileAccessLog", path=f"{self.folder}/access.log")
        http = typed(
            "http", "filters.network.http_connection_manager.v3.HttpConnectionManager", stat_prefix="https", upgrade_configs=[{"upgrade_type": "websocket"}],
            http_filters=[ask, typed("router", "filters.http.router.v3.Router")], access_log=[log],
            route_config={"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        )
        pair = {"certificate_chain": {"filename": f"{folder}/server.pem"}, "private_key": {"filename": f"{folder}/server.key"}}
        common = {"alpn_protocols": ["h2", "http/1.1"], "tls_certificates": [pair]}
        tls = lambda **more: typed("tls", "transport_sockets.tls.v3.DownstreamTlsContext", **more)
        shown = tls(require_client_certificate=True, common_tls_context={**common, "validation_context": {"trusted_ca": {"filename": f"{folder}/ca.pem"}}})
        chains = [
            {"filter_chain_match": {"server_names": [CERTIFICATE_HOST]}, "transport_socket": shown, "filters": [http]},
            {"transport_socket": tls(common_tls_context=common), "filters": [http]},
        ]
        # Its own bounds are 1,024 connections and requests to an upstream: less than a run of tunnels has.
        many = {"thresholds": [{"max_connections": 20000, "max_pending_requests": 20000, "max_requests": 20000}]}
        cluster = lambda name, port: {
            "name": name, "connect_timeout": "5s", "circuit_breakers": many,
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": at(port)}}]}]},
        }
        listener = {"name": "https", "address": at(self.port), "filter_chains": chains, "listener_filters": [typed("names", "filters.listener.tls_inspector.v3.TlsInspector")]}
        return {"static_resources": {"listeners": [listener], "clusters": [cluster("app", self.ground.upstream), cluster("auth", self.ground.auth)]}}


class Traefik(Target):
    cannot = IN_GO

    def prepare(self):
        folder = self.ground.folder
        router = lambda host, tls: {"rule": f"Host(`{host}`)", "entryPoints": ["websecure"], "tls": tls, "middlewares": ["ask"], "service": "app"}
        dynamic = {
            "http": {
                "routers": {"app": router(HOST, {}), "certificate": router(CERTIFICATE_HOST, {"options": "shown"})},
                "middlewares": {"ask": {"forwardAuth": {"address": f"http://127.0.0.1:{self.ground.auth}/check"}}},
                "services": {"app": {"loadBalancer": {"servers": [{"url": f"http://127.0.0.1:{self.ground.upstream}"}]}}},
            },
            "tls": {
                "options": {"shown": {"clientAuth": {"caFiles": [f"{folder}/ca.pem"], "clientAuthType": "RequireAndVerifyClientCert"}}},
                "stores": {"default": {"defaultCertificate": {"certFile": f"{folder}/server.pem", "keyFile": f"{folder}/server.key"}}},
            },
        }
        static = {
            "entryPoints": {"websecure": {"address": f"127.0.0.1:{self.port}", "transport": {"respondingTimeouts": {"readTimeout": "0s", "idleTimeout": "600s"}}}},
            "providers": {"file": {"filename": f"{self.folder}/dynamic.yml"}}, "accessLog": {"filePath": f"{self.folder}/access.log"},
            "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        }
        # JSON is YAML.
        (self.folder / "dynamic.yml").write_text(json.dumps(dynamic))
        (self.folder / "static.yml").write_text(json.dumps(static))
        return [str(BIN / "traefik"), f"--configFile={self.folder}/static.yml"]


class Caddy(Target):
    cannot = IN_GO

    def prepare(self):
        folder = self.ground.folder
        forward = f"""
	bind 127.0.0.1
	log
	forward_auth 127.0.0.1:{self.ground.auth} {{
		uri /check
		transport http {{
			keepalive_idle_conns_per_host 128
		}}
	}}
	reverse_proxy 127.0.0.1:{self.ground.upstream} {{
		transport http {{
			keepalive_idle_conns_per_host 128
		}}
	}}"""
        # wrk names 127.0.0.1 in its handshake, not the host.
        (self.folder / "Caddyfile").write_text(f"""{{
	admin off
	auto_https off
	persist_config off
	fallback_sni {HOST}
	log {{
		output file {self.folder}/access.log
	}}
	servers {{
		protocols h1 h2
		strict_sni_host insecure_off
		timeouts {{
			idle 10m
		}}
	}}
}}
https://{HOST}:{self.port} {{
	tls {folder}/server.pem {folder}/server.key{forward}
}}
https://{CERTIFICATE_HOST}:{self.port} {{
	tls {folder}/server.pem {folder}/server.key {{
		client_auth {{
			mode require_and_verify
			trust_pool file {folder}/ca.pem
		}}
	}}{forward}
}}
""")
        return [str(BIN / "caddy"), "run", "--adapter", "caddyfile", "--config", str(self.folder / "Caddyfile")]
