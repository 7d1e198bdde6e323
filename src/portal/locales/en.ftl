### English: the language that the others fall back to. Keys are named by page and role.

## The frame of every page
frame-skip = Skip to the content
frame-nav = Main menu
frame-apps = Apps
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
step-holds-post = What you sent is being kept. It will go on its way as soon as you are through.
problem-label = Problem:{" "}
problem-wrong-credentials = That user name and password do not go together. Check both and try again.
problem-certificate-of = This certificate is { $user }’s. Sign in as { $user }, or close all windows of the browser and choose another certificate.
problem-wrong-code = That is not the code that is valid now. Wait for the next one and enter it.
problem-wrong-recovery-code = That is not one of your unused recovery codes. Each of them works once.
problem-incomplete = Something is missing. Enter the whole code.
problem-busy = Too many people are signing in at this moment. Nothing is wrong with what you entered: please try again in a few seconds.
problem-directory-unavailable = Not every password can be checked at this moment. Please try again in a few minutes.
problem-both-needed = Two passwords are needed at this moment. Enter both.
problem-cookies-blocked = Your browser does not keep cookies for this site, so what you entered was lost. Allow cookies for it, then sign in again.
problem-question-over = What your phone was asked is over; the gateway may have been restarted. Please begin this step again.
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
password-both = For the time being both are needed: your password for this site and the one that you use for Windows. Both must be right.
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
phone-rests-title = Your phone cannot approve at present
phone-rests-what = This page asks for an approval on the phone as well. The approvals of { $user } are suspended or locked.
phone-rests-ask = Ask your administrator to resume or unlock them.
no-second-never-alone = It cannot be set up with the password alone: whoever learnt your password could do that, too.
no-second-administrator = For administrators: the link is made on the page of this user, or with { $command }.
phone-rests-administrator = For administrators: that is done on the page of this user, or with { $command }.
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
not-kept-too-large = { $app } asks you to sign in, and what you sent was too large to be kept meanwhile. { $app } has received nothing.
not-kept-foreign = { $app } asks you to sign in, and what you sent came from a page of another site. Such data is not kept. { $app } has received nothing.
not-kept-expired = { $app } asked you to sign in, and what you sent could not be kept that long. { $app } has received nothing.
not-kept-full = { $app } asks you to sign in, and there is no room at present to keep what you sent. { $app } has received nothing.
not-kept-unsaid = { $app } asks you to sign in, and what you sent could not be kept meanwhile. { $app } has received nothing.
not-kept-sign-in = Sign in, then send it again to { $app }. If it was a form, the back button of your browser may still have what you typed.
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
continue-title = Going on
continue-what = You are taken on to { $app }. If nothing happens, press Continue.
continue-go = Continue

## Refused: what happened, and what to do
side-client = This is on your side of the barrier; the gateway works as it should.
side-gateway = This is not your doing. Only an administrator can mend it.
side-app = This is not your doing. You passed the gateway; what lies behind it did not answer as it should.
fact-user = Signed in as
fact-address = Your address
fact-code = Code
fact-request = Request
facts-hint = If you ask somebody for help, tell them the code and the request.
refusal-address-not-allowed = Not from this network
    .what = This app opens only from certain networks, and the one you are in is not among them.
    .do = Connect to your organisation’s network or VPN and load the page again.
refusal-address-denied = Closed to this network
    .what = Access from the network you are in has been blocked.
    .do = Use another network. If you believe this is a mistake, tell your administrator the address below.
refusal-certificate-missing = A certificate is needed
    .what = This app asks for a client certificate, and your browser has shown none.
    .do = Install your certificate in this browser, close all its windows, open it again and choose the certificate when it asks. If you have none, ask your administrator.
refusal-certificate-untrusted = This certificate is not known here
    .what = Your browser showed a certificate, but none of the authorities trusted here issued it.
    .do = Close all windows of the browser, open it again and choose another certificate. If you have no other, ask your administrator for one.
refusal-certificate-not-yet-valid = This certificate is not valid yet
    .what = Its validity begins at a later time.
    .do = Check that date and time of your device are right. If they are, use an older certificate until this one begins.
refusal-certificate-expired = This certificate has expired
    .what = Its validity is over.
    .do = Ask your administrator for a new certificate. If you have one already, close all windows of the browser, open it again and choose the new one.
refusal-certificate-revoked = This certificate has been revoked
    .what = Whoever issued it has withdrawn it.
    .do = Ask your administrator for a new certificate. If you have one already, close all windows of the browser, open it again and choose it.
refusal-revocation-unknown = Your certificate cannot be checked at present
    .what = Whether your certificate is still good is told by a list that the gateway cannot read right now. Until it can, nobody is let in on trust.
    .do = Try again in a few minutes. If it stays like this, tell your administrator.
refusal-certificate-disabled = This certificate is switched off
    .what = An administrator has switched it off in the gateway’s register.
    .do = Ask your administrator to switch it on, or choose another certificate.
refusal-certificate-without-holder = This certificate belongs to nobody here
    .what = Your certificate is good, but it is not assigned to any user of this gateway.
    .do = Ask your administrator to assign it to you.
refusal-certificate-switch-off = Certificates are switched off for you
    .what = Your account may not use client certificates at present.
    .do = Ask your administrator to switch them on for your account.
refusal-certificate-of-another-user = This certificate is somebody else’s
    .what = You are signed in as one user, and your browser shows the certificate of another.
    .do = Sign out and sign in as the certificate’s holder, or close all windows of the browser and choose your own certificate.
refusal-certificate-changed = Another certificate than before
    .what = You signed in with one certificate, and your browser now shows another one, or none.
    .do = Close all windows of the browser and open it again with the certificate you signed in with, or sign out and sign in again.
