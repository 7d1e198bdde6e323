## The six checks
barrier-label = The steps of this sign-in
barrier-here = Step { $number } of { $count }
check-ip-restriction = Network
    .asks = Opens from certain networks only
check-client-certificate = Certificate
    .asks = Asks for a client certificate
check-desktop-sso = Desktop sign-in
    .asks = Asks for a workplace computer
check-primary-factor = Who you are
    .asks = Asks you to sign in again
check-cookie = Registered browser
    .asks = Asks for a registered browser
check-otp = One-time password
    .asks = Asks for a one-time password
mark-done = : passed
mark-now = : you are here
mark-to-come = : still to come
mark-stopped = : not passed

## Every step
step-to = To
step-as = Signing in as
step-holds-post = What you sent is being kept. It is sent on as soon as you have signed in.
step-opened-by-phone = Open this login form from your phone first, then enter your password. Until it is open, even the right password is answered as wrong.
    .some = Some users open this login form from their phone first. If you are one of them, even the right password is answered as wrong until it is open.
problem-label = Problem:{" "}
problem-wrong-credentials = The user name or the password is wrong. Check both and try again.
problem-certificate-of = This certificate is { $user }’s. Sign in as { $user }, or close all windows of the browser and choose another certificate.
problem-ticket-of = This computer is signed in as { $user }. Sign in as { $user }, or use your own computer.
problem-ticket-used = What your computer sent was used already, for example because the connection was interrupted. Try again.
problem-ticket-clock = The clock of your computer and that of the gateway differ by more than five minutes. Set your computer’s clock to the right time, then try again.
problem-ticket-old = Your computer’s sign-in to the network has expired. Lock and unlock the computer (on Linux: kinit), then try again.
problem-ticket-connection = Your computer’s sign-in belongs to another connection than this one. Something between your browser and this site reads the connection, or your browser cannot bind its sign-in to it.
problem-ticket-account = The account of your computer, { $account }, belongs to no user here.
problem-ticket-no-account = The account of your computer belongs to no user here.
problem-ticket-another = Your computer is signed in as { $account }, which is another user than the one who is signing in here.
problem-ticket-gateway = The sign-in of workplace computers does not work at the moment. Nothing is wrong with your computer; please tell your administrator.
problem-wrong-code = That code is wrong or no longer valid. Wait for the next one and enter it.
problem-wrong-recovery-code = This recovery code is wrong or was used already. Each code works once.
problem-incomplete = Something is missing. Fill in every field completely.
problem-busy = Too many people are signing in at the moment. Nothing is wrong with what you entered: please try again in a few seconds.
problem-directory-unavailable = Some passwords cannot be checked at the moment. Please try again in a few minutes.
problem-directory-down = The passwords of { $domain } cannot be checked at the moment. Please try again in a few minutes, or sign in another way.
problem-must-change-there = Your password is right, but it must be changed before you can sign in. Change it at a computer of your organisation, or ask your administrators.
problem-both-needed = Two passwords are needed at the moment. Enter both.
problem-cookies-blocked = Your browser does not keep cookies for this site, so what you entered was lost. Allow cookies for it, then sign in again.
problem-unknown-mail = No provider here knows that mail address. Check it, or sign in another way.
problem-question-over = The request on your phone has ended; the gateway may have been restarted. Please begin this step again.
problem-slow-down = Too many failed attempts. Please wait { $wait } before you try again.
why-primary-factor-missing = { $app } asks who you are.
why-primary-factor-method = { $app } asks you to sign in in another way.
why-primary-factor-unprotected = { $app } keeps its login form shut: open it from your phone, then enter your password.
why-primary-factor-too-old = { $app } asks you to confirm that it is still you: you signed in some time ago.
why-browser-not-registered = { $app } lets in registered browsers only, and this one is not registered for you yet.
why-browser-registered-otherwise = { $app } asks for this browser to be registered in another way.
why-browser-not-bound = { $app } takes only browsers that keep a key of their own, and this one has not shown one. Chrome 146 or newer on Windows keeps one: open the page there, or register this browser again.
why-otp-missing = { $app } asks for a one-time password.
why-otp-method = { $app } asks for another kind of one-time password than the one you used.
why-otp-too-old = { $app } asks for a new one-time password: you entered the last one some time ago.
why-desktop-sso-missing = { $app } asks for the sign-in of your workplace computer.

