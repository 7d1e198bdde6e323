## 六项检查
barrier-label = 登录步骤
barrier-here = 第 { $number } 步，共 { $count } 步
check-ip-restriction = 网络
    .asks = 只能从特定网络打开
check-client-certificate = 证书
    .asks = 要求客户端证书
check-desktop-sso = 办公电脑
    .asks = 要求通过办公电脑登录
check-primary-factor = 身份
    .asks = 要求重新登录
check-cookie = 已注册的浏览器
    .asks = 要求已注册的浏览器
check-otp = 一次性密码
    .asks = 要求一次性密码
mark-done = ：已通过
mark-now = ：当前检查
mark-to-come = ：尚未进行
mark-stopped = ：未通过

## 每个步骤
step-to = 前往
step-as = 正在登录的用户：
step-holds-post = 您提交的内容已暂时保留，登录完成后会自动发送。
step-opened-by-phone = 请先用手机打开此登录表单，再输入密码。打开之前，即使密码正确也会提示不正确。
    .some = 部分用户需要先用手机打开此登录表单。如果您属于这种情况，打开之前即使密码正确也会提示不正确。
problem-label = 错误：
problem-wrong-credentials = 用户名或密码不正确。请检查后重试。
problem-certificate-of = 此证书属于 { $user }。请以 { $user } 的身份登录，或关闭浏览器的所有窗口后选择其他证书。
problem-ticket-of = 这台电脑当前以 { $user } 的身份登录。请以 { $user } 的身份登录，或使用您自己的电脑。
problem-ticket-used = 您的电脑发送的凭据已经用过，例如因为连接曾中断。请重试。
problem-ticket-clock = 您的电脑与网关的时钟相差超过五分钟。请校准电脑时间后重试。
problem-ticket-old = 您的电脑的网络登录已过期。请锁定并解锁电脑（Linux 上请运行 kinit），然后重试。
problem-ticket-connection = 您的电脑发送的凭据不属于当前连接。可能是浏览器与本网站之间的通信经过了中转，或者您的浏览器无法将凭据与连接绑定。
problem-ticket-account = 您的电脑账户 { $account } 在这里没有对应的用户。
problem-ticket-no-account = 您的电脑账户在这里没有对应的用户。
problem-ticket-another = 您的电脑以 { $account } 的身份登录，与正在此处登录的不是同一用户。
problem-ticket-gateway = 目前无法通过办公电脑登录。您的电脑没有问题，请告知管理员。
problem-wrong-code = 验证码不正确或已失效。请等待下一个验证码再输入。
problem-wrong-recovery-code = 恢复代码不正确或已使用过。每个恢复代码只能使用一次。
problem-incomplete = 输入不完整。请输入完整的代码。
problem-busy = 目前登录人数较多。您的输入没有问题，请几秒后重试。
problem-directory-unavailable = 目前有些密码无法核对。请几分钟后重试。
problem-directory-down = 目前无法核对 { $domain } 的密码。请几分钟后重试，或使用其他登录方式。
problem-must-change-there = 密码正确，但登录前必须先更改。请在贵组织的电脑上更改，或联系管理员。
problem-both-needed = 目前需要两个密码，请全部输入。
problem-cookies-blocked = 您的浏览器没有保存本网站的 Cookie，因此输入的内容已丢失。请允许 Cookie，然后重新登录。
problem-unknown-mail = 没有与此邮箱地址对应的身份提供方。请检查地址，或用其他方式登录。
problem-question-over = 发往您手机的确认请求已结束，网关可能已重新启动。请重新进行这一步。
problem-slow-down = 失败次数过多。请等待 { $wait }后再试。
why-primary-factor-missing = { $app } 需要确认您的身份。
why-primary-factor-method = { $app } 要求您以其他方式登录。
why-primary-factor-unprotected = { $app } 的登录表单已关闭：请先用手机打开，再输入密码。
why-primary-factor-too-old = 您上次登录已有一段时间，{ $app } 需要再次确认您的身份。
why-browser-not-registered = { $app } 仅允许已注册的浏览器访问，而此浏览器尚未注册到您的账户。
why-browser-registered-otherwise = { $app } 要求以另一种方式注册此浏览器。
why-browser-not-bound = { $app } 只接受保存自有密钥的浏览器，而此浏览器未出示密钥。Windows 上的 Chrome 146 及更高版本会保存密钥：请在那里打开页面，或重新注册此浏览器。
why-otp-missing = { $app } 需要一次性密码。
why-otp-method = { $app } 需要另一种一次性密码。
why-otp-too-old = { $app } 需要新的一次性密码：您上次输入已有一段时间。
why-desktop-sso-missing = { $app } 需要通过您的办公电脑登录。

