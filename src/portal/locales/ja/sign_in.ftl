## 6つの確認
barrier-label = 6つの確認
barrier-here = 確認 { $number } / 6
check-ip-restriction = 接続元
    .asks = 決められたネットワークからのみ開けます
check-client-certificate = 証明書
    .asks = クライアント証明書が必要です
check-desktop-sso = 社内PC認証
    .asks = 社内PCでの認証が必要です
check-primary-factor = 本人確認
    .asks = パスワードの再入力が必要です
check-cookie = ブラウザ登録
    .asks = ブラウザの登録が必要です
check-otp = ワンタイム パスワード
    .asks = ワンタイムパスワードが必要です
mark-done = ：確認済み
mark-now = ：現在の確認
mark-not-needed = ：ここでは不要
mark-to-come = ：このあと確認
mark-stopped = ：通過できません

## 各ステップ共通
step-to = 行き先
step-as = サインイン中のユーザー：
step-holds-post = 送信された内容はお預かりしています。確認が済み次第、そのまま送り届けます。
problem-label = エラー：
problem-wrong-credentials = ユーザー名またはパスワードが違います。両方を確かめて、もう一度入力してください。
problem-certificate-of = この証明書は { $user } さんのものです。{ $user } としてサインインするか、ブラウザのウィンドウをすべて閉じてから、別の証明書を選んでください。
problem-wrong-code = コードが違うか、有効な時間を過ぎています。次のコードが表示されるのを待って入力してください。
problem-wrong-recovery-code = 未使用のリカバリーコードと一致しません。リカバリーコードは1つにつき1回だけ使えます。
problem-incomplete = 入力が足りません。コードをすべて入力してください。
problem-busy = ただいまサインインが混み合っています。入力内容に問題はありません。数秒待ってから、もう一度お試しください。
problem-directory-unavailable = ただいま、パスワードを確認できない場合があります。数分待ってから、もう一度お試しください。
problem-both-needed = 現在、2つのパスワードが必要です。両方を入力してください。
problem-cookies-blocked = お使いのブラウザがこのサイトのCookieを保存しないため、入力内容が失われました。Cookieを許可してから、もう一度サインインしてください。
problem-question-over = スマートフォンへの確認は終了しました。ゲートウェイが再起動した可能性があります。この手順をもう一度行ってください。
problem-slow-down = 失敗が続いたため、しばらく受け付けられません。{ $wait }ほど待ってから、もう一度お試しください。
why-primary-factor-missing = { $app }を開くには、ご本人の確認が必要です。
why-primary-factor-method = { $app }を開くには、パスワードでのサインインが必要です。
why-primary-factor-unprotected = { $app }のログインフォームは保護されています。スマートフォンで解除してから、パスワードを入力してください。
why-primary-factor-too-old = 前回のサインインから時間がたっているため、{ $app }がもう一度ご本人の確認を求めています。
why-browser-not-registered = { $app }は登録済みのブラウザからのみ開けます。このブラウザはまだ登録されていません。
why-browser-registered-otherwise = { $app }を開くには、このブラウザを別の方法で登録し直す必要があります。
why-otp-missing = { $app }を開くには、ワンタイムパスワードが必要です。
why-otp-method = { $app }を開くには、別の種類のワンタイムパスワードが必要です。
why-otp-too-old = 前回の入力から時間がたっているため、{ $app }が新しいワンタイムパスワードを求めています。
why-desktop-sso-missing = { $app }を開くには、社内PCでの認証が必要です。

## ユーザー名とパスワード
password-title = サインイン
field-user = ユーザー名
field-password = パスワード
field-directory-password = Windowsのパスワード
password-both = 現在、このサイトのパスワードと、Windowsで使うパスワードの両方が必要です。どちらか一方でも違うとサインインできません。
password-submit = 次へ
password-someone-else = 別のユーザーでサインイン

## ワンタイムパスワード
otp-title-totp = ワンタイムパスワード
otp-title-recovery = リカバリーコード
otp-field-totp = 6桁のコード
otp-hint-totp = 認証アプリを開き、このアカウントに表示されているコードを入力してください。
otp-field-recovery = リカバリーコード（1つ）
otp-hint-recovery = 印刷または保存したリストにあるコードです。1つにつき1回だけ使えます。
otp-submit = 次へ
otp-use-totp = 認証アプリのコードを使う
otp-use-recovery = 認証アプリが使えないときは、リカバリーコードを使う

