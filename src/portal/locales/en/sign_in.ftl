## The six checks
barrier-label = The six checks
barrier-here = Check { $number } of 6
check-ip-restriction = Network
    .asks = Opens from certain networks only
check-client-certificate = Certificate
    .asks = Asks for a client certificate
check-desktop-sso = Desktop sign-in
    .asks = Asks for a workplace computer
check-primary-factor = Who you are
    .asks = Asks for your password again
check-cookie = Registered browser
    .asks = Asks for a registered browser
check-otp = One-time password
    .asks = Asks for a one-time password
mark-done = : passed
mark-now = : you are here
mark-not-needed = : not needed here
mark-to-come = : still to come
mark-stopped = : not passed

## Every step
step-to = To
step-as = Signing in as
step-holds-post = What you sent is being kept. It is sent on as soon as you have signed in.
problem-label = Problem:{" "}
problem-wrong-credentials = The user name or the password is wrong. Check both and try again.
problem-certificate-of = This certificate is { $user }’s. Sign in as { $user }, or close all windows of the browser and choose another certificate.
problem-wrong-code = That code is wrong or no longer valid. Wait for the next one and enter it.
problem-wrong-recovery-code = That is not one of your unused recovery codes. Each of them works once.
problem-incomplete = Something is missing. Enter the whole code.
problem-busy = Too many people are signing in at the moment. Nothing is wrong with what you entered: please try again in a few seconds.
problem-directory-unavailable = Some passwords cannot be checked at the moment. Please try again in a few minutes.
problem-both-needed = Two passwords are needed at the moment. Enter both.
problem-cookies-blocked = Your browser does not keep cookies for this site, so what you entered was lost. Allow cookies for it, then sign in again.
problem-question-over = The request on your phone has ended; the gateway may have been restarted. Please begin this step again.
problem-slow-down = Too many failed attempts. Please wait { $wait } before you try again.
why-primary-factor-missing = { $app } asks who you are.
why-primary-factor-method = { $app } asks you to sign in with your password.
why-primary-factor-unprotected = { $app } keeps its login form shut: open it from your phone, then enter your password.
why-primary-factor-too-old = { $app } asks you to confirm that it is still you: you signed in some time ago.
why-browser-not-registered = { $app } lets in registered browsers only, and this one is not registered for you yet.
why-browser-registered-otherwise = { $app } asks for this browser to be registered in another way.
why-otp-missing = { $app } asks for a one-time password.
why-otp-method = { $app } asks for another kind of one-time password than the one you used.
why-otp-too-old = { $app } asks for a new one-time password: you entered the last one some time ago.
why-desktop-sso-missing = { $app } asks for the sign-in of your workplace computer.

## User name and password
password-title = Sign in
field-user = User name
field-password = Password
field-directory-password = Windows password
password-both = At the moment, you need two passwords: the one for this site and the one that you use for Windows. Both must be right.
password-submit = Continue
password-someone-else = Not you?

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

## No second factor yet
no-authenticator-title = You need an authenticator first
no-authenticator-what = Your password was right. This page asks for a one-time code as well, and no authenticator app is set up for { $user } yet.
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
