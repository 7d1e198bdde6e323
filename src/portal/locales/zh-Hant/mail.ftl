## 電子郵件訊息。
## 「mail-account」和「mail-link」等是郵件本文；其餘是其中的句子，並附主旨。

mail-account =
    { $name }，您好：

    { $sentence }

    使用者：{ $user }
    時間：{ $time }
    IP 位址：{ $address }

    如果不是您本人所為，請立即通知管理員。
mail-link =
    { $name }，您好：

    { $sentence }

    { $url }

    此網址只能使用一次，有效期限至 { $until }。請勿提供給任何人。

    使用者：{ $user }
mail-new-place = 您的帳號從近期未曾使用過的網路登入（{ $browser }）。
    .subject = 來自新位置的登入
mail-browser-registered = 已為您的帳號註冊瀏覽器：「{ $browser }」。
    .subject = 已註冊瀏覽器
mail-browser-forgotten = 已取消瀏覽器「{ $browser }」的註冊，並將其登出。
    .subject = 已取消瀏覽器的註冊
mail-password-changed = 您的密碼已變更，並已登出您的其他裝置。
    .subject = 您的密碼已變更
mail-pattern-set = 已為您的帳號設定圖形。
    .subject = 已設定您的圖形
mail-transaction-password-set = 已設定您進行交易時所需的密碼。
    .subject = 已設定您的交易密碼
mail-password-set-by-link = 已透過一次性連結設定您的密碼。
    .subject = 已設定您的密碼
mail-authenticator-set-up = 已為您的帳號設定驗證器應用程式。
    .subject = 已設定新的驗證器
mail-authenticator-replaced = 您的驗證器應用程式已換成新的。
    .subject = 已設定新的驗證器
mail-authenticator-set-up-by-link = 已透過一次性連結為您的帳號設定驗證器應用程式。
    .subject = 已設定新的驗證器
mail-authenticator-removed = 已從您的帳號移除驗證器應用程式及其復原碼。
    .subject = 已移除您的驗證器
mail-recovery-codes-renewed = 已為您的帳號產生新的復原碼，舊的復原碼不再有效。
    .subject = 已產生新的復原碼
mail-approver-registered = 已註冊一支手機，用於核准您的登入：「{ $phone }」。
    .subject = 已註冊手機
mail-approver-removed = 手機「{ $phone }」不再能核准您的登入。
    .subject = 已移除手機
mail-passkey-added = 已將通行金鑰「{ $passkey }」新增至您的帳號。
    .subject = 已新增通行金鑰
mail-passkey-added-by-link = 已透過一次性連結將通行金鑰「{ $passkey }」新增至您的帳號。
    .subject = 已新增通行金鑰
mail-passkey-removed = 已移除通行金鑰「{ $passkey }」，以它登入的其他裝置也已登出。
    .subject = 已移除通行金鑰
mail-identity-linked = 「{ $provider }」的一個帳號已與您的帳號連結，今後可用於登入。
    .subject = 已連結公司帳號
mail-identity-unlinked = 已取消您的帳號與「{ $provider }」的連結，以該帳號登入的其他裝置也已登出。
    .subject = 已取消公司帳號的連結
mail-device-approved = 管理員已核准瀏覽器「{ $browser }」。請照常登入。
    .subject = 您的瀏覽器已獲核准
mail-device-rejected = 管理員已駁回您對瀏覽器「{ $browser }」的申請，無法用此瀏覽器登入。如有需要，請聯絡管理員。
    .subject = 您的申請已被駁回
mail-device-revoked = 管理員已撤銷對瀏覽器「{ $browser }」的核准，並將其登出。如果仍需使用，請在下次登入時重新申請。
    .subject = 已撤銷對您瀏覽器的核准
mail-device-applied = 使用者 { $who } 申請使用瀏覽器。請在管理介面的「裝置」中核准或駁回。下方的 IP 位址是申請的來源。
    .subject = 有使用者申請使用瀏覽器
mail-somebody-else-asked = 您拒絕了一次登入，並回覆不是您本人。該次登入並未成功。請立即變更密碼。
    .subject = 有人試圖以您的身分登入
mail-user-denied-sign-in = 使用者 { $who } 在手機上拒絕了一次登入，並回覆不是其本人。該次登入並未成功。
    .subject = 有使用者回報他人試圖登入
mail-pattern =
    { $name }，您好：

    { $sentence }

    ★ 使用圖形登入

    1. 開啟此網址：{ $url }

    2. 輸入使用者名稱；若可選擇網域，請選擇網域。
       使用者：{ $user }
       網域：{ $domain }

    3. 從畫面上的數字表讀取一次性密碼：依編號順序讀取有編號的格子中的數字。※ 為不讀取的格子。

    { $drawing }

       接著在數字之後輸入此附加片語：{ $phrase }

    4. 設定您自己的圖形：每次顯示新的數字表時輸入同一圖形，共三次。

    初始圖形的有效期限至 { $until }。請勿讓任何人看到。
mail-pattern-issued = 這是您的初始圖形。
    .subject = 您的初始圖形
mail-certificate =
    { $name }，您好：

    { $sentence }

    名稱：{ $certificate }
    到期時間：{ $ends }
    最近一次的錯誤：{ $trouble }

    管理介面的「閘道憑證」頁面有更多資訊，也可以執行「sekisho tls list」查看。
mail-certificate-ends-soon = 閘道的一個憑證即將到期，而新憑證尚未備妥。到期後，瀏覽器將拒絕連線到閘道及其後方的所有應用程式。
    .subject = 閘道的憑證即將到期
mail-certificate-ended = 閘道的一個憑證已到期，而新憑證尚未備妥。瀏覽器會拒絕連線到閘道及其後方的應用程式。
    .subject = 閘道的憑證已到期
mail-certificate-missing = 閘道有一個憑證尚未能核發。在取得憑證之前，閘道無法以這些名稱提供服務。
    .subject = 閘道缺少憑證
mail-reminder =
    { $name }，您好：

    { $sentence }

    憑證：{ $certificate }
    結束日期：{ $end }（還剩 { $left } 天）
    { $url }

    使用者：{ $user }
mail-certificate-ending = 您的憑證即將到期。到期後，要求憑證的應用程式將無法開啟。請向管理員申請新憑證。
    .subject = 您的憑證即將到期
mail-certificate-followed = 您的憑證即將到期，新憑證已準備好。請在結束日期之前安裝；在此之前，兩個憑證都有效。
    .subject = 您的憑證即將到期：請安裝新憑證
mail-link-invitation = 若要為您的帳號設定密碼和驗證器應用程式，請開啟此網址：
    .subject = 設定您的帳號
mail-link-reset-password = 若要為您的帳號設定新密碼，請開啟此網址：
    .subject = 設定新密碼
mail-link-reset-totp = 若要為您的帳號設定新的驗證器應用程式，請開啟此網址：
    .subject = 設定新的驗證器
mail-link-reset-passkey = 若要為您的帳號建立通行金鑰，請在您用來登入的裝置上開啟此網址：
    .subject = 建立通行金鑰
mail-link-browser = 若要註冊您將用來登入的瀏覽器，請在該瀏覽器中開啟此網址：
    .subject = 註冊您的瀏覽器
mail-link-approver = 若要註冊您將用來核准登入的手機，請在該手機上開啟此網址：
    .subject = 註冊您的手機
