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
