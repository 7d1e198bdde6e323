## The six checks
barrier-label = 登入步驟
barrier-here = 第 { $number } 步，共 { $count } 步
check-ip-restriction = 網路
    .asks = 只能從特定網路開啟
check-client-certificate = 憑證
    .asks = 需要用戶端憑證
check-desktop-sso = 公司電腦
    .asks = 需要公司電腦驗證
check-primary-factor = 身分
    .asks = 需要再次登入
check-cookie = 已註冊的瀏覽器
    .asks = 需要已註冊的瀏覽器
check-otp = 一次性密碼
    .asks = 需要一次性密碼
mark-done = ：已完成
mark-now = ：目前步驟
mark-to-come = ：待進行
mark-stopped = ：未通過

## Every step
step-to = 前往
step-as = 登入身分：
step-holds-post = 您送出的內容已為您保留，登入完成後會立即繼續傳送。
step-opened-by-phone = 請先用手機開啟此登入表單，再輸入密碼。開啟之前，即使密碼正確也會顯示不正確。
    .some = 部分使用者需要先用手機開啟此登入表單。如果您屬於這種情況，開啟之前即使密碼正確也會顯示不正確。
problem-label = 問題：
problem-wrong-credentials = 使用者名稱或密碼不正確。請檢查後再試一次。
problem-certificate-of = 此憑證屬於 { $user }。請以 { $user } 的身分登入，或關閉瀏覽器的所有視窗後選擇其他憑證。
problem-ticket-of = 這台電腦目前以 { $user } 的身分登入。請以 { $user } 的身分登入，或使用您自己的電腦。
problem-ticket-used = 您的電腦送出的登入資訊已使用過（例如連線曾中斷時）。請再試一次。
problem-ticket-clock = 您的電腦與閘道的時間相差超過五分鐘。請校正電腦的時間後再試一次。
problem-ticket-old = 您電腦的網路登入已過期。請鎖定電腦再解除鎖定（Linux 上請執行 kinit），然後再試一次。
problem-ticket-connection = 您的電腦送出的登入資訊不屬於目前的連線。可能是瀏覽器與本網站之間的通訊經過中繼，或您的瀏覽器不支援將登入與連線繫結。
problem-ticket-account = 您的電腦帳號 { $account } 沒有對應的使用者。
problem-ticket-no-account = 您的電腦帳號沒有對應的使用者。
problem-ticket-another = 您的電腦目前以 { $account } 的身分登入，與正在登入本網站的使用者不同。
problem-ticket-gateway = 目前無法使用公司電腦驗證。您的電腦沒有問題，請通知管理員。
problem-wrong-code = 這個驗證碼不正確或已失效。請等下一個驗證碼出現後再輸入。
problem-wrong-recovery-code = 這個復原碼不正確或已使用過。每個復原碼只能使用一次。
problem-incomplete = 輸入不完整。請完整填寫所有欄位。
problem-busy = 目前登入人數較多。您輸入的內容沒有問題，請於幾秒後再試一次。
problem-directory-unavailable = 目前無法驗證部分密碼。請於幾分鐘後再試一次。
problem-directory-down = 目前無法驗證 { $domain } 的密碼。請於幾分鐘後再試一次，或以其他方式登入。
problem-must-change-there = 密碼正確，但登入前必須先變更。請在貴組織的電腦上變更，或聯絡管理員。
problem-both-needed = 目前需要兩個密碼。請輸入這兩個密碼。
problem-cookies-blocked = 您的瀏覽器沒有儲存本網站的 Cookie，因此輸入的內容已遺失。請允許 Cookie，然後重新登入。
problem-unknown-mail = 找不到與此電子郵件地址對應的身分提供者。請檢查地址，或以其他方式登入。
problem-question-over = 傳送到您手機的確認要求已結束，可能是閘道曾重新啟動。請重新進行此步驟。
problem-slow-down = 失敗次數過多。請等待 { $wait }後再試。
why-primary-factor-missing = { $app } 需要確認您的身分。
why-primary-factor-method = { $app } 需要您以其他方式登入。
why-primary-factor-unprotected = { $app } 的登入表單目前關閉：請先用手機開啟，再輸入密碼。
why-primary-factor-too-old = 您上次登入已有一段時間，{ $app } 需要再次確認是您本人。
why-browser-not-registered = { $app } 只能從已註冊的瀏覽器開啟，而您尚未註冊此瀏覽器。
why-browser-registered-otherwise = { $app } 需要您以其他方式註冊此瀏覽器。
why-browser-not-bound = { $app } 只接受保存專屬金鑰的瀏覽器，但無法確認此瀏覽器的金鑰。Windows 版 Chrome 146 以上版本會保存金鑰：請改用該瀏覽器開啟此頁面，或重新註冊此瀏覽器。
why-otp-missing = { $app } 需要一次性密碼。
why-otp-method = { $app } 需要另一種一次性密碼，而不是您使用的那一種。
why-otp-too-old = 您上次輸入一次性密碼已有一段時間，{ $app } 需要新的一次性密碼。
why-desktop-sso-missing = { $app } 需要公司電腦驗證。