refusal-desktop-sso-missing = The sign-in of your workplace computer is needed
    .what = This app asks for the sign-in of a computer that belongs to your organisation, and there was none.
    .do = Use a computer of your organisation, sign in to it with your work account, and load the page again.
refusal-primary-factor-missing = You are not signed in
    .what = This app asks who you are.
    .do = Load the page again and sign in.
refusal-primary-factor-method = Another way of signing in is needed
    .what = You are signed in, but by a way that this app does not accept.
    .do = Load the page again and sign in as it asks.
refusal-primary-factor-unprotected = The login form of this app was not opened
    .what = This app evaluates a password only while its login form is open, and yours was proved elsewhere.
    .do = Open the login form from your phone and sign in once more.
refusal-primary-factor-too-old = Your sign-in is too old for this
    .what = This app asks for a more recent sign-in than yours.
    .do = Load the page again and sign in once more.
refusal-user-disabled = This account is disabled
    .what = An administrator has disabled this account.
    .do = If you believe this is a mistake, talk to your administrator.
refusal-user-not-admitted = This app is not open to you
    .what = You are signed in, but this app is open to certain people or groups, and you are not among them.
    .do = If you need it for your work, ask your administrator for access.
refusal-no-method-assigned = There is no way for you to sign in here
    .what = None of the ways of signing in that this app accepts is set up for your account.
    .do = Ask your administrator to assign one to you.
refusal-browser-not-registered = This browser is not registered
    .what = This app opens only in browsers that are registered for you, and this one is not.
    .do = Use a browser that you have registered, or load the page again and register this one.
refusal-browser-registered-otherwise = This browser must be registered in another way
    .what = This browser is registered for you, but in a way that this app does not accept.
    .do = Load the page again and register it as the app asks, or ask your administrator.
refusal-otp-missing = A one-time password is needed
    .what = This app asks for a one-time password.
    .do = Load the page again and enter the code from your authenticator app.
refusal-otp-method = Another one-time password is needed
    .what = This app does not accept the kind of one-time password that you used.
    .do = Load the page again and use another kind.
refusal-otp-too-old = Your one-time password is too old for this
    .what = You entered it longer ago than this app accepts.
    .do = Load the page again and enter a new one.

## Errors
error-retry = You can try again in { $wait }.
error-400 = This request could not be understood
    .what = What arrived here was not a well-formed request, so it was not passed on.
    .do = Go back and try again. If you typed the address or followed a link, check that it is complete.
error-403 = This is not allowed
    .what = The request was refused.
    .do = Go back and start again from the page you came from.
error-404 = There is nothing here
    .what = No page has this address.
    .do = Check the address, or start from your list of apps.
error-405 = That cannot be done here
    .what = This page exists, but it does not take this kind of request.
    .do = Open the page from its link instead of sending to it again.
error-408 = The request took too long
    .what = It did not arrive completely within the time allowed.
    .do = Check your connection and try again.
error-413 = That was too large
    .what = What you sent is larger than is accepted here. It was not passed on.
    .do = Send less at once, for example a smaller file.
error-421 = This connection is for another site
    .what = Your browser sent this request over a connection that was opened for another site.
    .do = Load the page again. If that does not help, close the browser and open it again.
error-429 = Too many requests
    .what = More requests came from you than are accepted in this time.
    .do = Wait a little and try again.
error-431 = The address or the request’s head is too long
    .what = The address, or what your browser sends along with it, is larger than is accepted here.
    .do = Shorten the address. If you did not type it, delete this site’s cookies and try again.
error-500 = Something broke in the gateway
    .what = The gateway made a mistake while it worked on your request. Nobody was let in by it.
    .do = Try again. If it happens again, tell your administrator the request below.
error-502 = The app gave no proper answer
    .what = You passed the gateway, but the app behind it could not be reached or answered nonsense.
    .app = You passed the gateway, but { $app } behind it could not be reached or answered nonsense.
    .do = Try again in a moment. If it stays like this, tell whoever runs the app.
error-503 = Not available at present
    .what = There is too much to do right now, or work is being done on it.
    .app = { $app } is busy right now, or work is being done on it.
    .do = Try again in a moment.
error-504 = The app took too long to answer
    .what = You passed the gateway, but the app behind it did not answer in time.
    .app = You passed the gateway, but { $app } behind it did not answer in time.
    .do = Try again in a moment. What you sent may have arrived: check before you send it a second time.

## Launcher
launcher-title = Your apps
launcher-empty = There is no app that you may open yet. Your administrator can open one to you.

