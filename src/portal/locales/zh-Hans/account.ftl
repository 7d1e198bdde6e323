## 账户
account-nav = 账户
account-title = 您的账户
account-overview = 概览
account-sessions = 会话
account-browsers = 已注册的浏览器
account-password = 密码
account-authenticator = 身份验证器
account-recovery = 恢复代码
account-email = 邮箱
account-groups = 组
account-identity = 使用 { $provider } 登录
account-set = 设置于
account-none = 未设置
account-codes-left = { $count ->
    [0] 已全部用完
   *[other] 还剩 { $count } 个代码
}
account-sessions-count = { $count ->
    [1] 仅当前会话
   *[other] 当前 { $count } 个
}
account-browsers-count = { $count ->
    [0] 无
   *[other] { $count } 个
}
this-one = 当前
bound-one = 无法复制
never = 从未
cancel = 取消
notice-password-changed = 您的密码已更改，您的其他会话已结束。
notice-session-ended = 该会话已结束，其中打开的内容也已全部关闭。
notice-others-ended = 已结束其他 { $count } 个会话。
notice-browser-forgotten = 该浏览器已取消注册，其会话已结束。
notice-authenticator-added = 身份验证器已设置完成。
notice-authenticator-removed = 身份验证器已移除。
notice-recovery-codes-made = 已生成新的恢复代码，旧的恢复代码不再有效。
notice-few-recovery-codes = 恢复代码只剩 { $count } 个。
notice-no-recovery-codes = 您没有恢复代码。如果手机丢失，您将无法登录。
notice-new-sign-in = 您的账户在新的地点登录：{ $address }。
notice-link-recovery = 生成新代码
notice-link-sessions = 查看您的会话
sessions-what = 您当前登录的所有位置。如果有您不认识的会话，请结束它并更改密码。
sessions-last-seen = 上次使用
sessions-since = 登录时间
sessions-end = 结束
sessions-end-others = 结束所有其他会话
browsers-what = 有些应用只能在您注册过的浏览器中打开。不再使用的浏览器，请取消注册。
browsers-none = 您尚未注册任何浏览器。打开需要注册的应用时，会提示您注册。
browsers-since = 注册时间
browsers-until = 有效期至
browsers-way = 注册方式
browsers-forget = 取消注册
browser-way-number = 手机核对数字
browser-way-admin = 管理员批准
browser-way-otp = 一次性密码
browser-way-link = 一次性链接
change-password-title = 更改密码
change-password-what = 更改后，您的其他会话都将结束，当前会话不受影响。
change-password-submit = 更改密码
field-current-password = 当前密码
directory-password-title = 更改您在 { $domain } 的密码
directory-password-what = 密码将在目录中直接更改，所有使用此密码的地方都须使用新密码。您在本网站的其他会话都将结束，当前会话不受影响。
directory-password-link = 改为更改您在 { $domain } 的密码
authenticator-what = 手机上的应用，每 30 秒显示一个新的验证码。
authenticator-none = 尚未设置身份验证器。要求一次性密码的应用暂时无法打开。
authenticator-app = 身份验证器应用
authenticator-since = 设置时间
authenticator-replace = 更换为新的
authenticator-remove = 移除
authenticator-remove-hint = 没有身份验证器，您将无法打开要求一次性密码的应用。恢复代码也会一并移除。
authenticator-stays = 贵组织要求使用身份验证器，因此只能更换，不能移除。
recovery-what = 以备手机丢失时使用：每个代码可代替一次性密码使用一次。
recovery-made = 生成于
recovery-new-hint = 新的一组会取代旧的，且只显示一次。
recovery-new = 生成新的一组
recovery-needs-authenticator = 恢复代码用于代替身份验证器。请先设置身份验证器。
fresh-title = 请确认是您本人
fresh-what = 您要更改的内容关系到账户安全。要进行更改，您必须在最近 { $count } 分钟内登录过。
fresh-then = 确认后，您会直接回到原来的页面。
fresh-go = 确认
another-factor-title = 仅凭密码无法更改此项
another-factor-what = 您要更改的内容关系到账户安全，只有第二验证因素或管理员提供的一次性链接才能更改，而您还没有可在此使用的第二验证因素。
another-factor-do = 请向管理员索取一次性链接。通过该链接设置身份验证器应用或手机之后，其他各项您都可以自行更改。
demanded-title = 身份验证器不能移除
demanded-what = 您可以打开的应用中，有的要求一次性密码，因此不能移除身份验证器。
demanded-do = 如果您换了手机，请更换身份验证器，而不是移除。

