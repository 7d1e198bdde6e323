#!/usr/bin/env bash
# A link of more than one line in a header of a mail is no link any more: Python's EmailMessage writes it as encoded words.
#
# Versions: email of CPython 3.11 (3.12.1 and 3.13.0 do the same); beside it its older policy compat32, nodemailer 10.6.1 (npm); all read by
#       mailparser 3.14.2 (npm).
# One would think: List-Unsubscribe: <https://...> is written as it is: a line may have 998 letters (RFC 5322 section 2.1.1), the value has no
#       letter beyond ASCII, and encoded words have no place in a header that is no free text (RFC 2047 section 5).
# Seen: with policy SMTP or default a link that does not fit on a line becomes "=?utf-8?q?=3Chttps=3A//...?=" in several pieces. A short one stays, and
#       so does a long Message-ID, which Python knows. max_line_length=998 avoids it. compat32 and nodemailer break the line before the link.
# Why it matters: a link that is signed, as one-click unsubscribing wants it (RFC 8058), is always that long. Who reads the mail finds no address
#       between "<" and ">" and offers no button. A test that reads the mail by Python sees the right text, since Python decodes what it wrote.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nodemailer@10.6.1 mailparser@3.14.2

cat > write.py <<'PY'
import json
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

SHORT, LONG = "<https://gw.example.com/u?t=1>", f"<https://gw.example.com/u?t={'a1' * 40}>"
mails = {}
for size, link in (("short", SHORT), ("long", LONG)):
    for name, make, rules in (("default", EmailMessage, policy.default), ("SMTP", EmailMessage, policy.SMTP),
                              ("998", EmailMessage, policy.SMTP.clone(max_line_length=998)), ("compat32", Message, policy.compat32)):
        mail = make(policy=rules)
        mail["To"] = "alice@example.com"
        mail["Message-ID"] = f"<{'m' * 80}@gw.example.com>"
        mail["List-Unsubscribe"] = link
        mail.set_payload("A device was added.\n")
        mails[f"{size} {name}"] = mail.as_bytes().decode("ascii")
        assert message_from_bytes(mail.as_bytes(), policy=policy.default)["List-Unsubscribe"].strip() == link
        assert f"{'m' * 80}@gw.example.com>" in mails[f"{size} {name}"]
json.dump({"links": {"short": SHORT, "long": LONG}, "mails": mails}, open("mails.json", "w"))
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import mailparser from 'mailparser'
import nodemailer from 'nodemailer'
const { links, mails } = JSON.parse(fs.readFileSync('mails.json'))
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true })
for (const [size, link] of Object.entries(links)) {
  const mail = { to: 'alice@example.com', text: 'A device was added.', list: { unsubscribe: link.slice(1, -1) } }
  mails[`${size} nodemailer`] = String((await transport.sendMail(mail)).message)
}
for (const [name, text] of Object.entries(mails)) {
  const [head] = text.split(/\r?\n\r?\n/)
  const field = head.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/).find((line) => line.startsWith('List-Unsubscribe:')).slice(17).trim()
  const parsed = await mailparser.simpleParser(text)
  const found = parsed.headers.get('list')?.unsubscribe?.url
  const wanted = links[name.split(' ')[0]]
  console.log(`${name}: ${field === wanted ? 'as it was' : field.slice(0, 16) + '...'}, mailparser ${found === wanted.slice(1, -1) ? 'finds the link' : 'finds no link'}`)
}
JS
python3 write.py
node read.mjs | tee seen
diff seen - <<'SEEN' && echo "as found"
short default: as it was, mailparser finds the link
short SMTP: as it was, mailparser finds the link
short 998: as it was, mailparser finds the link
short compat32: as it was, mailparser finds the link
long default: =?utf-8?q?=3Chtt..., mailparser finds no link
long SMTP: =?utf-8?q?=3Chtt..., mailparser finds no link
long 998: as it was, mailparser finds the link
long compat32: as it was, mailparser finds the link
short nodemailer: as it was, mailparser finds the link
long nodemailer: as it was, mailparser finds the link
SEEN