## User name and password
password-title = 登入
field-user = 使用者名稱
field-domain = 網域
domain-local = 本網站
field-password = 密碼
field-directory-password = Windows 密碼
password-both = 目前需要兩個密碼：本網站的密碼，以及您在 Windows 上使用的密碼。兩者都必須正確。
password-submit = 下一步
password-someone-else = 以其他使用者的身分登入

## A password of a directory that must be changed
must-change-title = 請設定新密碼
must-change-what = 登入前必須變更您在 { $domain } 的密碼。新密碼也適用於使用此密碼的其他服務。
must-change-done = 密碼已變更
must-change-done-what = 今後在本網站和其他服務，都請使用新密碼。
must-change-sign-in = 使用新密碼登入
directory-password-hint = 密碼長度和可用字元依目錄的規則而定。
password-problem-not-taken = 新密碼不符合目錄的規則。請使用更長的密碼，或以前沒有用過的密碼。

## One-time password
otp-title-totp = 一次性密碼
otp-title-recovery = 復原碼
otp-field-totp = 6 位數驗證碼
otp-hint-totp = 請開啟驗證器應用程式，輸入此帳號顯示的驗證碼。
otp-field-recovery = 復原碼（任一個）
otp-hint-recovery = 您列印或儲存的清單中的復原碼。每個只能使用一次。
otp-submit = 下一步
otp-use-totp = 改用驗證器應用程式
otp-use-recovery = 無法使用驗證器？改用復原碼

## Registering this browser
browser-title = 註冊此瀏覽器
browser-how = 請用一次性密碼確認。註冊有效期為 { $days } 天。
browser-passes-otp = 同一個驗證碼也會用於下一項檢查，無須再次輸入。
browser-field-name = 此瀏覽器的名稱
browser-hint-name = 方便您在清單中辨認。
browser-submit = 註冊並繼續
browser-shared-computer = 請勿註冊與他人共用的電腦。

## Passkeys
passkey-label = 通行金鑰
passkey-title = 使用您的通行金鑰
passkey-how = 請用裝置或安全金鑰的指紋、臉部或 PIN 碼確認。
passkey-how-sign-in = 通行金鑰會確認您的身分，不需要輸入使用者名稱和密碼。
passkey-how-browser = 請用通行金鑰確認。之後，此瀏覽器會註冊為您的瀏覽器。
passkey-use = 使用通行金鑰登入
passkey-register-browser = 使用通行金鑰註冊並繼續
passkey-use-instead = 改用通行金鑰
passkey-needs-script = 通行金鑰需要 JavaScript，但此瀏覽器已停用 JavaScript。請為本網站啟用，或使用其他方式。
passkey-no-script = 如果這裡沒有出現按鈕，表示此頁面的指令碼未能載入。請重新載入頁面，或以其他方式登入。
passkey-not-given = 未使用通行金鑰：操作已取消、已逾時，或這部裝置上沒有本網站的通行金鑰。
passkey-insecure = 瀏覽器拒絕在此使用通行金鑰。可能的原因有兩個：您的瀏覽器不信任本網站的憑證，或開啟本網站所用的名稱與建立通行金鑰時不同。請通知管理員。
passkey-registered-already = 這部裝置已註冊。
passkey-not-supported = 這部裝置無法使用此處所需類型的通行金鑰。
passkey-browser-too-old = 此瀏覽器無法使用通行金鑰。請使用較新的瀏覽器，或使用其他方式。
passkey-begin-again = 此頁面開啟的時間過長。請重新載入後再試一次。
passkey-slow-down = 目前有許多人從您的網路使用通行金鑰。請於一分鐘後再試一次。
passkey-failed = 無法使用通行金鑰。請再試一次。
problem-passkey-refused = 無法接受此通行金鑰。它可能已從您的帳號移除，或您的帳號無法在此使用通行金鑰登入。
problem-passkey-not-verified = 您的裝置未確認您的身分。請在裝置上設定 PIN 碼、指紋或臉部，然後再試一次。
problem-passkey-over = 操作已逾時，或此頁面已使用過。請再試一次。
no-passkey-title = 您需要先建立通行金鑰
no-passkey-what = 此頁面也需要通行金鑰，但 { $user } 尚未建立。
no-passkey-ask = 請向管理員索取一次性連結。透過該連結在您的裝置上建立通行金鑰後，即可在此登入。