## User name and password
password-title = Sign in
field-user = User name
field-domain = Domain
domain-local = This site
field-password = Password
field-directory-password = Windows password
password-both = At the moment, you need two passwords: the one for this site and the one that you use for Windows. Both must be right.
password-submit = Continue
password-someone-else = Not you?

## A password of a directory that must be changed
must-change-title = Choose a new password
must-change-what = Your password of { $domain } must be changed before you can sign in. The new one holds everywhere you use it.
must-change-done = Your password has been changed
must-change-done-what = From now on use the new password, here and everywhere else.
must-change-sign-in = Sign in with the new password
directory-password-hint = The directory has its own rules for length and characters.
password-problem-not-taken = The new password does not meet the rules of the directory. Choose a longer one, or one that you have not used before.

## One-time password
otp-title-totp = One-time password
otp-title-recovery = Recovery code
otp-field-totp = Six digits
otp-hint-totp = Open your authenticator app and enter the code it shows for this account.
otp-field-recovery = One of your recovery codes
otp-hint-recovery = From the list you printed or saved. Each code works once.
otp-submit = Continue
otp-use-totp = Use your authenticator app instead
otp-use-recovery = No authenticator at hand? Use a recovery code

## Registering this browser
browser-title = Register this browser
browser-how = Confirm it with a one-time password. It then stays registered for { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
browser-passes-otp = The same code counts for the check after this one, too.
browser-field-name = Name of this browser
browser-hint-name = So that you recognise it in your list.
browser-submit = Register and continue
browser-shared-computer = Do not register a computer that other people use as well.

## Passkeys
passkey-label = Passkey
passkey-title = Use your passkey
passkey-how = Confirm with the fingerprint, face or PIN of your device or security key.
passkey-how-sign-in = Your passkey says who you are: you type neither a user name nor a password.
passkey-how-browser = Confirm it with your passkey. This browser then stays registered for you.
passkey-use = Sign in with a passkey
passkey-register-browser = Register with a passkey and continue
passkey-use-instead = Use a passkey instead
passkey-needs-script = Passkeys need JavaScript, which is switched off in this browser. Switch it on for this site, or use another way.
passkey-no-script = If no button appears here, the script of this page was not loaded. Reload the page, or use another way to sign in.
passkey-not-given = No passkey was used: it was cancelled, it took too long, or this device has no passkey for this site.
passkey-insecure = The browser refused to use a passkey here. There are two possible causes: this site’s certificate is not trusted by your browser, or the site is open under another name than the one the passkey was made for. Tell your administrator.
passkey-registered-already = This device is registered already.
passkey-not-supported = This device cannot use passkeys of the kind that is needed here.
passkey-browser-too-old = This browser cannot use passkeys. Use a newer one, or another way.
passkey-begin-again = This page has been open for too long. Load it again, then try once more.
passkey-slow-down = Too many people are using passkeys from your network at the moment. Please try again in a minute.
passkey-failed = The passkey could not be used. Please try again.
problem-passkey-refused = That passkey was not accepted. It may have been removed from your account, or your account may not sign in with passkeys here.
problem-passkey-not-verified = Your device did not check that it is you. Set up a PIN, fingerprint or face on it, then try again.
problem-passkey-over = It took too long, or the page was used twice. Please try again.
no-passkey-title = You need a passkey first
no-passkey-what = This page asks for a passkey as well, and { $user } has none yet.
no-passkey-ask = Ask your administrator for a one-time link. With it you make a passkey on your device, and then you can sign in here.

## No second factor yet
no-authenticator-title = You need an authenticator first
no-authenticator-what = Your password was right. This page asks for a one-time password as well, and no authenticator app is set up for { $user } yet.
no-authenticator-enrol-link = Set up an authenticator
no-authenticator-ask = Ask your administrator for a one-time link. With it you set up an authenticator app on your phone, and then you can sign in here.
no-phone-title = You need a registered phone first
no-phone-what = This page asks for an approval on the phone as well, and no phone is registered for { $user } yet.
no-phone-ask = Ask your administrator for a one-time link. Open it on your phone to register it, and then you can sign in here.
no-second-title = You need a second factor first
no-second-what = This page asks for a second factor as well: a code of an authenticator app, or an approval on the phone. Neither is set up for { $user } yet.
no-second-ask = Ask your administrator for a one-time link. With it you set up an authenticator app or register your phone, and then you can sign in here.
phone-rests-title = Your phone cannot approve at the moment
phone-rests-what = This page asks for an approval on the phone as well. The approvals of { $user } are suspended or locked.
phone-rests-ask = Ask your administrator to resume or unlock them.
no-second-never-alone = It cannot be set up with the password alone: anyone who learns your password could do that, too.
no-second-administrator = For administrators: the link is made on the page of this user, or with { $command }.
phone-rests-administrator = For administrators: that is done on the page of this user, or with { $command }.
what-to-do = What to do

## Slow down
slow-down-title = Please wait a little
slow-down-wait = You can try again in { $wait }.
slow-down-why = There were too many failed sign-ins from your network. Until then, no sign-in is accepted, not even with the right password.
slow-down-do = If it was not you, tell your administrator.
slow-down-returns-why = Too many people from your network came back from a company’s sign-in without success. It is probably nothing that you did: the sign-in there may be out of order. Other ways to sign in still work.
slow-down-returns-do = You need not do anything. Wait, and try again; if it goes on, tell your administrator.
try-again = Try again

## Expired
expired-title = This sign-in is over
expired-what = It took too long, or it was finished in another tab. Nothing is lost: just begin again.
go-to-app = Go to { $app }
go-to-launcher = Go to your apps

## What was posted was not kept
not-kept-title = What you sent did not arrive
not-kept-too-large = { $app } asks you to sign in, and what you sent was too large to be kept meanwhile. { $app } has received nothing.
not-kept-foreign = { $app } asks you to sign in, and what you sent came from a page of another site. Such data is not kept. { $app } has received nothing.
not-kept-expired = { $app } asked you to sign in, and what you sent could not be kept that long. { $app } has received nothing.
not-kept-full = { $app } asks you to sign in, and what you sent could not be kept, because too much is being kept at the moment. { $app } has received nothing.
not-kept-unsaid = { $app } asks you to sign in, and what you sent could not be kept meanwhile. { $app } has received nothing.
not-kept-sign-in = Sign in, then send it again to { $app }. If it was a form, the back button of your browser may still have what you typed.
not-kept-do = You are signed in now. Go back to { $app } and send it again.

## Identity providers
idp-choice = With your company’s sign-in
idp-use = Sign in with { $provider }
idp-down = { $provider } does not answer at the moment. Signing in there may not work; nothing is wrong with your account.
idp-mail = Mail address at work
idp-mail-submit = Continue
idp-again = Try again
idp-other = Sign in another way
idp-called = There you are called:
idp-unavailable = { $provider } does not answer
    .what = { $provider } cannot be reached at the moment, so nobody can sign in there.
    .do = Nothing is wrong with your account. Try again in a few minutes, or sign in another way.
idp-denied = { $provider } did not sign you in
    .what = { $provider } sent you back without signing you in: it was cancelled, or your account there may not be used for this site.
    .do = Try again. If it happens again, ask the people who run { $provider } whether your account may use this site.
idp-set-up = { $provider } is not connected properly
    .what = This site and { $provider } do not understand each other. It is not your fault.
    .do = Tell your administrator, with the code and the request number below.
idp-not-believed = The answer of { $provider } was not accepted
    .what = The answer of { $provider } could not be verified. For your safety nobody was signed in.
    .do = Try again once. If it happens again, tell your administrator, with the code and the request number below.
idp-not-enough = { $provider } must check more
    .what = You signed in at { $provider }, but not as strongly as this site asks for, for example without a second factor.
    .do = Set up a second factor at { $provider }, or choose the stronger way there, and try again.
idp-not-fresh = { $provider } did not ask you again
    .what = This step needs a new sign-in, and { $provider } does not confirm one.
    .do = Sign out at { $provider } and try again. If that does not help, sign in another way or tell your administrator.
idp-no-account = There is no account for you here
    .what = { $provider } signed you in, but no account of this site belongs to you.
    .do = Ask your administrator for an account. If you signed in with the wrong account, sign out at { $provider } and try again.
idp-no-name = Your account cannot be made
    .what = { $provider } signed you in, but an account with the name from there cannot be made here: the name is taken or cannot be used.
    .do = Ask your administrator to connect your account.
idp-not-assigned = Your account signs in another way
    .what = { $provider } signed you in, but your account here does not use a company sign-in.
    .do = Sign in another way, or ask your administrator to assign the method to you.
idp-other-person = That is another account
    .what = You confirmed with an account of { $provider } that is not the one you are signed in with here.
    .do = Choose the right account at { $provider }, or sign out here first.
idp-taken = That account belongs to somebody else here
    .what = The account of { $provider } that you signed in with there already signs in as another user of this site. Nothing was changed.
    .do = Sign in at { $provider } with your own account, or ask your administrator to remove the other link.
idp-refused = Your account cannot be used here
    .what = { $provider } signed you in, but your account may not be used from here at the moment.
    .do = Tell your administrator, with the code and the request number below.
idp-another-browser = This sign-in began somewhere else
    .what = You come back from { $provider } in another browser or window than you began in, or your browser keeps no cookies for this site.
    .do = Allow cookies for this site and begin again in this browser.
idp-over = This sign-in is over
    .what = It took too long at { $provider }, or it belongs to no sign-in that is known here.
    .do = Begin again.
idp-unsolicited = This sign-in began at { $provider }
    .what = { $provider } signed you in and sent you here, but this site had not asked for it. For your safety it takes no sign-in that it did not ask for.
    .do = Begin here: { $provider } will hardly ask you again.
## Workplace computer
ticket-title = Workplace computer
ticket-none = A computer that is signed in to your organisation’s network shows this by itself. Yours did not.
ticket-do-unlock = Lock and unlock the computer, or sign in to it again with your work account (on Linux: kinit).
ticket-do-browser = Use a browser that your organisation has set up for this site.
ticket-elsewhere = This is possible only from your organisation’s network. Connect to it, then open the page again.
ticket-again = Try again

## An administrator lets this browser in
device-title = Apply for this browser
device-what = For your account, only browsers that an administrator has approved count. Apply for this one; as soon as it is approved, you can go on.
device-hint-name = So that you and your administrator recognise it.
device-field-note = Note to your administrator
device-hint-note = For example where or what for you use this browser. You may leave it empty.
device-submit = Apply
device-called = Applied for:
device-said = Your administrator says:
device-pending-title = Your application is waiting
device-pending-what = An administrator approves or rejects this browser. This page goes on by itself as soon as that is done.
device-pending-do = You may close this page: sign in again later with the same browser. If it is urgent, ask your administrator.
device-rejected-title = This browser was rejected
device-rejected-what = An administrator rejected your application, so this browser cannot be used here. Use another browser that is approved, or talk to your administrator and apply again.
device-revoked-title = This browser is no longer approved
device-revoked-what = It was approved earlier, and that has been revoked or has ended. If you still need this browser, apply again.
device-use-other = Register this browser in another way
device-apply-instead = Ask an administrator to approve this browser instead
problem-devices-wait = Several applications of yours are waiting already. Wait until an administrator has decided them.
problem-device-later = This browser was rejected a short while ago. You can apply again in { $wait }.
