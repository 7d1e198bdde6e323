#!/usr/bin/env bash
# Python's prometheus_client gives a counter another name than the one that was scraped.
#
# Version: prometheus_client 0.26.0 (PyPI), its parser of the text format 0.0.4.
# One would think: parsing what a server exposes gives the samples under the names they have there. The text format lets a counter
#   have any name; the ending _total is a convention.
# Seen: a counter "requests" comes back as the sample "requests_total"; a name that no query to the server's own Prometheus
#   would find. A counter whose family is named without the ending and whose sample has it (the form of OpenMetrics) falls apart: the
#   family is there without samples, and the sample is a family of its own of unknown type. A gauge that ends in _total stays.
# Why it matters: proxies expose counters of both kinds (Envoy's envoy_http_downstream_rq_completed). A check that looks for the name it
#   sees with curl finds nothing and takes it for 0; one written with this parser cannot be typed into Prometheus.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'prometheus_client==0.26.0'
cat >read.py <<'PY'
from prometheus_client.parser import text_string_to_metric_families

text = """# TYPE requests counter
requests{app="wiki"} 1
# TYPE denied_total counter
denied_total 2
# TYPE errors counter
errors_total 3
# TYPE open_total gauge
open_total 4
"""
for family in text_string_to_metric_families(text):
    print(family.name, family.type, [(sample.name, sample.value) for sample in family.samples])
PY
v/bin/python read.py | tee seen
diff seen - <<'SEEN' && echo "as found"
requests counter [('requests_total', 1)]
denied counter [('denied_total', 2)]
errors counter []
errors_total unknown [('errors_total', 3)]
open_total gauge [('open_total', 4)]
SEEN