## No second factor yet
no-authenticator-title = 您需要先設定驗證器
no-authenticator-what = 您的密碼正確。此頁面也需要一次性密碼，但 { $user } 尚未設定驗證器應用程式。
no-authenticator-enrol-link = 設定驗證器
no-authenticator-ask = 請向管理員索取一次性連結。透過該連結在手機上設定驗證器應用程式後，即可在此登入。
no-phone-title = 您需要先註冊手機
no-phone-what = 此頁面也需要在手機上核准，但 { $user } 尚未註冊手機。
no-phone-ask = 請向管理員索取一次性連結。在手機上開啟該連結並註冊手機後，即可在此登入。
no-second-title = 您需要先設定第二項驗證要素
no-second-what = 此頁面也需要第二項驗證要素：驗證器應用程式的驗證碼，或在手機上核准。{ $user } 兩者都尚未設定。
no-second-ask = 請向管理員索取一次性連結。透過該連結設定驗證器應用程式或註冊手機後，即可在此登入。
phone-rests-title = 您的手機目前無法核准
phone-rests-what = 此頁面也需要在手機上核准，但 { $user } 的核准功能已暫停或鎖定。
phone-rests-ask = 請聯絡管理員恢復核准功能或解除鎖定。
no-second-never-alone = 無法只憑密碼設定，否則任何知道您密碼的人都能設定。
no-second-administrator = 管理員：可在此使用者的頁面上，或使用 { $command } 產生連結。
phone-rests-administrator = 管理員：可在此使用者的頁面上，或使用 { $command } 進行操作。
what-to-do = 處理方式

## Slow down
slow-down-title = 請稍候
slow-down-wait = 您可以在 { $wait }後再試。
slow-down-why = 來自您網路的登入失敗次數過多。在此之前不接受任何登入，即使密碼正確也一樣。
slow-down-do = 如果不是您本人所為，請通知管理員。
slow-down-returns-why = 從您的網路進行的公司帳號登入，有多次未能完成。這很可能不是您的操作所致，而是該登入服務發生問題。您仍可使用其他登入方式。
slow-down-returns-do = 您不需要進行任何操作。請稍後再試一次；如果問題持續，請通知管理員。
try-again = 再試一次

## Expired
expired-title = 此登入程序已結束
expired-what = 登入已逾時，或已在另一個分頁完成。沒有遺失任何內容，請重新開始。
go-to-app = 前往 { $app }
go-to-launcher = 前往您的應用程式

## What was posted was not kept
not-kept-title = 您送出的內容未送達
not-kept-too-large = { $app } 要求您登入，但您送出的內容過大，無法在登入期間保留。{ $app } 未收到任何內容。
not-kept-foreign = { $app } 要求您登入，但您送出的內容來自其他網站的頁面，因此未予保留。{ $app } 未收到任何內容。
not-kept-expired = 登入 { $app } 花費的時間較長，您送出的內容已超過可保留的時間。{ $app } 未收到任何內容。
not-kept-full = { $app } 要求您登入，但目前系統忙碌，無法保留您送出的內容。{ $app } 未收到任何內容。
not-kept-unsaid = { $app } 要求您登入，但您送出的內容無法在登入期間保留。{ $app } 未收到任何內容。
not-kept-sign-in = 請登入後再次送出到 { $app }。如果是表單，按瀏覽器的「上一頁」按鈕，您輸入的內容可能還在。
not-kept-do = 您已登入。請返回 { $app } 並再次送出。

## Identity providers
idp-choice = 使用公司帳號登入
idp-use = 使用 { $provider } 登入
idp-down = { $provider } 目前沒有回應，可能無法登入。您的帳號沒有問題。
idp-mail = 公司電子郵件地址
idp-mail-submit = 下一步
idp-again = 再試一次
idp-other = 以其他方式登入
idp-called = 您在該服務的名稱：
idp-unavailable = { $provider } 沒有回應
    .what = 目前無法連線到 { $provider }，因此無法登入。
    .do = 您的帳號沒有問題。請於幾分鐘後再試一次，或以其他方式登入。
idp-denied = 無法使用 { $provider } 登入
    .what = { $provider } 未完成登入就返回本網站。可能是登入已取消，或您的 { $provider } 帳號不能用於本網站。
    .do = 請再試一次。如果再次發生，請向 { $provider } 的負責人確認您的帳號能否用於本網站。
idp-set-up = 與 { $provider } 的連線設定有問題
    .what = 本網站與 { $provider } 的設定不一致。這不是您的操作造成的。
    .do = 請將下方的代碼和請求編號提供給管理員。
idp-not-believed = 無法接受 { $provider } 的回應
    .what = 無法驗證 { $provider } 的回應。為安全起見，已中止登入。
    .do = 請再試一次。如果再次發生，請將下方的代碼和請求編號提供給管理員。
