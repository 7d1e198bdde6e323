### English: the language that the others fall back to. Keys are named by page and role.

## The frame of every page
frame-skip = Skip to the content
frame-nav = Your account
frame-apps = Apps
frame-admin = Administration
frame-sign-out = Sign out
frame-language = Language

## Times
month =
    .january = January
    .february = February
    .march = March
    .april = April
    .may = May
    .june = June
    .july = July
    .august = August
    .september = September
    .october = October
    .november = November
    .december = December
moment = { $day } { $month } { $year }, { $time } { $zone }
ago-now = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
lasting-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
lasting-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
lasting-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}

## The six checks
barrier-label = The six checks
barrier-here = Check { $number } of 6
check-ip-restriction = Network
check-client-certificate = Certificate
check-desktop-sso = Desktop sign-in
check-primary-factor = Who you are
check-cookie = This browser
check-otp = One-time password
mark-done = : passed
mark-now = : you are here
mark-not-needed = : not needed here
mark-to-come = : still to come
mark-stopped = : not passed

## Every step
step-to = To
step-as = Signing in as
step-holds-post = What you sent is being kept. It will go on its way as soon as you are through.
problem-label = Problem:{" "}
problem-wrong-credentials = That user name and password do not go together. Check both and try again.
problem-wrong-code = That is not the code that is valid now. Wait for the next one and enter it.
problem-wrong-recovery-code = That is not one of your unused recovery codes. Each of them works once.
problem-incomplete = Something is missing. Enter the whole code.
problem-busy = Too many people are signing in at this moment. Nothing is wrong with what you entered: please try again in a few seconds.
problem-slow-down = Too many failed attempts. Please wait { $wait } before you try again.
why-primary-factor-missing = { $app } asks who you are.
why-primary-factor-method = { $app } asks you to sign in with your password.
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

## No authenticator yet
no-authenticator-title = You need an authenticator first
no-authenticator-what = No authenticator app is set up for { $user } yet, so there is no code that you could enter here.
no-authenticator-enrol = You can set one up now. It takes about two minutes; have your phone ready.
no-authenticator-enrol-link = Set up an authenticator
no-authenticator-ask = Ask your administrator for an invitation link. With it you set up an authenticator app on your phone, and then you can sign in here.
what-to-do = What to do

## Slow down
slow-down-title = Please wait a little
slow-down-wait = You can try again in { $wait }.
slow-down-why = There were too many failed sign-ins from your network. Until then nothing that is entered is looked at, not even the right password.
slow-down-do = If it was not you, tell your administrator.
try-again = Try again

## Expired
expired-title = This sign-in is over
expired-what = It took too long, or it was finished in another tab. Nothing is lost: just begin again.
go-to-app = Go to { $app }
go-to-launcher = Go to your apps

## What was posted was not kept
not-kept-title = What you sent did not arrive
not-kept-too-large = { $app } asked you to sign in, and what you sent was too large to be kept meanwhile. { $app } has received nothing.
not-kept-foreign = { $app } asked you to sign in, and what you sent came from a page of another site. Such data is not kept. { $app } has received nothing.
not-kept-expired = { $app } asked you to sign in, and what you sent could not be kept that long. { $app } has received nothing.
not-kept-full = { $app } asked you to sign in, and at that moment there was no room to keep what you sent. { $app } has received nothing.
not-kept-do = You are signed in now. Go back to { $app } and send it again.

## Signing out
sign-out-title = Sign out
sign-out-here-what = You will be signed out in this browser, of every app.
sign-out-here = Sign out
sign-out-everywhere-what = You are also signed in { $count ->
    [one] on one other device or browser
   *[other] on { $count } other devices or browsers
}.
sign-out-everywhere = Sign out everywhere
sign-out-stay = Stay signed in
signed-out-title = You are signed out
signed-out-of-app = You are signed out of { $app }. Your other apps stay open.
signed-out-here = In this browser, of every app.
signed-out-everywhere = On every device and in every browser.
signed-out-hint = On a computer that others use as well, close the browser now.
signed-out-again = Sign in again
