## Account
account-nav = 帳號
account-title = 您的帳號
account-overview = 概覽
account-sessions = 登入中的裝置
account-browsers = 已註冊的瀏覽器
account-password = 密碼
account-authenticator = 驗證器
account-recovery = 復原碼
account-email = 電子郵件
account-groups = 群組
account-identity = 使用 { $provider } 登入
account-set = 設定於
account-none = 尚未設定
account-codes-left = { $count ->
    [0] 已全部用完
   *[other] 還剩 { $count } 個
}
account-sessions-count = { $count ->
    [1] 僅目前的裝置
   *[other] 目前 { $count } 個
}
account-browsers-count = { $count ->
    [0] 無
   *[other] { $count } 個瀏覽器
}
this-one = 目前使用中
bound-one = 無法複製
never = 無
cancel = 取消
notice-password-changed = 密碼已變更，並已登出您的其他裝置。
notice-session-ended = 已登出該裝置，其中開啟的內容也已全部關閉。
notice-others-ended = 已登出其他 { $count } 個裝置。
notice-browser-forgotten = 已取消該瀏覽器的註冊，並將其登出。
notice-authenticator-added = 已設定驗證器。
notice-authenticator-removed = 驗證器已移除。
notice-recovery-codes-made = 已產生新的復原碼，舊的復原碼不再有效。
notice-few-recovery-codes = 您的復原碼只剩 { $count } 個。
notice-no-recovery-codes = 您沒有可用的復原碼。手機一旦遺失，您將無法登入。
notice-new-sign-in = 您的帳號從新的位置登入：{ $address }。
notice-link-recovery = 產生新的復原碼
notice-link-sessions = 查看登入中的裝置
sessions-what = 這裡列出您目前登入的所有裝置和瀏覽器。如果有您不認得的，請將其登出並變更密碼。
sessions-last-seen = 上次使用
sessions-since = 登入時間
sessions-end = 登出
sessions-end-others = 登出其他所有裝置
browsers-what = 有些應用程式只能在您已註冊的瀏覽器中開啟。不再使用的瀏覽器請取消註冊。
browsers-none = 您尚未註冊任何瀏覽器。應用程式需要時會提示您註冊。
browsers-since = 註冊時間
browsers-until = 有效期限
browsers-way = 註冊方式
browsers-forget = 取消註冊
browser-way-number = 在手機上核對數字
browser-way-admin = 管理員核准
browser-way-otp = 一次性密碼
browser-way-link = 一次性連結
change-password-title = 變更密碼
change-password-what = 變更後，您的其他裝置會全部登出，這部裝置不受影響。
change-password-submit = 變更密碼
field-current-password = 目前的密碼
directory-password-title = 變更您在 { $domain } 的密碼
directory-password-what = 變更的是目錄中的密碼本身，也適用於使用此密碼的其他服務。您在本網站登入的其他裝置會全部登出，這部裝置不受影響。
directory-password-link = 改為變更您在 { $domain } 的密碼
authenticator-what = 安裝在手機上、每 30 秒顯示一個新驗證碼的應用程式。
authenticator-none = 尚未設定驗證器，因此還無法開啟需要一次性密碼的應用程式。
authenticator-app = 驗證器應用程式
authenticator-since = 設定時間
authenticator-replace = 換成新的驗證器
authenticator-remove = 移除
authenticator-remove-hint = 移除驗證器後，您將無法開啟需要一次性密碼的應用程式。您的復原碼也會一併移除。
authenticator-stays = 貴組織要求使用驗證器，因此只能更換，不能移除。
recovery-what = 供手機遺失時使用：每個復原碼可代替一次性密碼使用一次。
recovery-made = 產生時間：
recovery-new-hint = 新的一組會取代舊的一組，而且只顯示一次。
recovery-new = 產生新的一組
recovery-needs-authenticator = 復原碼用來代替驗證器。請先設定驗證器。
fresh-title = 請確認是您本人
fresh-what = 您要變更的內容關係到帳號安全。必須在最近 { $count } 分鐘內登入過，才能變更。
fresh-then = 確認後會直接返回剛才的頁面。
fresh-go = 確認
another-factor-title = 只憑密碼無法進行此變更
another-factor-what = 您要變更的內容關係到帳號安全，只能憑第二項驗證要素或管理員提供的一次性連結變更，而您還沒有可在此使用的第二項驗證要素。
another-factor-do = 請向管理員索取一次性連結。透過該連結設定驗證器應用程式或手機後，您就可以自行變更其他設定。
demanded-title = 無法移除驗證器
demanded-what = 您可開啟的應用程式中，有些需要一次性密碼，因此無法移除驗證器。
demanded-do = 如果您換了新手機，請更換驗證器，不要移除。

