#!/usr/bin/env bash
# A browser set to Taiwanese Chinese alone is not matched with "zh-Hant", nor (in one library) a Swiss one with "de".
#
# Versions: negotiator 1.1.0, accept-language-parser 1.5.0 (npm).
# One would think: "zh-Hant-TW" finds the available "zh-Hant", since RFC 4647 section 3.4 (lookup) shortens a range from its end
#       until something fits; and "de-CH" finds "de".
# Seen: negotiator shortens only down to the first subtag: de-CH finds de, but zh-Hant-TW, ja-JP-x-a and en-US-u-hc-h12 find
#       neither zh-Hant nor ja-JP nor en-US. accept-language-parser's pick() finds nothing for de-CH among [en, de] either.
# Why it matters: negotiator is what Express asks. Pages in seven languages fall back to English exactly for those whose tag
#       has a script or an extension; a gateway that redirects them sees the right tag and the app behind it does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund negotiator@1.1.0 accept-language-parser@1.5.0

cat > ask.mjs <<'JS'
import Negotiator from 'negotiator'
import parser from 'accept-language-parser'
for (const [header, available] of [
  ['de-CH', ['en', 'de']], ['zh-Hant-TW', ['en', 'zh-Hant']], ['ja-JP-x-a', ['en', 'ja-JP']], ['en-US-u-hc-h12', ['de', 'en-US']],
]) console.log(header, new Negotiator({ headers: { 'accept-language': header } }).language(available), parser.pick(available, header))
JS
node ask.mjs | tee seen
diff seen - <<'SEEN' && echo "as found"
de-CH de null
zh-Hant-TW undefined null
ja-JP-x-a undefined null
en-US-u-hc-h12 undefined null
SEEN
