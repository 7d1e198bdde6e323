## Messages by mail. Each comes in the language of its reader, and in English and Japanese where that is unknown.
## “mail-account” and “mail-link” are the messages; the others are the sentences in them, with the subject.

mail-account =
    Hello { $name },

    { $sentence }

    User: { $user }
    Time: { $time }
    Address: { $address }

    If this was not you, tell your administrators at once.
mail-link =
    Hello { $name },

    { $sentence }

    { $url }

    The address can be used once, until { $until }. Do not give it to anybody.

    User: { $user }
mail-new-place = There was a sign-in to your account from a network from which you had not signed in recently ({ $browser }).
    .subject = A sign-in from a new place
mail-browser-registered = A browser was registered for your account: “{ $browser }”.
    .subject = A browser was registered
mail-browser-forgotten = The browser “{ $browser }” is no longer registered, and its sessions have ended.
    .subject = A registered browser was removed
mail-password-changed = Your password was changed, and your other sessions have ended.
    .subject = Your password was changed
mail-pattern-set = A pattern was set for your account.
    .subject = Your pattern was set
mail-transaction-password-set = The password that your transactions ask for was set.
    .subject = Your transaction password was set
mail-password-set-by-link = Your password was set through a one-time link.
    .subject = Your password was set
mail-authenticator-set-up = An authenticator app was set up for your account.
    .subject = A new authenticator was set up
mail-authenticator-replaced = Your authenticator app was replaced with a new one.
    .subject = A new authenticator was set up
mail-authenticator-set-up-by-link = An authenticator app was set up for your account through a one-time link.
    .subject = A new authenticator was set up
mail-authenticator-removed = Your authenticator app and its recovery codes were removed from your account.
    .subject = Your authenticator was removed
mail-recovery-codes-renewed = New recovery codes were made for your account. The old ones no longer work.
    .subject = New recovery codes were made
mail-approver-registered = A phone was registered to approve your sign-ins: “{ $phone }”.
    .subject = A phone was registered
mail-approver-removed = The phone “{ $phone }” no longer approves your sign-ins.
    .subject = A phone was removed
mail-passkey-added = The passkey “{ $passkey }” was added to your account.
    .subject = A passkey was added
mail-passkey-added-by-link = The passkey “{ $passkey }” was added to your account by a one-time link.
    .subject = A passkey was added
mail-passkey-removed = The passkey “{ $passkey }” was removed, and what was signed in with it elsewhere has ended.
    .subject = A passkey was removed
mail-identity-linked = An account of “{ $provider }” was linked with yours: it signs in as you from now on.
    .subject = A company sign-in was linked
mail-identity-unlinked = The link of your account with “{ $provider }” was removed, and what was signed in with it elsewhere has ended.
    .subject = A company sign-in was removed
mail-device-approved = Your administrator has approved the browser “{ $browser }”. Sign in with it as usual.
    .subject = Your browser was approved
mail-device-rejected = Your administrator has rejected your application for the browser “{ $browser }”. It cannot be used to sign in. If you need it, ask your administrator.
    .subject = Your application was rejected
mail-device-revoked = Your administrator has revoked the browser “{ $browser }”. Its sessions have ended. If you still need it, apply for it again at your next sign-in.
    .subject = Your browser was revoked
mail-device-applied = The user { $who } applies for a browser. Approve or reject it in the administration, under Devices. The address below is the one the application came from.
    .subject = A user applies for a browser
mail-somebody-else-asked = You denied a sign-in and answered that it was not you. Nobody was signed in. Change your password now.
    .subject = Somebody tried to sign in as you
mail-user-denied-sign-in = The user { $who } denied a sign-in on the phone and answered that it was somebody else. Nobody was signed in.
    .subject = A user reported a sign-in by somebody else
mail-pattern =
    Hello { $name },

    { $sentence }

    ★ Sign-in with a pattern

    1. Open this address: { $url }

    2. Enter your user name, and choose the domain if one can be chosen.
       User: { $user }
       Domain: { $domain }

    3. Read the one-time password off the table on the screen: the digits in the numbered cells, in the order of the numbers. ※ is a cell that you do not read.

    { $drawing }

       Then type behind the digits: { $phrase }

    4. Set your own pattern: enter it three times, each time off a new table.

    The first pattern can be used until { $until }. Do not show it to anybody.
mail-pattern-issued = This is your first pattern.
    .subject = Your first pattern
mail-certificate =
    Hello { $name },

    { $sentence }

    Names: { $certificate }
    End: { $ends }
    What went wrong last: { $trouble }

    The page “Certificates of the gateway” of the administration shows more, and so does “sekisho tls list”.
mail-certificate-ends-soon = A certificate of the gateway ends soon, and no new one is there. After its end, browsers refuse the gateway and every app behind it.
    .subject = A certificate of the gateway ends soon
mail-certificate-ended = A certificate of the gateway has ended, and no new one is there. Browsers refuse the gateway and the apps behind it.
    .subject = A certificate of the gateway has ended
mail-certificate-missing = A certificate of the gateway could not be issued yet. Until it is there, the gateway serves nothing under these names.
    .subject = A certificate of the gateway is missing
mail-reminder =
    Hello { $name },

    { $sentence }

    Certificate: { $certificate }
    Last day: { $end } (days left: { $left })
    { $url }

    User: { $user }
mail-certificate-ending = Your certificate ends soon. After its end, apps that ask for it do not open. Ask your administrator for a new one.
    .subject = Your certificate ends soon
mail-certificate-followed = Your certificate ends soon, and the new one is ready. Install it before the last day: both count until then.
    .subject = Your certificate ends soon: install the new one
mail-link-invitation = To set a password and an authenticator app for your account, open this address:
    .subject = Your account
mail-link-reset-password = To set a new password for your account, open this address:
    .subject = A new password
mail-link-reset-totp = To set up a new authenticator app for your account, open this address:
    .subject = A new authenticator
mail-link-reset-passkey = To make a passkey for your account, open this address on the device with which you sign in:
    .subject = A passkey
mail-link-browser = To register the browser with which you will sign in, open this address in it:
    .subject = Your browser
mail-link-approver = To register the phone with which you will approve your sign-ins, open this address on it:
    .subject = Your phone