## Invitation
invitation-steps = Three things to set up
invitation-step-password = Password
invitation-step-authenticator = Authenticator
invitation-step-recovery = Recovery codes
step-user = Your user name:
welcome-title = Welcome
welcome-heading = Welcome, { $name }
welcome-what = You have been invited to { $organisation }. Three things need setting up, which takes about five minutes. Have your phone ready.
welcome-plan-password = Choose a password.
welcome-plan-authenticator = Connect an authenticator app on your phone.
welcome-plan-recovery = Keep your recovery codes, for the day your phone is lost.
welcome-begin = Begin
welcome-expires = This link works once, until
set-password-title = Choose a password
set-password-why = Long is better than complicated: a few unrelated words make a good password. A password manager is welcome.
set-password-submit = Set the password
field-new-password = New password
field-new-password-hint = At least { $count ->
    [one] { $count } character
   *[other] { $count } characters
}. Spaces and all letters are welcome.
field-again = New password, once more
password-problem-wrong-current = That is not your present password.
password-problem-too-short = The new password is too short: it needs at least { $count ->
    [one] { $count } character
   *[other] { $count } characters
}.
password-problem-too-long = The new password is too long: at most { $count ->
    [one] { $count } character is
   *[other] { $count } characters are
} taken.
password-problem-not-the-same = The two entries differ. Type the new password twice.
password-problem-as-before = That is your present password. Choose another one.
password-problem-too-common = That password is easy to guess. Choose one that is not known and does not contain your name.
enrol-title = Connect an authenticator
enrol-why = From now on an app on your phone shows you a new code every 30 seconds: your one-time password.
enrol-replaces = The new authenticator takes the place of your present one. The old one stops working once you confirm.
enrol-scan = Open an authenticator app on your phone and scan this picture.
enrol-qr-label = QR code with the key for your authenticator app
enrol-by-hand = Cannot scan? Enter the key by hand
enrol-key = Key
enrol-account = Account
enrol-kind = Kind
enrol-kind-value = Time-based, 6 digits, 30 seconds
enrol-field-code = Enter the six digits that the app shows now
enrol-submit = Confirm
enrol-problem-wrong-code = That code does not belong to this key. Check that date and time of your phone are set automatically, and enter the next code.
recovery-codes-title = Keep your recovery codes
recovery-codes-why = If your phone is lost, one of these codes lets you in. Each works once.
recovery-codes-once = They are shown only now. Keep them where you keep other valuables, not on the same phone.
recovery-codes-save = Save as a text file
recovery-codes-print = Or print this page: only the codes are printed.
recovery-codes-kept = I have kept them
recovery-codes-file = Recovery codes for { $organisation }
done-title = All set
done-what = Your account is ready. Sign in once with your new password and a code from your phone.
done-sign-in = Go to sign-in
dead-link-title = This link opens nothing any more
dead-link-used = It has been used already. Each link works once.
dead-link-expired = Its time is over.
dead-link-unknown = We do not know this link. It may be incomplete, or it was withdrawn.
dead-link-do = Ask your administrator for a new link. If it was not you who used it, say so.
printed-title = Access for { $name }
printed-invitation-what = This sheet opens your account at { $organisation }. Set it up yourself; nobody else needs to see it.
printed-reset-what = With this sheet you set up your access to { $organisation } again.
printed-qr-label = QR code with the link
printed-scan = Scan the picture with your phone, or type this address on your computer:
printed-until = Good once, until
printed-keep = Whoever holds this sheet can use it. Keep it to yourself, and destroy it when you are done.
printed-how = Print this page and hand it over in person. The link is not shown again.
back = Back

## Account
account-nav = Account
account-title = Your account
account-overview = Overview
account-sessions = Sessions
account-browsers = Registered browsers
account-password = Password
account-authenticator = Authenticator
account-recovery = Recovery codes
account-email = Mail
account-groups = Groups
account-set = Set
account-none = Not set up
account-codes-left = { $count ->
    [0] No code is left
    [one] { $count } code is left
   *[other] { $count } codes are left
}
account-sessions-count = { $count ->
    [one] Only this one
   *[other] { $count } at present
}
account-browsers-count = { $count ->
    [0] None
    [one] { $count } browser
   *[other] { $count } browsers
}
this-one = This one
never = never
cancel = Cancel
notice-password-changed = Your password is changed. Your other sessions have ended.
notice-session-ended = The session has ended, and with it everything that was open in it.
notice-others-ended = { $count ->
    [one] { $count } other session has
   *[other] { $count } other sessions have
} ended.
notice-browser-forgotten = That browser is no longer registered, and its sessions have ended.
notice-authenticator-added = Your authenticator is connected.
notice-authenticator-removed = The authenticator is removed.
notice-recovery-codes-made = You have new recovery codes. The old ones no longer work.
notice-few-recovery-codes = Only { $count ->
    [one] { $count } recovery code is
   *[other] { $count } recovery codes are
} left.
notice-no-recovery-codes = You have no recovery codes. If your phone is lost you will be locked out.
notice-new-sign-in = Somebody signed in as you from a new place: { $address }.
notice-link-recovery = Make new ones
notice-link-sessions = Look at your sessions
sessions-what = Everywhere you are signed in. If you do not recognise one, end it and change your password.
sessions-last-seen = Last used
sessions-since = Signed in
sessions-end = End
sessions-end-others = End all other sessions
browsers-what = Some apps open only in browsers that you have registered. Forget those that you no longer use.
browsers-none = No browser is registered for you. An app that needs one will ask.
browsers-since = Registered
browsers-until = Until
browsers-way = By
browsers-forget = Forget
browser-way-number = number carried to the phone
browser-way-admin = an administrator
browser-way-otp = one-time password
browser-way-link = one-time link
change-password-title = Change your password
change-password-what = All your other sessions will end. This one goes on.
change-password-submit = Change the password
field-current-password = Present password
authenticator-what = An app on your phone that shows a new code every 30 seconds.
authenticator-none = No authenticator is set up. Apps that ask for a one-time password do not open to you yet.
authenticator-app = Authenticator app
authenticator-since = Connected
authenticator-replace = Replace by a new one
authenticator-remove = Remove
authenticator-remove-hint = Without an authenticator, apps that ask for a one-time password do not open to you. Your recovery codes are removed with it.
authenticator-stays = Your organisation asks for an authenticator, so it can be replaced but not removed.
recovery-what = For the day your phone is lost: each of these codes stands for one one-time password.
recovery-made = Made
recovery-new-hint = A new set takes the place of the old one, and is shown once.
recovery-new = Make a new set
recovery-needs-authenticator = Recovery codes stand in for an authenticator. Set one up first.
fresh-title = Please confirm that it is you
fresh-what = What you want to change protects your account. For that you must have signed in within the last { $count ->
    [one] minute
   *[other] { $count } minutes
}.
fresh-then = Afterwards you come straight back to where you were.
fresh-go = Confirm
another-factor-title = A password alone is not enough for this
another-factor-what = What you want to change protects your account. Only a second factor or an administrator's one-time link can change it, and you have no second factor that is accepted here.
another-factor-do = Ask your administrator for a one-time link. With it you set up an authenticator app or a phone, and then you can change everything else yourself.
demanded-title = The authenticator has to stay
demanded-what = An app that you may open asks for a one-time password, so your authenticator cannot be removed.
demanded-do = If you have a new phone, replace the authenticator instead of removing it.

