## 邮件。
## “mail-account”和“mail-link”是邮件正文；其余是其中的句子，并带有主题。

mail-account =
    { $name }，您好：

    { $sentence }

    用户：{ $user }
    时间：{ $time }
    地址：{ $address }

    如果不是您本人所为，请立即告知管理员。
mail-link =
    { $name }，您好：

    { $sentence }

    { $url }

    此地址只能使用一次，有效期至 { $until }。请勿交给任何人。

    用户：{ $user }
mail-new-place = 您的账户从近期未曾使用过的网络登录（{ $browser }）。
    .subject = 来自新地点的登录
mail-browser-registered = 已为您的账户注册了一个浏览器：“{ $browser }”。
    .subject = 已注册浏览器
mail-browser-forgotten = 浏览器“{ $browser }”已取消注册，其会话已结束。
    .subject = 已取消注册浏览器
mail-password-changed = 您的密码已更改，您的其他会话已结束。
    .subject = 您的密码已更改
mail-pattern-set = 已为您的账户设置图案。
    .subject = 您的图案已设置
mail-transaction-password-set = 进行交易时需要输入的密码已设置。
    .subject = 您的交易密码已设置
mail-password-set-by-link = 已通过一次性链接设置您的密码。
    .subject = 您的密码已设置
mail-authenticator-set-up = 已为您的账户设置身份验证器应用。
    .subject = 已设置新的身份验证器
mail-authenticator-replaced = 您的身份验证器应用已更换为新的。
    .subject = 已设置新的身份验证器
mail-authenticator-set-up-by-link = 已通过一次性链接为您的账户设置身份验证器应用。
    .subject = 已设置新的身份验证器
mail-authenticator-removed = 您的身份验证器应用及其恢复代码已从您的账户中移除。
    .subject = 您的身份验证器已移除
mail-recovery-codes-renewed = 已为您的账户生成新的恢复代码，旧的恢复代码不再有效。
    .subject = 已生成新的恢复代码
mail-approver-registered = 已注册一部用于批准您登录的手机：“{ $phone }”。
    .subject = 已注册手机
mail-approver-removed = 手机“{ $phone }”不再用于批准您的登录。
    .subject = 已移除手机
mail-passkey-added = 通行密钥“{ $passkey }”已添加到您的账户。
    .subject = 已添加通行密钥
mail-passkey-added-by-link = 已通过一次性链接将通行密钥“{ $passkey }”添加到您的账户。
    .subject = 已添加通行密钥
mail-passkey-removed = 通行密钥“{ $passkey }”已移除，在其他地方用它登录的会话已结束。
    .subject = 已移除通行密钥
mail-identity-linked = “{ $provider }”的一个账户已与您的账户关联，今后可以用它以您的身份登录。
    .subject = 已关联公司账户
mail-identity-unlinked = 您的账户与“{ $provider }”的关联已解除，在其他地方用它登录的会话已结束。
    .subject = 已解除公司账户的关联
mail-device-approved = 管理员已批准浏览器“{ $browser }”。现在可以照常用它登录。
    .subject = 您的浏览器已获批准
mail-device-rejected = 管理员拒绝了您对浏览器“{ $browser }”的申请，不能用它登录。如果需要使用，请联系管理员。
    .subject = 您的申请被拒绝
mail-device-revoked = 管理员已撤销对浏览器“{ $browser }”的批准，其会话已结束。如果仍然需要，请在下次登录时重新申请。
    .subject = 对您浏览器的批准已撤销
mail-device-applied = 用户 { $who } 申请使用一个浏览器。请在管理页面的“设备”中批准或拒绝。下方的地址是提出申请的地址。
    .subject = 有用户申请使用浏览器
mail-somebody-else-asked = 您拒绝了一次登录，并回应了“不是我本人”。没有任何人登录成功。请立即更改您的密码。
    .subject = 有人试图以您的身份登录
mail-user-denied-sign-in = 用户 { $who } 在手机上拒绝了一次登录，并回应了“不是我本人”。没有任何人登录成功。
    .subject = 有用户报告非本人的登录
mail-pattern =
    { $name }，您好：

    { $sentence }

    ★ 使用图案登录

    1. 打开此地址：{ $url }

    2. 输入用户名。如果可以选择域，请选择。
       用户：{ $user }
       域：{ $domain }

    3. 从屏幕上的数字表中，按编号顺序读取有编号的格子里的数字，作为一次性密码输入。※ 为不读取的格子。

    { $drawing }

       然后在数字之后输入：{ $phrase }

    4. 设置您自己的图案：每次显示新的数字表时输入同一图案，共三次。

    初始图案可使用至 { $until }。请勿给任何人看。
mail-pattern-issued = 这是您的初始图案。
    .subject = 您的初始图案
mail-certificate =
    { $name }，您好：

    { $sentence }

    名称：{ $certificate }
    到期时间：{ $ends }
    最近一次错误：{ $trouble }

    详情请见管理页面的“网关证书”，或使用“sekisho tls list”查看。
mail-certificate-ends-soon = 网关的一个证书即将到期，而新证书尚未就绪。到期后，浏览器将拒绝连接网关及其后的所有应用。
    .subject = 网关的一个证书即将到期
mail-certificate-ended = 网关的一个证书已过期，而新证书尚未就绪。浏览器拒绝连接网关及其后的应用。
    .subject = 网关的一个证书已过期
mail-certificate-missing = 网关的一个证书尚未颁发成功。在颁发之前，网关无法以这些名称提供服务。
    .subject = 网关缺少一个证书
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
mail-link-invitation = 要为您的账户设置密码和身份验证器应用，请打开此地址：
    .subject = 您的账户
mail-link-reset-password = 要为您的账户设置新密码，请打开此地址：
    .subject = 新密码
mail-link-reset-totp = 要为您的账户设置新的身份验证器应用，请打开此地址：
    .subject = 新的身份验证器
mail-link-reset-passkey = 要为您的账户创建通行密钥，请在您用来登录的设备上打开此地址：
    .subject = 通行密钥
mail-link-browser = 要注册您将用来登录的浏览器，请在该浏览器中打开此地址：
    .subject = 您的浏览器
mail-link-approver = 要注册您将用来批准登录的手机，请在该手机上打开此地址：
    .subject = 您的手机
