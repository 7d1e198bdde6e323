## What `sekisho demo` prints. Addresses, commands and what is typed stand in the code.
guide-again = everything as you left it
guide-made = made for you just now
guide-go = Go to
guide-go-open = the notice board: open to this machine's network (check 1)
guide-go-app = the wiki: password and one-time password (checks 4 and 6)
guide-go-cert = the ledger: client certificate and password (checks 2 and 4)
guide-go-phone = the calendar: approved on a phone, no password (check 4)
guide-go-diary = the diary: its login form is shut until opened from the phone
guide-go-bank = the bank: a password, and each transfer approved by itself
guide-go-portal = the portal: your apps, your sessions, your account
guide-go-admin = the administration: as admin
guide-kept = You changed { $file }: it stays as it is.
guide-be = Be
guide-user = user
guide-password = password
guide-key = authenticator key
guide-code = code now
guide-recovery-code = instead of a code, once: { $user }'s recovery code { $code }
guide-transaction-password = { $user }'s transaction password: { $password }
guide-try = Try
guide-try-wiki = Open the wiki, sign in as alice: the page shows what reached it, and which user the gateway named.
guide-try-form = Post its form, end your session at the portal, post again: what you wrote is not lost.
guide-try-certificate = Import { $file } (passphrase: { $passphrase }) into your browser and open the ledger.
guide-try-phone =
    Open alice's link below in a second window, narrow as a phone: it is alice's phone now. Then open the
    calendar: a number is shown, choose it on the phone; the second time approving is enough.
guide-try-diary = Open the diary: the right password is refused like a wrong one, until the phone opens the login form.
guide-try-bank =
    Open the bank as alice and transfer something: payee and amount are on the phone, hold its button to approve;
    what was done is listed with its approval. Deny the next, let an exchange lapse (15 s), post by script.
    The limit wants the transaction password; to close an account bob has to say yes on his phone.
guide-without-window = or without a window: { $command }, then list, approve, release
guide-try-machine =
    add { $option } and post it to …/machines/postings:
    it is held, the answer is 202; GET its result, with { $wait }, and approve it on the phone.
guide-try-admin = As admin issue bob a certificate ({ $issue }); bob fetches it at { $own }.
guide-resolve = (where curl does not find *.localhost: { $option })
guide-authority = Your browser does not know this authority: import { $file } or accept its warning.
guide-codes = Codes change every 30 s and are accepted once; see them again by `{ $command }`.
guide-codes-key = Codes change every 30 s and are accepted once; Enter shows the present ones.
guide-end = Ctrl-C ends it.