## By a phone
push-ask-what = Your phone will be asked. No password is needed.
push-ask-submit = Ask my phone
push-use-password = Use a password instead
push-use-phone = Use my phone instead
push-use-other = Use another way instead
push-waiting-title = Answer on your phone
push-waiting-what = Open the approver on your phone and approve this sign-in.
push-number-what = Open the approver on your phone and choose this number there.
push-number-type-what = Open the approver on your phone and type this number there.
push-number-scan-what = Read this code with your phone’s camera, then approve there.
push-number-instead = If the phone cannot read it, open the approver there and type this number:
push-number-code = QR code for your phone; the number below it does the same
push-number-label = Your number:
push-browser-title = Register this browser by phone
push-browser-what = Your phone will ask for a number that this page then shows. With it this browser is registered for you.
push-phone-title = Approve on your phone
push-phone-what = This step is passed by approving it on your phone.
push-phone-submit = Ask my phone
push-left = { $count } s left
push-left-minutes = { $count } min left
push-no-number = No number, and nothing on your phone? Then no phone is registered for this name: an administrator can send you a link to register one.
push-cancel = Stop waiting
push-again = Ask again
push-denied-title = Denied
push-denied-what = The sign-in was denied on the phone.
push-expired-title = No answer
push-expired-what = Nobody answered on the phone in time.
push-cancelled-title = Stopped
push-cancelled-what = The phone is asked no more.
push-superseded-title = Asked again elsewhere
push-superseded-what = Another window of this browser has asked the phone since. Only the latest question counts.

## The account's phones
account-approvers = Phones
approvers-what = These phones approve your sign-ins and open your login form.
approvers-none = No phone is registered.
approvers-agent = Browser
approvers-remove = Remove
approvers-add = Add a phone
approvers-full = There are { $count } phones, which is the limit. Remove one to add another.
approvers-administrators-add = Phones are added by an administrator here: ask for a link.
approvers-suspended = Your approvals are suspended. Ask an administrator.
approvers-locked = Your approvals are locked after wrong answers. Ask an administrator.
notice-approver-removed = The phone is removed.
approver-add-title = Add a phone
approver-add-scan = Scan this with the phone that shall approve for you.
approver-add-here = Or open this address on it. Whoever opens it first is registered: show it to nobody.
approver-add-until = It can be used once, until
approver-add-approve = Approve this on a phone that is registered already.
approver-add-over = It was not approved.
approver-qr-label = QR code of the address below
excluded-title = One or the other
excluded-what = Here a phone and an authenticator app exclude each other, and you have the other one.
excluded-do = Remove it first, or ask an administrator.
not-allowed-title = Administrators do this here
not-allowed-what = Adding or removing phones is kept to administrators.
not-allowed-do = Ask an administrator.
too-many-title = No room for another phone
too-many-what = As many phones are registered as there may be.
too-many-do = Remove one first.

## The phone itself
approver-title = Approver
approver-needs-script = This page holds a key that answers for you, and needs JavaScript for it.
approver-register-title = Register this phone
approver-register-what = It will approve sign-ins for the person who was given the link. Its key stays on this device.
approver-name = Name of this phone
approver-register = Register
approver-empty = This phone approves for nobody yet.
approver-empty-how = On your computer, open your account, then Phones, and scan the code there. Or open the link that an administrator gave you.
approver-slots = Whom to answer for
approver-quiet = Nothing is asked at present.
approver-more = Settings of this phone
approver-auto = Open the login form when this page is opened
approver-auto-what = For a short time and one password. When this is off, you open the form with its button.
approver-rename = Rename
approver-remove = Remove from this phone
approver-remove-sure = Press again to remove {"{}"}
approver-remove-what = Clearing the browser's data does not remove it: it would still count.
approver-as = As
approver-app = To
approver-browser = Browser
approver-address = From
approver-asked = Asked
approver-choose = Which number does the browser show?
approver-type = The number that the browser shows
approver-type-instead = Or type the number below the code
approver-digits = Type all {"{}"} digits.
approver-scan = Read the code on the other screen with this phone’s camera.
approver-scan-here = Use the camera here
approver-scan-read = The code is read. Is this what you want to approve?
approver-scan-other = That is another code.
approver-approve = Approve
approver-deny = Deny
approver-not-me = This was not me
approver-what-sign-in = Sign in?
approver-what-second = Finish signing in?
approver-what-browser = Register this browser?
approver-what-approver = Add another phone?
approver-portal = The portal
approver-left = {"{}"} s left
approver-left-minutes = {"{}"} min left
approver-approved = Approved.
approver-denied = Denied.
approver-wrong-number = That was not the number: denied.
approver-number-missing = This page is too old for what is asked. Reload it, and answer then.
approver-scan-unknown = That code belongs to nothing that is asked of this phone now. Where the approver is installed, open it and type the number below the code.
approver-no-camera = The camera cannot be used here. Type the number instead.
approver-told-not-me = The administrators have been notified, and nothing from that network reaches your phone for a day. Change your password.
approver-later = Show the next one first
approver-more-waiting = {"{}"} more waiting
approver-next = Next question ({"{}"} waiting)
approver-close = Close
approver-read-first = Read it to its end first.
approver-wrong-number-why = Nothing is approved. To try again, ask once more in the browser and compare the numbers.
approver-approved-elsewhere = Approved on another phone.
approver-denied-elsewhere = Denied on another phone.
approver-taken-back = Taken back.
    .why = It has ended: taken back by the one who asked. Nothing is approved.