## Passkeys
account-passkeys = 通行金鑰
passkeys-what = 有了通行金鑰，您可以用裝置的指紋、臉部或 PIN 碼登入。他人無法猜到，而且只能用於本網站。
passkeys-none = 您還沒有通行金鑰。
passkeys-other-domain = 已無法使用
passkeys-since = 新增時間
passkeys-copies = 複製
passkey-copies-none = 只保存在一部裝置上
passkey-copies-may = 可能會複製到您的其他裝置
passkey-copies-are = 已複製到您的其他裝置
passkeys-model = 型號
passkeys-rename = 重新命名
passkeys-rename-submit = 儲存名稱
passkey-field-name = 通行金鑰的名稱
passkey-hint-name = 方便您在清單中辨認。
passkeys-remove = 移除
passkeys-remove-hint = 請移除已遺失裝置的通行金鑰。以該通行金鑰登入的其他裝置會立即登出。如果這是最後一個，請先確認您有其他登入方式。
passkeys-add = 新增通行金鑰
passkeys-not-accepted = 目前沒有接受通行金鑰的應用程式，因此無法新增。
passkey-create = 建立通行金鑰
passkey-not-made = 未建立通行金鑰：操作已取消，或已逾時。
enrol-passkey-title = 建立通行金鑰
enrol-passkey-why = 將為 { $user } 建立通行金鑰，可存放在這部裝置上，或瀏覽器提供選擇的手機或安全金鑰上。
passkey-too-many = 您的通行金鑰數量已達上限。請先移除一個。
passkey-unavailable = 此網址無法建立通行金鑰。請通知管理員。
passkey-model-refused = 貴組織只接受特定型號的安全金鑰，此安全金鑰不在其中。
passkey-synced-refused = 此通行金鑰會複製到其他裝置，但貴組織不允許。請使用安全金鑰，或只保存在這部裝置上的通行金鑰。
notice-passkey-added = 已新增通行金鑰。今後您可以用它登入。
notice-passkey-renamed = 已變更通行金鑰的名稱。
notice-passkey-removed = 已移除通行金鑰，無法再用它登入。

## Company sign-ins
account-identities = 公司帳號
account-identities-count = { $count ->
    [0] 未連結
   *[other] 已連結 { $count } 個
}
identities-what = 可用來登入本網站的身分提供者帳號。
identities-none = 您的帳號未連結任何公司帳號。
identities-person = 帳號
identities-since = 連結時間
identities-remove = 取消連結
identities-remove-hint = 取消後，該帳號無法再以您的身分登入，以該帳號登入的其他裝置會立即登出。
identities-add = 連結 { $provider } 的帳號
identities-add-hint = 您需要再登入該服務一次，以免誤將他人的帳號連結進來。
identities-not-assigned = 您的帳號未獲指派公司帳號登入，因此無法連結。如需使用，請聯絡管理員。
last-way-title = 這是您最後一種登入方式
last-way-what = 取消此連結後您將無法登入，因此不能取消。
last-way-do = 請先設定其他方式：通行金鑰、手機，或連結另一個公司帳號。您也可以聯絡管理員。
notice-identity-linked = 帳號已連結。今後您可以用它登入。
notice-identity-linked-already = 該帳號先前已與您的帳號連結。
notice-identity-unlinked = 已取消連結。該帳號無法再以您的身分登入。
account-pattern = 圖形
notice-pattern-changed = 圖形已變更，並已登出您的其他裝置。