idp-not-enough = { $provider } 的驗證強度不足
    .what = 您已在 { $provider } 登入，但驗證強度未達本網站的要求，例如缺少第二項驗證要素。
    .do = 請在 { $provider } 設定第二項驗證要素，或選擇更強的驗證方式，然後再試一次。
idp-not-fresh = { $provider } 未重新驗證您的身分
    .what = 此步驟需要重新登入，但 { $provider } 未確認您已重新登入。
    .do = 請登出 { $provider } 後再試一次。如果問題持續，請以其他方式登入，或通知管理員。
idp-no-account = 本網站沒有您的帳號
    .what = 您已在 { $provider } 登入成功，但本網站沒有與您對應的帳號。
    .do = 請向管理員申請帳號。如果您想使用其他帳號，請登出 { $provider } 後再試一次。
idp-no-name = 無法建立您的帳號
    .what = 您已在 { $provider } 登入成功，但無法以該名稱在本網站建立帳號：名稱已有人使用，或不能使用。
    .do = 請聯絡管理員為您連結帳號。
idp-not-assigned = 您的帳號使用其他登入方式
    .what = 您已在 { $provider } 登入成功，但您在本網站的帳號未獲指派公司帳號登入。
    .do = 請以其他方式登入，或聯絡管理員為您指派此登入方式。
idp-other-person = 這是另一個帳號
    .what = 您用來確認的 { $provider } 帳號，不屬於目前登入本網站的使用者。
    .do = 請在 { $provider } 選擇正確的帳號，或先登出本網站。
idp-taken = 該帳號已連結到其他使用者
    .what = 您登入的 { $provider } 帳號，已連結到本網站的另一位使用者。未作任何變更。
    .do = 請以您自己的 { $provider } 帳號登入，或聯絡管理員取消原有的連結。
idp-refused = 您的帳號目前無法在此使用
    .what = 您已在 { $provider } 登入成功，但目前無法從您所在的環境使用此帳號。
    .do = 請將下方的代碼和請求編號提供給管理員。
idp-another-browser = 此登入是在其他地方開始的
    .what = 您從 { $provider } 返回時所用的瀏覽器或視窗，與開始登入時不同；或您的瀏覽器未儲存本網站的 Cookie。
    .do = 請允許本網站的 Cookie，並在此瀏覽器中重新開始。
idp-over = 此登入程序已結束
    .what = 在 { $provider } 花費的時間過長，或此登入不是從本網站開始的。
    .do = 請重新開始。
idp-unsolicited = 此登入是在 { $provider } 開始的
    .what = 您已在 { $provider } 登入並前往本網站，但本網站並未要求此登入。為了您的安全，本網站不接受未經要求的登入。
    .do = 請從這裡開始登入：{ $provider } 通常不會要求您再次輸入。
## Workplace computer
ticket-title = 公司電腦驗證
ticket-none = 已登入貴組織網路的電腦會自動完成此驗證，但未能從您的電腦取得登入資訊。
ticket-do-unlock = 請鎖定電腦再解除鎖定，或以工作帳號重新登入電腦（Linux 上請執行 kinit）。
ticket-do-browser = 請使用貴組織為本網站設定過的瀏覽器。
ticket-elsewhere = 只能從貴組織的網路進行此驗證。請連線到該網路，然後重新開啟頁面。
ticket-again = 再試一次

## An administrator lets this browser in
device-title = 申請使用此瀏覽器
device-what = 您的帳號只能使用經管理員核准的瀏覽器。請申請使用此瀏覽器，獲准後即可繼續。
device-hint-name = 方便您和管理員辨認。
device-field-note = 給管理員的備註
device-hint-note = 例如使用地點或用途。可以留空。
device-submit = 申請
device-called = 已申請的瀏覽器：
device-said = 管理員的訊息：
device-pending-title = 正在等待核准
device-pending-what = 管理員將核准或駁回您對此瀏覽器的申請。一有決定，此頁面會自動繼續。
device-pending-do = 您可以關閉此頁面，稍後再用同一個瀏覽器登入。如需盡快處理，請聯絡管理員。
device-rejected-title = 此瀏覽器的申請已被駁回
device-rejected-what = 管理員已駁回您的申請，因此無法在此使用這個瀏覽器。請使用其他已核准的瀏覽器，或與管理員聯絡後重新申請。
device-revoked-title = 此瀏覽器的核准已撤銷
device-revoked-what = 此瀏覽器曾獲核准，但核准已撤銷或已到期。如果仍需使用此瀏覽器，請重新申請。
device-use-other = 以其他方式註冊此瀏覽器
device-apply-instead = 改為向管理員申請核准此瀏覽器
problem-devices-wait = 您已有多個申請等待處理。請等待管理員決定。
problem-device-later = 此瀏覽器的申請剛才已被駁回。您可以在 { $wait }後再次申請。