approver-withdrawn = Withdrawn.
    .why = It has ended: an administrator withdrew it. Nothing is approved.
approver-asked-again = Asked again.
    .why = It has ended: the browser asked again, and only the latest question counts.
approver-settled = No longer needed.
    .why = It has ended: it was settled without an answer from this phone.
approver-lapsed = Lapsed.
    .why = It has ended: nobody answered in time. Nothing is approved.
approver-ended = Ended.
    .why = It is no longer asked, and how it ended is not known here.
approver-changed = This question has changed.
    .why = What is asked is no longer what was shown here. Nothing was answered.
    .show = Show it as it is now
approver-silence = Questions are paused
    .whose = Questions for {"{}"} are paused
    .nobody = Until {"{}"} this phone is not asked about sign-ins from browsers that are not registered, because several were asked for and not approved.
    .browser = Until {"{}"} this phone is not asked about sign-ins from your registered browsers, because several were asked for and not approved.
    .person = Until {"{}"} this phone is not asked about the second step of a sign-in, because several were asked for and not approved.
    .matter = Until {"{}"} this phone is not asked about transactions, because several were asked for and not approved.
    .app = Until {"{}"} this phone is not asked about what apps ask for, because several were asked for and not approved.
    .not-me = Until {"{}"} this phone is not asked about anything from {"{}"}, because you answered that this was not you.
    .ring = Resume now
    .ring-what = Press this if it was you who asked.
    .rings = Questions reach the phone again.
approver-stopped = Approvals are stopped
    .whose = Approvals of {"{}"} are stopped
approver-used = Login form shut: one password was entered
approver-registered = This phone is registered.
approver-renamed = It is renamed.
approver-removed = It is removed.
approver-open = Login form open: {"{}"} s, one password
approver-shut = Login form shut
approver-refused = Attempts refused since the last time: {"{}"}
approver-release = Open the login form
approver-release-again = Open it again
approver-dead-link = This link is used up, has ended or never was. Ask for another.
approver-excluded = An authenticator app is registered, and here they exclude each other. Remove it first, then use the link again.
approver-limit = As many phones are registered as there may be. Remove one first, then use the link again.
approver-closed = It was answered on another phone, or withdrawn.
approver-expired = Its time was over.
approver-suspended = Approvals are suspended or locked. Ask an administrator.
approver-not-registered = This phone is no longer registered for this user.
approver-not-allowed = Only administrators remove phones here.
approver-offline = The gateway cannot be reached. Trying again …
approver-fault = It did not work.
approver-notify = Notify me while this page is closed
approver-notify-what = While the page is open, questions appear at once in any case.
approver-notified = This phone will be notified.
approver-no-push = This browser cannot be notified. Keep the page open, or open it when you sign in.
approver-what-transaction = Approve this?
approver-requester = Asked for by
approver-hold = Hold to approve
approver-hold-how = Keep the button pressed for about a second.
approver-hold-again = Press it once more to approve.
approver-shown-otherwise = What is asked is not what was shown here: nothing is approved.

## The administration

frame-administration = Administration
admin-overview = Overview
admin-users = Users
    .what = Who there is, how they sign in, and their phones. Pick lines to do something to several at once.
    .none = There are no users yet.
admin-phones = Phones
    .what = The phones that approve, and for whom.
    .none = No phone is registered yet.
admin-approvals = Open approvals
    .what = What phones are asked at this moment. The list shows itself again.
    .none = No phone is asked for anything at this moment.
admin-transactions = Transactions
    .what = Requests that were held for their own approval, the latest first, with what became of them.
    .none = No request was held yet.
admin-transactions-held = Transactions that wait
admin-login-protect = Login-protect
    .what = A protected login form evaluates no password until its owner opens it from the phone: for a short time, a minute unless the config says otherwise, and for one password.
    .none = No policy protects its login form. Draw a service ID and name it in a policy to begin.
admin-sessions = Sessions
    .what = Who is signed in, from where, and with what.
    .none = Nobody is signed in.
admin-browsers = Browsers
    .what = Browsers that are registered for users.
    .none = No browser is registered.
admin-locks = Locks
    .what = What failed attempts locked. A lock ends by itself.
    .none = Nothing is locked.
admin-audit = Audit log
    .what = What happened, the latest first.
    .none = Nothing is written yet.
admin-settings = Settings
    .what = What can be changed while the gateway runs. Everything else is in the config file.