## 用户名和密码
password-title = 登录
field-user = 用户名
field-domain = 域
domain-local = 本网站
field-password = 密码
field-directory-password = Windows 密码
password-both = 目前需要两个密码：本网站的密码和您在 Windows 上使用的密码，两者都必须正确。
password-submit = 继续
password-someone-else = 不是您本人？

## 必须更改的目录密码
must-change-title = 请设置新密码
must-change-what = 登录前必须更改您在 { $domain } 的密码。更改后，所有使用此密码的地方都须使用新密码。
must-change-done = 密码已更改
must-change-done-what = 今后请在这里和其他地方都使用新密码。
must-change-sign-in = 用新密码登录
directory-password-hint = 长度和字符由目录自己的规则决定。
password-problem-not-taken = 新密码不符合目录的规则。请选用更长的密码，或以前没有用过的密码。

## 一次性密码
otp-title-totp = 一次性密码
otp-title-recovery = 恢复代码
otp-field-totp = 六位数字
otp-hint-totp = 打开身份验证器应用，输入此账户显示的验证码。
otp-field-recovery = 任意一个恢复代码
otp-hint-recovery = 您打印或保存的列表中的代码。每个代码只能使用一次。
otp-submit = 继续
otp-use-totp = 改用身份验证器应用
otp-use-recovery = 身份验证器不在身边？使用恢复代码

## 注册此浏览器
browser-title = 注册此浏览器
browser-how = 请用一次性密码确认。注册有效期为 { $days } 天。
browser-passes-otp = 同一验证码也可用于下一项检查。
browser-field-name = 此浏览器的名称
browser-hint-name = 便于您在列表中辨认。
browser-submit = 注册并继续
browser-shared-computer = 请勿注册他人也在使用的电脑。

## 通行密钥
passkey-label = 通行密钥
passkey-title = 使用您的通行密钥
passkey-how = 请用设备或安全密钥的指纹、面容或 PIN 确认。
passkey-how-sign-in = 通行密钥会确认您的身份：无需输入用户名和密码。
passkey-how-browser = 请用通行密钥确认。确认后，此浏览器将注册到您的账户。
passkey-use = 使用通行密钥登录
passkey-register-browser = 用通行密钥注册并继续
passkey-use-instead = 改用通行密钥
passkey-needs-script = 通行密钥需要 JavaScript，而此浏览器已将其关闭。请为本网站启用，或使用其他登录方式。
passkey-no-script = 如果这里没有出现按钮，说明本页的脚本未能加载。请重新加载页面，或使用其他登录方式。
passkey-not-given = 未使用通行密钥：操作被取消、用时过长，或此设备上没有本网站的通行密钥。
passkey-insecure = 浏览器拒绝在此使用通行密钥。可能的原因有两个：浏览器不信任本网站的证书，或者当前使用的网址与创建通行密钥时不同。请告知管理员。
passkey-registered-already = 此设备已注册。
passkey-not-supported = 此设备无法使用这里所需类型的通行密钥。
passkey-browser-too-old = 此浏览器无法使用通行密钥。请使用较新的浏览器，或使用其他登录方式。
passkey-begin-again = 此页面打开的时间过长。请重新加载后再试。
passkey-slow-down = 目前您的网络中使用通行密钥的人过多。请一分钟后再试。
passkey-failed = 无法使用通行密钥。请重试。
problem-passkey-refused = 该通行密钥未被接受。它可能已从您的账户中移除，或者您的账户在此不能用通行密钥登录。
problem-passkey-not-verified = 您的设备没有验证是否为您本人。请在设备上设置 PIN、指纹或面容，然后重试。
problem-passkey-over = 用时过长，或页面被使用了两次。请重试。
no-passkey-title = 请先创建通行密钥
no-passkey-what = 此页面还要求通行密钥，而 { $user } 还没有。
no-passkey-ask = 请向管理员索取一次性链接。通过该链接在您的设备上创建通行密钥，之后即可在此登录。

