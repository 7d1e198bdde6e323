#!/usr/bin/env bash
# Two LDAP libraries for Node refuse attribute names with an option or a number, and the filter that is always true.
#
# Versions: ldapjs 3.0.7, ldapts 8.2.0 (npm).
# One would think: (cn;lang-ja=x) and (2.5.4.3=x) are filters (RFC 4515 takes an attribute description: a name or an OID, with
#       options), and so are (&), always true, and (|), always false (RFC 4526).
# Seen: both libraries refuse the option and the OID as invalid; ldapts refuses (&) as well, both refuse (|).
# Why it matters: directories in Japan keep readings and romanised names under options (displayName;lang-ja;phonetic). A filter
#       that an administrator tried with ldapsearch, or that a gateway's config takes, does not work in the app behind it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ldapjs@3.0.7 ldapts@8.2.0

cat > parse.mjs <<'JS'
import ldapjs from 'ldapjs'
import { FilterParser } from 'ldapts'
const tried = (parse) => { try { return parse().toString() } catch { return 'refused' } }
for (const filter of ['(cn=x)', '(cn;lang-ja=x)', '(2.5.4.3=x)', '(&)', '(|)'])
  console.log(filter, tried(() => ldapjs.parseFilter(filter)), tried(() => FilterParser.parseString(filter)))
JS
node parse.mjs 2>/dev/null | tee seen
diff seen - <<'SEEN' && echo "as found"
(cn=x) (cn=x) (cn=x)
(cn;lang-ja=x) refused refused
(2.5.4.3=x) refused refused
(&) (&) refused
(|) refused refused
SEEN