admin-banner-disabled = Login-protect is disabled: every login form is open.
admin-disabled = Disabled everywhere
admin-services = { $count ->
    [0] No form is protected
    [one] { $count } service
   *[other] { $count } services
}
admin-search = Search
admin-search-text = Name or mail address
admin-search-user = User
admin-search-what = What
admin-search-group = Group
admin-search-any = Any
admin-search-without-phone = Users without a phone
admin-search-shown = In what was shown
admin-search-since = From
admin-search-until = Before
admin-search-clear = Show all
admin-search-nothing = Nothing is found.
admin-pick = Pick
admin-column-user = User
admin-column-name = Name
admin-column-groups = Groups
admin-column-methods = Methods
admin-column-state = State
admin-column-phone = Phone
admin-column-purpose = What for
admin-column-app = App
admin-column-browser = Browser
admin-column-number = Number
admin-column-asked = Asked
admin-column-evidence = Proved by
admin-column-way = Registered by
admin-column-step = Step
admin-column-network = Network
admin-column-until = Until
admin-column-transaction = Transaction
admin-column-requester = Asked by
admin-column-shown = Shown
admin-column-at = When
admin-column-what = What
admin-column-outcome = Outcome
admin-column-address = Address
admin-column-actor = By
admin-column-refusal = Why
admin-column-organisation = Organisation ID
admin-column-service = Service ID
admin-on = On
admin-off = Switched off
admin-yes = Yes
admin-no = No
admin-done = Done
admin-refused = Refused
admin-phone-active = Active
admin-phone-suspended = Suspended
admin-phone-locked = Locked
admin-phone-none = No phone is registered.
admin-step-first = First factor
admin-step-second = Second factor
admin-step-network = The whole network
admin-scope = To whom
admin-scope-picked = Those picked
admin-scope-all = All that are found
admin-deed = What to do
admin-go = Go on
admin-pages = Pages
admin-first = First page
admin-next = Next page
admin-and-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
admin-nothing-picked = Nothing is done: pick at least one line first.
admin-back = Back to the list
admin-failed = { $count ->
    [one] It was not done in { $count } case.
   *[other] It was not done in { $count } cases.
}
admin-failed-gone = It is not there any more.
admin-failed-forbidden = You may not do this to administrators.
admin-failed-state = The directory or the short-lived state did not answer. Try again.
admin-failed-input = It cannot be done like this.
admin-links-what = Each link registers one phone, once. They are shown this one time.
admin-link-mailed = On its way by mail. The user may also open it here, with the phone’s camera.
admin-link-kept = Not mailed: there is no mail server or no address. The message waits in the outbox; hand over the link yourself.
admin-audit-of = What happened
admin-deed-assign-push = Allow sign-in by phone
    .sure = { $count ->
        [one] This user may then sign in by approving on a phone.
       *[other] These { $count } users may then sign in by approving on a phone.
    }
    .done = { $count ->
        [one] { $count } user may sign in by phone.
       *[other] { $count } users may sign in by phone.
    }
admin-deed-unassign-push = Forbid sign-in by phone
    .sure = { $count ->
        [one] This user may no longer sign in by phone. All phones of the user are removed, and browsers registered by number must register again.
       *[other] These { $count } users may no longer sign in by phone. All their phones are removed, and browsers registered by number must register again.
    }
    .done = { $count ->
        [one] { $count } user may no longer sign in by phone; the phones are removed.
       *[other] { $count } users may no longer sign in by phone; their phones are removed.
    }
admin-deed-invite-phone = Send a link to register a phone
    .sure = { $count ->
        [one] This user gets a one-time link by mail.
       *[other] These { $count } users get a one-time link each by mail.
    }
    .done = { $count ->
        [one] { $count } link is made.
       *[other] { $count } links are made.
    }
admin-deed-suspend = Suspend approvals
    .sure = { $count ->
        [one] Nobody may approve for this user until approvals are resumed. The phones stay registered; what is asked now is withdrawn.
       *[other] Nobody may approve for these { $count } users until approvals are resumed. The phones stay registered; what is asked now is withdrawn.
    }
    .done = { $count ->
        [one] Approvals of { $count } user are suspended.
       *[other] Approvals of { $count } users are suspended.
    }
admin-deed-resume = Resume approvals
    .sure = { $count ->
        [one] The phones of this user may approve again.
       *[other] The phones of these { $count } users may approve again.
    }
    .done = { $count ->
        [one] Approvals of { $count } user are resumed.
       *[other] Approvals of { $count } users are resumed.
    }
admin-deed-unlock = Unlock approvals
    .sure = { $count ->
        [one] The lock after wrong answers ends for this user.
       *[other] The lock after wrong answers ends for these { $count } users.
    }
    .done = { $count ->
        [one] Approvals of { $count } user are unlocked.
       *[other] Approvals of { $count } users are unlocked.
    }
admin-deed-unregister = Remove all phones
    .sure = { $count ->
        [one] Every phone of this user is removed and must be registered again.
       *[other] Every phone of these { $count } users is removed and must be registered again.
    }
    .done = { $count ->
        [one] The phones of { $count } user are removed.
       *[other] The phones of { $count } users are removed.
    }
admin-deed-sign-out = End all sessions
    .sure = { $count ->
        [one] This user is signed out everywhere at once.
       *[other] These { $count } users are signed out everywhere at once.
    }
    .done = { $count ->
        [one] { $count } user is signed out.
       *[other] { $count } users are signed out.
    }
admin-deed-disable-user = Switch off
    .sure = { $count ->
        [one] This user is signed out and cannot sign in any more until switched on again.
       *[other] These { $count } users are signed out and cannot sign in any more until switched on again.
    }
    .done = { $count ->
        [one] { $count } user is switched off.
       *[other] { $count } users are switched off.
    }
admin-deed-enable-user = Switch on
    .sure = { $count ->
        [one] This user may sign in again.
       *[other] These { $count } users may sign in again.
    }
    .done = { $count ->
        [one] { $count } user is switched on.
       *[other] { $count } users are switched on.
    }
admin-deed-remove-phone = Remove the phone
    .sure = { $count ->
        [one] This phone approves for its user no more and must be registered again.
       *[other] These { $count } phones approve for their users no more and must be registered again.
    }
    .done = { $count ->
        [one] { $count } phone is removed.
       *[other] { $count } phones are removed.
    }
