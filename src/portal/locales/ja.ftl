### 日本語

## 共通の枠
frame-skip = 本文へ移動
frame-nav = アカウント
frame-apps = アプリ
frame-admin = 管理
frame-sign-out = サインアウト
frame-language = 表示言語

## 日時
month =
    .january = 1
    .february = 2
    .march = 3
    .april = 4
    .may = 5
    .june = 6
    .july = 7
    .august = 8
    .september = 9
    .october = 10
    .november = 11
    .december = 12
moment = { $year }年{ $month }月{ $day }日 { $time }（{ $zone }）
ago-now = たった今
ago-minutes = { $count }分前
ago-hours = { $count }時間前
ago-days = { $count }日前
lasting-seconds = { $count }秒
lasting-minutes = { $count }分
lasting-hours = { $count }時間

## 6つの確認
barrier-label = 6つの確認
barrier-here = 6つのうち{ $number }番目の確認
check-ip-restriction = 接続元
check-client-certificate = 証明書
check-desktop-sso = 社内PC認証
check-primary-factor = ご本人
check-cookie = ブラウザ
check-otp = ワンタイムパスワード
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
problem-wrong-code = コードが違うか、有効な時間を過ぎています。次のコードが表示されるのを待って入力してください。
problem-wrong-recovery-code = 未使用のリカバリーコードと一致しません。リカバリーコードは1つにつき1回だけ使えます。
problem-incomplete = 入力が足りません。コードをすべて入力してください。
problem-busy = ただいまサインインが混み合っています。入力内容に問題はありません。数秒待ってから、もう一度お試しください。
problem-slow-down = 失敗が続いたため、しばらく受け付けられません。{ $wait }ほど待ってから、もう一度お試しください。
why-primary-factor-missing = { $app }を開くには、ご本人の確認が必要です。
why-primary-factor-method = { $app }を開くには、パスワードでのサインインが必要です。
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
no-authenticator-what = { $user } さんには認証アプリがまだ設定されていないため、ここで入力できるコードがありません。
no-authenticator-enrol = 今すぐ設定できます。2分ほどで終わります。スマートフォンをご用意ください。
no-authenticator-enrol-link = 認証アプリを設定する
no-authenticator-ask = 管理者に招待リンクの発行を依頼してください。そのリンクからスマートフォンの認証アプリを設定すると、ここでサインインできるようになります。
what-to-do = どうすればよいか

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
not-kept-too-large = { $app }へのサインインが必要でしたが、送信された内容が大きすぎるため、お預かりできませんでした。{ $app }には何も届いていません。
not-kept-foreign = { $app }へのサインインが必要でしたが、送信された内容が別のサイトのページからのものだったため、お預かりしませんでした。{ $app }には何も届いていません。
not-kept-expired = { $app }へのサインインに時間がかかり、送信された内容をお預かりできる時間を過ぎました。{ $app }には何も届いていません。
not-kept-full = { $app }へのサインインが必要でしたが、混み合っていたため、送信された内容をお預かりできませんでした。{ $app }には何も届いていません。
not-kept-do = サインインは完了しています。{ $app }に戻って、もう一度送信してください。

## サインアウト
sign-out-title = サインアウト
sign-out-here-what = このブラウザで開いているすべてのアプリからサインアウトします。
sign-out-here = サインアウトする
sign-out-everywhere-what = ほかに{ $count }台の端末またはブラウザでサインインしています。
sign-out-everywhere = すべての端末でサインアウトする
sign-out-stay = サインアウトせずに戻る
signed-out-title = サインアウトしました
signed-out-of-app = { $app }からサインアウトしました。ほかのアプリはそのまま使えます。
signed-out-here = このブラウザのすべてのアプリからサインアウトしました。
signed-out-everywhere = すべての端末とブラウザからサインアウトしました。
signed-out-hint = ほかの人も使うパソコンでは、ここでブラウザを閉じてください。
signed-out-again = もう一度サインイン
