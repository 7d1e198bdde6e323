#!/usr/bin/env bash
# Authlib's registration of clients refuses the redirect URI that RFC 8252 gives as its example for native apps.
#
# Versions: Authlib 1.9.10, beside it oauthlib 4.0.1 (PyPI).
# One would think: com.example.app:/oauth2redirect/example-provider is a redirect URI; RFC 8252 section 7.1 wants private-use schemes with one
#       slash, since such a URI has no host.
# Seen: ClientMetadataClaims (RFC 7591) refuses it as an invalid "redirect_uris", as it does every URI without a host, and takes
#       com.example.app://oauth2redirect/example-provider. oauthlib takes both.
# Why it matters: an app that was made by the RFC cannot register itself; with a second slash it can, and then the URI that it sends later,
#       which is compared letter by letter (RFC 9700 section 2.1), is the wrong one unless it is changed in the app too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install Authlib==1.9.10 joserfc==1.8.0 oauthlib==4.0.1

cat > register.py <<'PY'
from authlib.oauth2.rfc7591 import ClientMetadataClaims
from joserfc.errors import InvalidClaimError
from oauthlib.uri_validate import is_absolute_uri

for uri in ("com.example.app:/oauth2redirect/example-provider", "com.example.app://oauth2redirect/example-provider", "http://127.0.0.1:51004/oauth2redirect",
            "https://app.example.com/oauth2redirect"):
    try:
        ClientMetadataClaims({"redirect_uris": [uri]}, {}).validate()
        verdict = "taken"
    except InvalidClaimError as refused:
        verdict = str(refused)
    print(f"{uri}: Authlib {verdict}, oauthlib {'taken' if is_absolute_uri(uri) else 'refused'}")
PY
v/bin/python register.py | tee seen
diff seen - <<'SEEN' && echo "as found"
com.example.app:/oauth2redirect/example-provider: Authlib invalid_claim: Invalid claim: 'redirect_uris', oauthlib taken
com.example.app://oauth2redirect/example-provider: Authlib taken, oauthlib taken
http://127.0.0.1:51004/oauth2redirect: Authlib taken, oauthlib taken
https://app.example.com/oauth2redirect: Authlib taken, oauthlib taken
SEEN