admin-deed-remove-transaction-password = Remove the transaction password
    .sure = { $count ->
        [one] This user can approve no transaction that asks for the password until a new one is set at the account. Sessions go on.
       *[other] These { $count } users can approve no transaction that asks for the password until new ones are set at the accounts. Sessions go on.
    }
    .done = { $count ->
        [one] The transaction password of { $count } user is removed.
       *[other] The transaction passwords of { $count } users are removed.
    }
admin-deed-cancel-transaction = Take back
    .sure = { $count ->
        [one] This request never reaches its app. Whoever asked is told, and no phone can approve it any more.
       *[other] These { $count } requests never reach their apps. Whoever asked is told, and no phone can approve them any more.
    }
    .done = { $count ->
        [one] { $count } transaction is taken back.
       *[other] { $count } transactions are taken back.
    }
admin-deed-cancel-approval = Withdraw
    .sure = { $count ->
        [one] Whoever waits for this approval is told that it is withdrawn.
       *[other] Whoever waits for these { $count } approvals is told that they are withdrawn.
    }
    .done = { $count ->
        [one] { $count } approval is withdrawn.
       *[other] { $count } approvals are withdrawn.
    }
admin-deed-end-session = End the session
    .sure = { $count ->
        [one] This session ends at once.
       *[other] These { $count } sessions end at once.
    }
    .done = { $count ->
        [one] { $count } session is ended.
       *[other] { $count } sessions are ended.
    }
admin-deed-forget-browser = Forget the browser
    .sure = { $count ->
        [one] This browser must register again; its sessions end.
       *[other] These { $count } browsers must register again; their sessions end.
    }
    .done = { $count ->
        [one] { $count } browser is forgotten.
       *[other] { $count } browsers are forgotten.
    }
admin-deed-lift-lock = Lift the lock
    .sure = { $count ->
        [one] Sign-in may be tried again at once.
       *[other] Sign-in may be tried again at once, for { $count } locks.
    }
    .done = { $count ->
        [one] { $count } lock is lifted.
       *[other] { $count } locks are lifted.
    }
admin-machine = A machine
admin-outcome-held = Waits
admin-outcome-forwarding = On its way
admin-outcome-forwarded = Forwarded
admin-outcome-denied = Denied
admin-outcome-cancelled = Taken back
admin-outcome-expired = Expired
admin-outcome-refused = Refused by the chain
admin-outcome-not-sent = Not sent: the app was out of reach
admin-outcome-unknown = Unknown: sent, and no answer came
admin-stage-password = The transaction password
admin-stage-code = A code
admin-stage-pending = Phones
admin-stage-approved = Approved; whoever asked has to come for it
admin-stage-forwarding = On its way to the app
admin-export-csv = All that is found, as CSV
admin-export-jsonl = All that is found, as JSON lines with receipts
admin-transaction-password = Transaction password
admin-transaction-became = What became of it
admin-transaction-waits = Waits for
admin-transaction-ended = Ended
admin-transaction-request = Request
admin-transaction-digest = Digest of the request
admin-transaction-id = ID
admin-transaction-answers = Who answered what
    .none = No phone answered.
admin-transaction-yes = Approved
admin-transaction-no = Denied
admin-transaction-receipt = Receipt
    .what = Signed by this gateway, with the answers as the phones signed them. “sekisho audit verify” checks it without this gateway.
    .get = Download the receipt
    .none = There is no receipt: the gateway stopped before it ended, or could not sign.
admin-without-phone = { $count ->
    [0] Every user has a phone.
    [one] { $count } user has no phone: without one no protected form can be opened.
   *[other] { $count } users have no phone: without one no protected form can be opened.
}
admin-show-them = Show them
admin-draw = Draw a service ID
    .what = A policy that protects its login form names a service ID. Policies that name the same one share the window.
admin-disable = Disable everywhere
    .sure = { $count ->
        [0] No policy protects its login form now. Until it is restored, none that begins to do so is protected either.
        [one] The form of { $count } service is then open to everybody until you restore it. Passwords are still judged.
       *[other] The forms of { $count } services are then open to everybody until you restore it. Passwords are still judged.
    }
    .done = Login-protect is disabled everywhere.
admin-restore = Restore
    .sure = { $count ->
        [0] No policy protects its login form now.
        [one] The form of { $count } service is then shut again at once; whoever has no phone cannot sign in there.
       *[other] The forms of { $count } services are then shut again at once; whoever has no phone cannot sign in there.
    }
    .done = Login-protect is in force again.
admin-decide = Decide
admin-migration = The way to login-protect
    .what = Turned on for a policy in use, login-protect locks out everybody who has no phone. This way nobody is.
admin-migration-pilot = First with a few
admin-migration-policy = Write a policy like the one in use, with login_protect and a service ID, for an app or a group of pilot users.
admin-migration-disable = Disable login-protect everywhere: every form stays open while you prepare.
admin-migration-move = Let the pilot users come under the new policy. They sign in as before.
admin-migration-invite = Send each of them a link that registers a phone.
admin-migration-reset = With a link the user signs in as before until the phone is registered. If old phones must not open anything meanwhile, remove them first.
admin-migration-restore = When their phones are registered, restore login-protect.
admin-migration-verify = Let one of them sign in: shut at first, open from the phone, shut again after its time or one password.
admin-migration-so = So it is now
admin-migration-all = Then with everybody
admin-migration-all-disable = Disable login-protect everywhere again.
admin-migration-all-policy = Put login_protect into the policy in use, or move everybody under the new one.
admin-migration-all-invite = Send everybody a link, by mail or on paper.
admin-migration-all-wait = { $count ->
    [0] Everybody has a phone: restore login-protect.
    [one] Restore login-protect when everybody has a phone. { $count } user has none yet.
   *[other] Restore login-protect when everybody has a phone. { $count } users have none yet.
}
admin-settings-notice = Notice on every page
    .hint = A sentence, to announce a maintenance for example. Leave it empty to show none.