## 通行密钥
account-passkeys = 通行密钥
passkeys-what = 使用通行密钥，可以通过设备的指纹、面容或 PIN 登录。它无法被他人猜到，并且只能在本网站使用。
passkeys-none = 您还没有通行密钥。
passkeys-other-domain = 已无法使用
passkeys-since = 添加于
passkeys-copies = 副本
passkey-copies-none = 仅保存在一台设备上
passkey-copies-may = 可能会复制到您的其他设备
passkey-copies-are = 已复制到您的其他设备
passkeys-model = 型号
passkeys-rename = 重命名
passkeys-rename-submit = 保存名称
passkey-field-name = 通行密钥的名称
passkey-hint-name = 便于您在列表中辨认。
passkeys-remove = 移除
passkeys-remove-hint = 请移除已丢失设备的通行密钥。在其他地方用它登录的会话将立即结束。如果这是最后一个，请先确认您还有其他登录方式。
passkeys-add = 添加通行密钥
passkeys-not-accepted = 目前没有应用接受通行密钥，因此无法添加。
passkey-create = 创建通行密钥
passkey-not-made = 未创建通行密钥：操作已取消，或用时过长。
enrol-passkey-title = 创建通行密钥
enrol-passkey-why = 将为 { $user } 创建通行密钥，保存在此设备上，或保存在浏览器所列的手机或安全密钥中。
passkey-too-many = 您的通行密钥数量已达到上限。请先移除一个。
passkey-unavailable = 无法为此地址创建通行密钥。请告知管理员。
passkey-model-refused = 贵组织只接受特定型号的安全密钥，而这个不在其中。
passkey-synced-refused = 此通行密钥会复制到其他设备，而贵组织不允许这样做。请使用安全密钥，或仅保存在此设备上的通行密钥。
notice-passkey-added = 通行密钥已添加，今后可以用它登录。
notice-passkey-renamed = 通行密钥已重命名。
notice-passkey-removed = 通行密钥已移除，不能再用它登录。

## 公司账户
account-identities = 公司账户
account-identities-count = { $count ->
    [0] 未关联
   *[other] 已关联 { $count } 个
}
identities-what = 您可以用身份提供方的这些账户登录本网站。
identities-none = 您的账户尚未关联任何公司账户。
identities-person = 提供方账户
identities-since = 关联时间
identities-remove = 解除关联
identities-remove-hint = 解除后，该提供方账户不能再以您的身份登录，在其他地方用它登录的会话将立即结束。
identities-add = 关联 { $provider } 的账户
identities-add-hint = 您需要在那里再登录一次，以免误将他人的账户关联进来。
identities-not-assigned = 您在此处的账户未启用公司账户登录，因此无法关联。如需启用，请联系管理员。
last-way-title = 这是您最后一种登录方式
last-way-what = 解除此关联后您将无法登录，因此不能解除。
last-way-do = 请先设置其他登录方式：通行密钥、手机，或关联另一个公司账户。也可以联系管理员。
notice-identity-linked = 账户已关联，今后可以用它登录。
notice-identity-linked-already = 该账户此前已与您的账户关联。
notice-identity-unlinked = 关联已解除，该提供方账户不能再以您的身份登录。
account-pattern = 图案
notice-pattern-changed = 您的图案已更改，您的其他会话已结束。
