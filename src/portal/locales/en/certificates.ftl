## Own certificates: the page where they are fetched, and how they are installed
account-certificates = Certificates
own-certificates-what = The certificates that were issued to you, to a group of yours, or to any user. Install them on your devices: apps that ask for a certificate open with it.
own-certificates-passphrase = The passphrase that you need to install a certificate is not here. Your administrator gives it to you in another way.
own-certificates-help = How to install a certificate, on each device
own-certificates-none = No certificate has been issued to you. If an app asks for one, ask your administrator.
own-certificate-counts = Valid
own-certificate-not-yet = Not valid yet
own-certificate-ended = Ended
own-certificate-disabled = Disabled
own-certificate-revoked = Revoked
own-certificate-first-day = First day
own-certificate-last-day = Last day
own-certificate-group = Members of the group
own-certificate-whose = For
own-certificate-anybody = Any user
own-certificate-p12 = Download for any device (.p12)
own-certificate-profile = Download for iPhone, iPad and Mac (.mobileconfig)
own-certificate-pem = Download the certificate (.pem)
notice-certificate-ends = { $count ->
    [0] A certificate of yours ends today. Ask your administrator for a new one.
    [one] A certificate of yours ends in { $count } day. Ask your administrator for a new one.
   *[other] A certificate of yours ends in { $count } days. Ask your administrator for a new one.
}
notice-certificate-followed = { $count ->
    [0] A certificate of yours ends today. The new one is ready: install it now.
    [one] A certificate of yours ends in { $count } day. The new one is ready: install it now.
   *[other] A certificate of yours ends in { $count } days. The new one is ready: install it now.
}
notice-link-certificates = Look at your certificates
refusal-certificate-help = How to install a certificate and choose it
help-title = Install your certificate
help-need = You need two things: the file from the page “Certificates” of your account, and the passphrase that your administrator gave you in another way.
help-open = Open your certificates
help-devices = Choose your device
help-install = how to install
help-check = See that it is there
help-use = What signing in looks like
help-fails = If it does not work
    .windows = The app says that a certificate is missing: close all windows of the browser, or restart the device, and open the app again. Browsers remember an earlier answer, and private windows often do not offer certificates.
    .passphrase = The passphrase is not accepted: type it with its hyphens and in small letters. It has no 0, 1, l or o. Copying it avoids mistakes.
    .older = The passphrase is right, and the file still cannot be opened: the system is probably an older one. Ask your administrator for a file for older devices.
    .ended = The page says that the certificate has ended, is disabled or revoked: look at the page “Certificates” whether a new one is there.
    .ask = Otherwise tell your administrator the code and the request number from the page that refused you.
help-ios = iPhone and iPad
    .one = Open this site in Safari, go to your account, “Certificates”, and download the file for iPhone, iPad and Mac. Allow the download of the profile.
    .two = Open the Settings app and tap “Profile Downloaded” near the top. If it is not there, look under General, VPN & Device Management.
    .three = Tap Install, enter the passcode of the device, and then the passphrase of the certificate. That the profile is not signed is as it should be.
    .check = In Settings, under General, VPN & Device Management, there is a profile with the name of your certificate.
    .use = Open the app in Safari. If Safari asks which certificate to use, choose yours. It asks on the first use, and again after some time.
    .fails = Use Safari: other browsers on iPhone and iPad often cannot show a certificate.
help-android = Android
    .one = Open this site in Chrome, go to your account, “Certificates”, and download the file for any device.
    .two = Open the downloaded file. If that does nothing, open Settings, look for “Install a certificate”, choose “VPN & app user certificate”, and choose the file.
    .three = Enter the passphrase. Keep the name that is suggested, and confirm. If the device asks for its use, choose VPN and apps.
    .check = In Settings, look for “User credentials”: your certificate is in the list. Android 8 and earlier have no such list: skip this step.
    .use = Open the app in Chrome. A list of certificates appears: choose yours and confirm. It appears on the first use, and again after some time.
    .fails = Android installs certificates only where a screen lock is set: set one, and install the file again. Use Chrome.
help-macos = Mac
    .one = Open this site in Safari, go to your account, “Certificates”, and download the file for iPhone, iPad and Mac.
    .two = Open System Settings and look for “Device Management” under General (in earlier versions “Profiles”). Double-click the downloaded profile.
    .three = Click Install, and enter the passphrase of the certificate, and the password of your Mac where it is asked for.
    .check = In the app Keychain Access, under My Certificates, there is your certificate, with a private key below it.
    .use = Open the app in Safari or Chrome and choose your certificate. If the keychain asks, enter the password of your Mac and choose “Always Allow”.
    .fails = If Firefox does not offer the certificate, install it in Firefox too: choose “Firefox” above.
help-windows = Windows
    .one = Open this site in Edge or Chrome, go to your account, “Certificates”, and download the file for any device.
    .two = Double-click the downloaded file. Choose “Current User” and click Next until you are asked for a password.
    .three = Enter the passphrase there. Leave the store to be selected automatically, and click Finish.
    .check = Press the Windows key and R, enter certmgr.msc, and look under Personal, Certificates: yours is in the list.
    .use = Open the app in Edge or Chrome, choose your certificate in the list, and click OK.
    .fails = If Firefox does not offer the certificate, install it in Firefox too: choose “Firefox” above.
help-firefox = Firefox
    .one = Go to your account on this site, “Certificates”, and download the file for any device.
    .two = In Firefox, open Settings, Privacy & Security, and click View Certificates. Choose “Your Certificates” and click Import.
    .three = Choose the downloaded file and enter the passphrase. If Firefox asks for a Primary Password, that is the one that you once set in Firefox.
    .check = Your certificate is in the list “Your Certificates”.
    .use = Open the app. Firefox asks which certificate to show: choose yours and click OK.
    .fails = Under View Certificates, “Authentication Decisions”, remove the line of the app, and open the app again.
help-chromium = Chrome and Chromium on Linux
    .one = Go to your account on this site, “Certificates”, and download the file for any device.
    .two = Open Settings, Privacy and security, Security, Manage certificates, choose “Your certificates” and click Import.
    .three = Choose the downloaded file and enter the passphrase.
    .check = Your certificate is in the list “Your certificates”.
    .use = Open the app, choose your certificate in the list, and click OK.
    .fails = A browser from Snap or Flatpak has a store of its own: import the file in that browser itself.