admin-settings-phones = Phones and approvals
admin-settings-per-user = Phones of a user, at most
admin-settings-lifetime = An approval waits
admin-settings-wrong = Wrong answers that lock
admin-settings-config = These are in the config file, under [approval].
admin-settings-may-add = May users add phones themselves?
admin-settings-may-delete = May users remove phones themselves?
admin-switch-config-yes = As in the config file: yes
admin-switch-config-no = As in the config file: no
admin-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
admin-keep = Keep
admin-setting-kept = The setting is kept.

## Transactions
transaction-at = At { $app }
transaction-title = { $what }: approve it
transaction-not-said = not given
transaction-password-what = Enter your transaction password. Only then is your phone asked.
field-transaction-password = Transaction password
transaction-code-what = Enter the code of your authenticator app to approve exactly what stands above.
transaction-go-on = Go on
transaction-approve = Approve
transaction-waiting-what = Open the approver on your phone, compare, and approve.
transaction-number-what = Open the approver on your phone, compare, and choose this number there.
transaction-number-type-what = Open the approver on your phone, compare, and type this number there.
transaction-number-scan-what = Read this code with your phone’s camera, compare what it shows, and approve there.
transaction-others-what = It waits for those who have to approve it. You can leave this page open, or come back to it.
transaction-quiet-what = No phone rings for it now: too much that was asked before stayed without a yes. Take it back, and ask again later.
transaction-quiet-others-what = Too few of those who could approve it are asked now: too much that was asked of them before stayed without a yes. It can be asked again later.
transaction-yes = { $count } approved.
transaction-needed = { $count } are needed.
transaction-cancel = Take it back
transaction-back = Back to { $app }
transaction-wrong-password = That is not your transaction password.
transaction-forwarded-title = Done
transaction-forwarded-what = It was approved and passed on to { $app }, once.
transaction-forwarding-title = On its way
transaction-forwarding-what = It was approved and is on its way to { $app }. Look there before you do it again.
transaction-denied-title = Denied
transaction-denied-what = It was denied on a phone. { $app } never heard of it.
transaction-cancelled-title = Taken back
transaction-cancelled-what = It was taken back. { $app } never heard of it.
transaction-expired-title = Not approved in time
transaction-expired-what = Nobody approved it in time. { $app } never heard of it.
transaction-refused-title = Not passed on
transaction-refused-what = It was approved, but when it was to be passed on your sign-in or an approval was not good any more. { $app } never heard of it.
transaction-not-sent-title = Not passed on
transaction-not-sent-what = It was approved, but { $app } could not be reached. It did not happen.
transaction-unknown-title = It may have happened
transaction-unknown-what = It was passed on to { $app }, but no whole answer came back. Look there before you do it again.
transaction-password-title = Transaction password
transaction-password-about = Some transactions ask for this password before your phone is asked. It must be another one than that of your sign-in.
transaction-password-since = Set:
transaction-password-none = None is set yet.
transaction-password-submit = Set it
transaction-password-same = Choose another one than the password of your sign-in.
transaction-password-link = Set the transaction password
notice-transaction-password-set = Your transaction password is set.
error-transaction-unreadable = It cannot be shown, so it is not passed on
    .what = What this would do must be shown before it is approved, and it could not be read of what was sent without doubt.
    .do = Go back, fill in every field, and try again. If it happens again, tell the administrator the code below.
error-transaction-too-long = That is too large to be held
    .what = This has to be approved before it is passed on, and it is larger than is held for that.
    .do = Send something smaller, or ask the administrator to raise the limit.
error-transaction-not-held = It cannot be held now
    .what = This has to be approved before it is passed on, and there is no room to hold it. Nothing was passed on.
    .do = Try again in a few minutes.
error-transaction-nobody-to-ask = Nobody can approve this
    .what = This has to be approved on a phone, and nobody who may approve it has one that can be asked.
    .do = Register a phone under Account, Phones; where others have to approve, ask the administrator.
error-transaction-password-not-set = You have no transaction password yet
    .what = This asks for a transaction password before your phone is asked.
    .do = Set one under Account, Password, and try again.
error-transaction-no-authenticator = You have no authenticator app yet
    .what = This is approved by a code of an authenticator app.
    .do = Set one up under Account, Authenticator, and try again.
error-transaction-too-many = Too much is waiting already
    .what = As many requests of yours are held for their approval as may be.
    .do = Approve or take back those that wait, and try again.
error-transaction-done-before = This was done already
    .what = The very same request, marked to be done once, was passed on a short while ago.
    .do = Look in the app whether it is there.
error-transaction-refused = Not passed on
    .what = When it was to be passed on, your sign-in or an approval was not good any more. The app never heard of it.
    .do = Begin again from the app.
error-transaction-not-sent = Not passed on
    .what = It was approved, but the app could not be reached. It did not happen.
    .do = Try again in a few minutes; it has to be approved again.
error-transaction-unknown = It may have happened
    .what = It was passed on to the app, but no whole answer came back.
    .do = Look in the app whether it happened before you do it again.
error-transaction-unknown-here = There is no such transaction here
    .what = It ended a while ago, or it belongs to another sign-in.
    .do = Go back to the app and look there.
admin-step-transaction = Transaction