## このブラウザの登録
browser-title = このブラウザを登録
browser-how = ワンタイムパスワードで登録を確認します。登録は{ $days }日間有効です。
browser-passes-otp = 同じコードで、次の確認も済みます。
browser-field-name = このブラウザの名前
browser-hint-name = 一覧で見分けるための名前です。
browser-submit = 登録して次へ
browser-shared-computer = ほかの人も使うパソコンでは登録しないでください。

## 認証アプリが未設定
no-authenticator-title = 先に認証アプリの設定が必要です
no-authenticator-what = パスワードは確認できました。このページではワンタイムコードも必要ですが、{ $user } さんには認証アプリがまだ設定されていません。
no-authenticator-enrol-link = 認証アプリを設定する
no-authenticator-ask = 管理者に1回限りのリンクの発行を依頼してください。そのリンクからスマートフォンの認証アプリを設定すると、ここでサインインできるようになります。
no-phone-title = 先にスマートフォンの登録が必要です
no-phone-what = このページではスマートフォンでの承認も必要ですが、{ $user } さんのスマートフォンはまだ登録されていません。
no-phone-ask = 管理者に1回限りのリンクの発行を依頼してください。そのリンクをスマートフォンで開いて登録すると、ここでサインインできるようになります。
no-second-title = 先に2つ目の認証要素の設定が必要です
no-second-what = このページでは、認証アプリのコードまたはスマートフォンでの承認も必要です。{ $user } さんにはどちらもまだ設定されていません。
no-second-ask = 管理者に1回限りのリンクの発行を依頼してください。そのリンクから認証アプリを設定するかスマートフォンを登録すると、ここでサインインできるようになります。
phone-rests-title = スマートフォンでの承認は現在使えません
phone-rests-what = このページではスマートフォンでの承認も必要ですが、{ $user } さんの承認は停止中かロック中です。
phone-rests-ask = 管理者に、再開またはロックの解除を依頼してください。
no-second-never-alone = パスワードだけでは設定できません。パスワードを知った人なら誰でも設定できてしまうためです。
no-second-administrator = 管理者の方へ：リンクは、このユーザーのページ、または { $command } で発行できます。
phone-rests-administrator = 管理者の方へ：このユーザーのページ、または { $command } で操作できます。
what-to-do = 対処方法

## しばらく待つ
slow-down-title = しばらくお待ちください
slow-down-wait = あと{ $wait }で、もう一度お試しいただけます。
slow-down-why = お使いのネットワークからのサインインの失敗が続きました。それまでのあいだは、正しいパスワードであっても受け付けません。
slow-down-do = 心当たりがない場合は、管理者にお知らせください。
try-again = もう一度試す

## 期限切れ
expired-title = このサインインは終了しています
expired-what = 時間がかかりすぎたか、別のタブで完了しています。失われたものはありません。もう一度はじめからお進みください。
go-to-app = { $app }を開く
go-to-launcher = アプリ一覧へ

## 送信内容を預かれなかった
not-kept-title = 送信された内容は届いていません
not-kept-too-large = { $app }を開くにはサインインが必要ですが、送信された内容が大きすぎるため、お預かりできませんでした。{ $app }には何も届いていません。
not-kept-foreign = { $app }を開くにはサインインが必要ですが、送信された内容が別のサイトのページからのものだったため、お預かりしませんでした。{ $app }には何も届いていません。
not-kept-expired = { $app }へのサインインに時間がかかり、送信された内容をお預かりできる時間を過ぎました。{ $app }には何も届いていません。
not-kept-full = { $app }を開くにはサインインが必要ですが、混み合っているため、送信された内容をお預かりできませんでした。{ $app }には何も届いていません。
not-kept-unsaid = { $app }を開くにはサインインが必要ですが、送信された内容をお預かりできませんでした。{ $app }には何も届いていません。
not-kept-sign-in = サインインしてから、{ $app }にもう一度送信してください。フォームに入力した内容は、ブラウザの「戻る」ボタンで残っていることがあります。
not-kept-do = サインインは完了しています。{ $app }に戻って、もう一度送信してください。