## 尚无第二验证因素
no-authenticator-title = 请先设置身份验证器
no-authenticator-what = 密码正确。此页面还要求一次性验证码，而 { $user } 尚未设置身份验证器应用。
no-authenticator-enrol-link = 设置身份验证器
no-authenticator-ask = 请向管理员索取一次性链接。通过该链接在手机上设置身份验证器应用，之后即可在此登录。
no-phone-title = 请先注册手机
no-phone-what = 此页面还要求在手机上批准，而 { $user } 尚未注册手机。
no-phone-ask = 请向管理员索取一次性链接。在手机上打开它并注册，之后即可在此登录。
no-second-title = 请先设置第二验证因素
no-second-what = 此页面还要求第二验证因素：身份验证器应用的验证码，或在手机上批准。{ $user } 两者都尚未设置。
no-second-ask = 请向管理员索取一次性链接。通过该链接设置身份验证器应用或注册手机，之后即可在此登录。
phone-rests-title = 目前无法用手机批准
phone-rests-what = 此页面还要求在手机上批准，而 { $user } 的批准功能已暂停或锁定。
phone-rests-ask = 请联系管理员恢复或解锁。
no-second-never-alone = 仅凭密码无法设置，否则任何知道您密码的人都可以设置。
no-second-administrator = 致管理员：可在此用户的页面上创建链接，或使用 { $command }。
phone-rests-administrator = 致管理员：可在此用户的页面上操作，或使用 { $command }。
what-to-do = 如何处理

## 请稍候
slow-down-title = 请稍候
slow-down-wait = { $wait }后可以重试。
slow-down-why = 来自您所在网络的登录失败次数过多。在此期间，即使密码正确也无法登录。
slow-down-do = 如果不是您本人所为，请告知管理员。
slow-down-returns-why = 您所在的网络中，有过多用户从公司账户登录返回后未能完成登录。这很可能不是您造成的，而是那边的登录服务出了问题。其他登录方式仍可使用。
slow-down-returns-do = 您无需做任何操作。请稍候再试；如果仍然如此，请告知管理员。
try-again = 重试

## 已过期
expired-title = 此登录已结束
expired-what = 用时过长，或已在另一个标签页中完成。没有丢失任何内容，请重新开始。
go-to-app = 前往 { $app }
go-to-launcher = 前往您的应用

## 提交的内容未能保留
not-kept-title = 您提交的内容没有送达
not-kept-too-large = { $app } 要求您登录，而您提交的内容过大，登录期间无法保留。{ $app } 未收到任何内容。
not-kept-foreign = { $app } 要求您登录，而您提交的内容来自其他网站的页面，此类内容不予保留。{ $app } 未收到任何内容。
not-kept-expired = { $app } 要求您登录，而登录用时过长，您提交的内容已超过保留期限。{ $app } 未收到任何内容。
not-kept-full = { $app } 要求您登录，但目前保留的内容过多，您提交的内容无法保留。{ $app } 未收到任何内容。
not-kept-unsaid = { $app } 要求您登录，而您提交的内容在登录期间无法保留。{ $app } 未收到任何内容。
not-kept-sign-in = 请先登录，然后重新提交到 { $app }。如果是表单，按浏览器的“后退”按钮可能还能找回您填写的内容。
not-kept-do = 您现在已登录。请返回 { $app } 重新提交。

## 身份提供方
idp-choice = 使用公司账户登录
idp-use = 使用 { $provider } 登录
idp-down = { $provider } 目前没有响应，可能无法在那里登录；您的账户没有问题。
idp-mail = 工作邮箱地址
idp-mail-submit = 继续
idp-again = 重试
idp-other = 用其他方式登录
idp-called = 您在身份提供方的名称：
idp-unavailable = { $provider } 没有响应
    .what = 目前无法连接 { $provider }，因此无法在那里登录。
    .do = 您的账户没有问题。请过几分钟再试，或用其他方式登录。
idp-denied = 未能通过 { $provider } 登录
    .what = { $provider } 未完成登录就返回了：登录被取消，或您在那里的账户不能用于本网站。
    .do = 请重试。如果仍然如此，请向 { $provider } 的负责人确认您的账户能否使用本网站。
idp-set-up = 与 { $provider } 的连接设置有误
    .what = 本网站与 { $provider } 的设置不一致。这不是您造成的。
    .do = 请将下方的代码和请求编号告知管理员。
idp-not-believed = { $provider } 的响应未被接受
    .what = 无法验证 { $provider } 的响应。为安全起见，未进行登录。
    .do = 请再试一次。如果仍然如此，请将下方的代码和请求编号告知管理员。
