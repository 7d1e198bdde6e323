#!/usr/bin/env bash
# A "+" in a name is lost by ldapjs when it is escaped as RFC 4514 itself does it.
#
# Version: ldapjs 3.0.7 (npm).
# One would think: parseDN('OU=R\+D,DC=x') is the unit "R+D"; the plus is one of the characters that RFC 4514 section 2.4 escapes
#       with a backslash, and directories (OpenLDAP, Active Directory) answer names in that very form.
# Seen: the plus and one more character are taken for a pair of hex digits: "R\+D2" becomes "R", a carriage return and "2", and
#       "a\+b" becomes "a". The other escape of the same name, "R\2BD", is read rightly, and so are "\," and "\;".
# Why it matters: an app that takes memberOf or entryDN from a directory and compares or searches by what ldapjs prints finds
#       nothing for a group "R+D", or something of another name. A name that goes to such an app is safer with hex pairs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ldapjs@3.0.7

cat > parse.cjs <<'JS'
const { parseDN } = require('ldapjs')
for (const name of ['OU=R\\+D2,DC=x', 'OU=a\\+b,DC=x', 'OU=R\\2BD,DC=x', 'OU=R\\, D,DC=x', 'OU=a\\;b,DC=x'])
  console.log(name, '->', JSON.stringify(parseDN(name).toString()))
JS
node parse.cjs 2>/dev/null | tee seen
diff seen - <<'SEEN' && echo "as found"
OU=R\+D2,DC=x -> "OU=R\\0d2,DC=x"
OU=a\+b,DC=x -> "OU=a,DC=x"
OU=R\2BD,DC=x -> "OU=R\\2bD,DC=x"
OU=R\, D,DC=x -> "OU=R\\2c D,DC=x"
OU=a\;b,DC=x -> "OU=a\\3bb,DC=x"
SEEN
