mail-reminder =
    { $name }，您好：

    { $sentence }

    证书：{ $certificate }
    结束日期：{ $end }（还剩 { $left } 天）
    { $url }

    用户：{ $user }
mail-certificate-ending = 您的证书即将到期。到期后，要求证书的应用将无法打开。请向管理员申请新证书。
    .subject = 您的证书即将到期
mail-certificate-followed = 您的证书即将到期，新证书已准备好。请在结束日期之前安装；在此之前，两个证书都有效。
    .subject = 您的证书即将到期：请安装新证书