idp-not-enough = { $provider } 的验证强度不够
    .what = 您已在 { $provider } 登录，但没有达到本网站要求的强度，例如缺少双重验证。
    .do = 请在 { $provider } 设置双重验证或选择更强的方式，然后重试。
idp-not-fresh = { $provider } 没有重新验证
    .what = 此步骤需要重新登录，但 { $provider } 没有予以确认。
    .do = 请在 { $provider } 退出登录后重试。如果仍然无效，请用其他方式登录或联系管理员。
idp-no-account = 您在这里没有账户
    .what = 您已在 { $provider } 登录，但本网站没有属于您的账户。
    .do = 请向管理员申请账户。如果用错了账户，请在 { $provider } 退出登录后重试。
idp-no-name = 无法创建您的账户
    .what = 您已在 { $provider } 登录，但无法用那里的名称在此创建账户：名称已被占用或不可用。
    .do = 请联系管理员关联您的账户。
idp-not-assigned = 您的账户使用其他登录方式
    .what = 您已在 { $provider } 登录，但您在此处的账户未启用公司账户登录。
    .do = 请用其他方式登录，或联系管理员为您启用这种方式。
idp-other-person = 这是另一个账户
    .what = 您用来确认的 { $provider } 账户不属于当前登录的用户。
    .do = 请在 { $provider } 选择正确的账户，或先在此退出登录。
idp-taken = 该账户在这里属于其他人
    .what = 您在 { $provider } 登录所用的账户已关联到本网站的另一位用户。未作任何更改。
    .do = 请在 { $provider } 使用您自己的账户登录，或联系管理员解除另一个关联。
idp-refused = 您的账户目前不能在此使用
    .what = 您已在 { $provider } 登录，但您的账户目前不能从当前环境使用。
    .do = 请将下方的代码和请求编号告知管理员。
idp-another-browser = 此登录是在别处开始的
    .what = 您从 { $provider } 返回时所用的浏览器或窗口与开始时不同，或您的浏览器不保存本网站的 Cookie。
    .do = 请允许本网站的 Cookie，并在此浏览器中重新开始。
idp-over = 此登录已结束
    .what = 您在 { $provider } 用时过长，或此处没有与之对应的登录。
    .do = 请重新开始。
idp-unsolicited = 此登录是在 { $provider } 开始的
    .what = 您已在 { $provider } 登录并转到这里，但本网站并未请求此登录。为了您的安全，本网站只接受自己请求的登录。
    .do = 请从这里开始：{ $provider } 通常不会再次要求您输入。

## 办公电脑
ticket-title = 办公电脑
ticket-none = 已登录到贵组织网络的电脑会自动证明身份，但您的电脑没有提供证明。
ticket-do-unlock = 请锁定并解锁电脑，或用工作账户重新登录电脑（Linux 上请运行 kinit）。
ticket-do-browser = 请使用贵组织为本网站配置的浏览器。
ticket-elsewhere = 只能从贵组织的网络进行。请连接到该网络，然后重新打开页面。
ticket-again = 重试

## 由管理员批准的浏览器
device-title = 申请使用此浏览器
device-what = 您的账户只能使用经管理员批准的浏览器。请申请使用此浏览器，批准后即可继续。
device-hint-name = 便于您和管理员辨认。
device-field-note = 给管理员的备注
device-hint-note = 例如使用地点或用途。可以留空。
device-submit = 申请
device-called = 已申请的浏览器：
device-said = 管理员留言：
device-pending-title = 您的申请正在等待处理
device-pending-what = 管理员将批准或拒绝此浏览器。处理完成后，本页会自动继续。
device-pending-do = 您可以关闭本页，稍后用同一浏览器重新登录。如果急需使用，请联系管理员。
device-rejected-title = 此浏览器已被拒绝
device-rejected-what = 管理员拒绝了您的申请，因此不能在此使用此浏览器。请使用其他已批准的浏览器，或与管理员沟通后重新申请。
device-revoked-title = 此浏览器的批准已失效
device-revoked-what = 此浏览器曾获批准，但批准已被撤销或已过期。如果仍需使用，请重新申请。
device-use-other = 用其他方式注册此浏览器
device-apply-instead = 改为请管理员批准此浏览器
problem-devices-wait = 您已有多个申请待处理。请等待管理员处理。
problem-device-later = 此浏览器刚刚被拒绝。{ $wait }后可以再次申请。
