### 日本語

## 共通の枠
frame-skip = 本文へ移動
frame-nav = メインメニュー
frame-apps = アプリ
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
problem-wrong-code = コードが違うか、有効な時間を過ぎています。次のコードが表示されるのを待って入力してください。
problem-wrong-recovery-code = 未使用のリカバリーコードと一致しません。リカバリーコードは1つにつき1回だけ使えます。
problem-incomplete = 入力が足りません。コードをすべて入力してください。
problem-busy = ただいまサインインが混み合っています。入力内容に問題はありません。数秒待ってから、もう一度お試しください。
problem-cookies-blocked = お使いのブラウザーがこのサイトの Cookie を保存しないため、入力内容が失われました。Cookie を許可してから、もう一度サインインしてください。
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
not-kept-too-large = { $app }を開くにはサインインが必要ですが、送信された内容が大きすぎるため、お預かりできませんでした。{ $app }には何も届いていません。
not-kept-foreign = { $app }を開くにはサインインが必要ですが、送信された内容が別のサイトのページからのものだったため、お預かりしませんでした。{ $app }には何も届いていません。
not-kept-expired = { $app }へのサインインに時間がかかり、送信された内容をお預かりできる時間を過ぎました。{ $app }には何も届いていません。
not-kept-full = { $app }を開くにはサインインが必要ですが、混み合っているため、送信された内容をお預かりできませんでした。{ $app }には何も届いていません。
not-kept-unsaid = { $app }を開くにはサインインが必要ですが、送信された内容をお預かりできませんでした。{ $app }には何も届いていません。
not-kept-sign-in = サインインしてから、{ $app }にもう一度送信してください。フォームに入力した内容は、ブラウザの「戻る」ボタンで残っていることがあります。
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

## 通過できないとき
side-client = お客様側の環境によるものです。ゲートウェイは正常に動作しています。
side-gateway = お客様の操作によるものではありません。対処できるのは管理者です。
side-app = お客様の操作によるものではありません。ゲートウェイは通過しましたが、その先が正しく応答しませんでした。
fact-user = ユーザー
fact-address = 接続元アドレス
fact-code = コード
fact-request = リクエストID
facts-hint = お問い合わせの際は、コードとリクエストIDをお伝えください。
refusal-address-not-allowed = このネットワークからは開けません
    .what = このアプリは決められたネットワークからのみ開けます。現在お使いのネットワークは対象外です。
    .do = 社内ネットワークまたはVPNに接続してから、ページを再読み込みしてください。
refusal-address-denied = このネットワークからの接続は禁止されています
    .what = 現在お使いのネットワークからのアクセスは遮断されています。
    .do = 別のネットワークをお使いください。誤りと思われる場合は、下のアドレスを管理者にお知らせください。
refusal-certificate-missing = 証明書が必要です
    .what = このアプリを開くにはクライアント証明書が必要ですが、ブラウザから提示されませんでした。
    .do = 証明書をこのブラウザに取り込み、ウィンドウをすべて閉じて開き直し、証明書の選択画面で選んでください。お持ちでない場合は管理者にご相談ください。
refusal-certificate-untrusted = この証明書は使えません
    .what = 提示された証明書は、ここで信頼している認証局が発行したものではありません。
    .do = ブラウザのウィンドウをすべて閉じて開き直し、別の証明書を選んでください。ほかにない場合は管理者にご相談ください。
refusal-certificate-not-yet-valid = この証明書はまだ有効になっていません
    .what = 証明書の有効期間がまだ始まっていません。
    .do = 端末の日付と時刻を確かめてください。正しい場合は、有効期間が始まるまで以前の証明書をお使いください。
refusal-certificate-expired = この証明書は有効期限が切れています
    .what = 証明書の有効期間が終わっています。
    .do = 管理者に新しい証明書の発行を依頼してください。すでにお持ちの場合は、ブラウザのウィンドウをすべて閉じて開き直し、新しいものを選んでください。
refusal-certificate-revoked = この証明書は失効しています
    .what = 発行元がこの証明書を取り消しています。
    .do = 管理者に新しい証明書の発行を依頼してください。すでにお持ちの場合は、ブラウザのウィンドウをすべて閉じて開き直し、新しいものを選んでください。
refusal-revocation-unknown = 証明書を確認できません
    .what = 証明書が失効していないかを調べるための一覧を、ゲートウェイが読み込めません。確認できるまでは、どなたもお通しできません。
    .do = 数分待ってから、もう一度お試しください。続く場合は管理者にお知らせください。
refusal-certificate-disabled = この証明書は無効にされています
    .what = 管理者がゲートウェイの登録簿でこの証明書を無効にしています。
    .do = 管理者に有効にするよう依頼するか、別の証明書を選んでください。
refusal-certificate-without-holder = この証明書には持ち主が登録されていません
    .what = 証明書は正しいものですが、どのユーザーにも割り当てられていません。
    .do = 管理者に、ご自分への割り当てを依頼してください。
refusal-certificate-switch-off = 証明書の利用が停止されています
    .what = お使いのアカウントでは、現在クライアント証明書を利用できません。
    .do = 管理者に、利用を再開するよう依頼してください。
refusal-certificate-of-another-user = 別の方の証明書です
    .what = サインイン中のユーザーと、ブラウザが提示した証明書の持ち主が異なります。
    .do = サインアウトして証明書の持ち主としてサインインするか、ブラウザのウィンドウをすべて閉じてご自分の証明書を選び直してください。
refusal-certificate-changed = サインイン時と証明書が異なります
    .what = サインインしたときとは別の証明書が提示されたか、証明書が提示されませんでした。
    .do = ブラウザのウィンドウをすべて閉じ、サインインしたときの証明書で開き直してください。またはサインアウトして、サインインし直してください。
refusal-desktop-sso-missing = 社内PCでの認証が必要です
    .what = このアプリを開くには、組織のパソコンでの認証が必要ですが、確認できませんでした。
    .do = 組織のパソコンに業務用アカウントでサインインしてから、ページを再読み込みしてください。
refusal-primary-factor-missing = サインインしていません
    .what = このアプリを開くには、ご本人の確認が必要です。
    .do = ページを再読み込みして、サインインしてください。
refusal-primary-factor-method = 別の方法でのサインインが必要です
    .what = サインインしていますが、このアプリでは使えない方法です。
    .do = ページを再読み込みし、案内に従ってサインインし直してください。
refusal-primary-factor-too-old = サインインから時間がたっています
    .what = このアプリを開くには、より新しいサインインが必要です。
    .do = ページを再読み込みして、もう一度サインインしてください。
refusal-user-disabled = このアカウントは停止されています
    .what = 管理者がこのアカウントを停止しています。
    .do = 誤りと思われる場合は、管理者にご相談ください。
refusal-user-not-admitted = このアプリを利用する権限がありません
    .what = サインインは済んでいますが、このアプリは特定の方またはグループに限られており、対象に含まれていません。
    .do = 業務で必要な場合は、管理者に利用を申請してください。
refusal-no-method-assigned = サインインできる方法がありません
    .what = このアプリで使えるサインイン方法が、お使いのアカウントに1つも割り当てられていません。
    .do = 管理者に割り当てを依頼してください。
refusal-browser-not-registered = このブラウザは登録されていません
    .what = このアプリは登録済みのブラウザからのみ開けます。このブラウザは登録されていません。
    .do = 登録済みのブラウザをお使いになるか、ページを再読み込みしてこのブラウザを登録してください。
refusal-browser-registered-otherwise = このブラウザを別の方法で登録する必要があります
    .what = このブラウザは登録されていますが、このアプリでは使えない方法で登録されています。
    .do = ページを再読み込みし、案内に従って登録し直すか、管理者にご相談ください。
refusal-otp-missing = ワンタイムパスワードが必要です
    .what = このアプリを開くには、ワンタイムパスワードが必要です。
    .do = ページを再読み込みし、認証アプリに表示されているコードを入力してください。
refusal-otp-method = 別のワンタイムパスワードが必要です
    .what = お使いになった種類のワンタイムパスワードは、このアプリでは使えません。
    .do = ページを再読み込みし、別の種類をお使いください。
refusal-otp-too-old = ワンタイムパスワードの入力から時間がたっています
    .what = このアプリで認められている時間を過ぎています。
    .do = ページを再読み込みし、新しいコードを入力してください。

## エラー
error-retry = あと{ $wait }で、もう一度お試しいただけます。
error-400 = リクエストを処理できません
    .what = 届いたリクエストの形式が正しくないため、アプリには渡していません。
    .do = 前のページに戻って、もう一度お試しください。アドレスを入力した場合やリンクを開いた場合は、途中で切れていないか確かめてください。
error-403 = 許可されていない操作です
    .what = リクエストは拒否されました。
    .do = 元のページに戻って、もう一度はじめからお試しください。
error-404 = ページが見つかりません
    .what = このアドレスのページはありません。
    .do = アドレスを確かめるか、アプリ一覧からお進みください。
error-405 = ここではその操作はできません
    .what = ページはありますが、この種類のリクエストは受け付けていません。
    .do = 送信し直すのではなく、リンクからページを開いてください。
error-408 = 時間切れになりました
    .what = リクエスト全体が、決められた時間内に届きませんでした。
    .do = 通信状態を確かめて、もう一度お試しください。
error-413 = 送信された内容が大きすぎます
    .what = 受け付けられる大きさを超えているため、アプリには渡していません。
    .do = ファイルを小さくするなど、量を減らして送信してください。
error-421 = 別のサイト用の接続です
    .what = ブラウザが、別のサイトのために開いた接続でこのリクエストを送信しました。
    .do = ページを再読み込みしてください。それでも直らない場合は、ブラウザを閉じて開き直してください。
error-429 = リクエストが多すぎます
    .what = 一定時間に受け付けられる数を超えるリクエストがありました。
    .do = しばらく待ってから、もう一度お試しください。
error-431 = アドレスまたはヘッダーが長すぎます
    .what = アドレス、またはブラウザが一緒に送る情報が、受け付けられる大きさを超えています。
    .do = アドレスを短くしてください。ご自分で入力したものでない場合は、このサイトのCookieを削除して、もう一度お試しください。
error-500 = ゲートウェイで問題が起きました
    .what = リクエストの処理中にゲートウェイ側で問題が起きました。これによって誰かが通過したことはありません。
    .do = もう一度お試しください。繰り返す場合は、下のリクエストIDを管理者にお知らせください。
error-502 = アプリから正しい応答がありません
    .what = ゲートウェイは通過しましたが、その先のアプリにつながらないか、応答が壊れていました。
    .app = ゲートウェイは通過しましたが、その先の「{ $app }」につながらないか、応答が壊れていました。
    .do = 少し待ってから、もう一度お試しください。続く場合は、アプリの担当者にお知らせください。
error-503 = 現在ご利用いただけません
    .what = 混み合っているか、作業中です。
    .app = 「{ $app }」が混み合っているか、作業中です。
    .do = 少し待ってから、もう一度お試しください。
error-504 = アプリの応答に時間がかかりすぎています
    .what = ゲートウェイは通過しましたが、その先のアプリが時間内に応答しませんでした。
    .app = ゲートウェイは通過しましたが、その先の「{ $app }」が時間内に応答しませんでした。
    .do = 少し待ってから、もう一度お試しください。送信した内容は届いている可能性があります。送り直す前に確かめてください。

## アプリ一覧
launcher-title = アプリ一覧
launcher-empty = ご利用いただけるアプリはまだありません。管理者が利用を許可すると、ここに表示されます。

## 招待
invitation-steps = 設定する3つの項目
invitation-step-password = パスワード
invitation-step-authenticator = 認証アプリ
invitation-step-recovery = リカバリーコード
step-user = ユーザー名：
welcome-title = ようこそ
welcome-heading = { $name } さん、ようこそ
welcome-what = { $house } に招待されました。はじめに3つの設定をします。5分ほどで終わります。スマートフォンをご用意ください。
welcome-plan-password = パスワードを決めます。
welcome-plan-authenticator = スマートフォンの認証アプリを登録します。
welcome-plan-recovery = スマートフォンをなくしたときのために、リカバリーコードを保管します。
welcome-begin = はじめる
welcome-expires = このリンクは1回だけ使えます。有効期限：
set-password-title = パスワードを決める
set-password-why = 複雑さよりも長さが大切です。関係のない言葉をいくつか並べると、覚えやすく破られにくいパスワードになります。パスワード管理ソフトもお使いいただけます。
set-password-submit = パスワードを設定
field-new-password = 新しいパスワード
field-new-password-hint = { $count }文字以上。空白や日本語も使えます。
field-again = 新しいパスワード（確認）
password-problem-wrong-current = 現在のパスワードが違います。
password-problem-too-short = 新しいパスワードが短すぎます。{ $count }文字以上にしてください。
password-problem-too-long = 新しいパスワードが長すぎます。{ $count }文字以内にしてください。
password-problem-not-the-same = 2回の入力が一致しません。同じパスワードを2回入力してください。
password-problem-as-before = 現在のパスワードと同じです。別のパスワードにしてください。
password-problem-too-common = 推測されやすいパスワードです。よく使われるものや、お名前を含むものは避けてください。
enrol-title = 認証アプリを登録
enrol-why = これからは、スマートフォンのアプリに30秒ごとに表示される新しいコードを、ワンタイムパスワードとして使います。
enrol-replaces = 新しい認証アプリが、現在のものに代わります。確認が済むと、以前のものは使えなくなります。
enrol-scan = スマートフォンで認証アプリを開き、この画像を読み取ってください。
enrol-qr-label = 認証アプリに登録するキーのQRコード
enrol-by-hand = 読み取れないときは、キーを手で入力する
enrol-key = キー
enrol-account = アカウント
enrol-kind = 種類
enrol-kind-value = 時間ベース、6桁、30秒
enrol-field-code = アプリに表示されている6桁のコードを入力
enrol-submit = 確認する
enrol-problem-wrong-code = このキーのコードと一致しません。スマートフォンの日付と時刻が自動設定になっているか確かめて、次のコードを入力してください。
recovery-codes-title = リカバリーコードを保管
recovery-codes-why = スマートフォンをなくしたときは、このコードのどれか1つで通過できます。1つにつき1回だけ使えます。
recovery-codes-once = 表示されるのは今回だけです。貴重品と同じように、スマートフォンとは別の場所に保管してください。
recovery-codes-save = テキストファイルに保存
recovery-codes-print = このページを印刷することもできます。印刷されるのはコードだけです。
recovery-codes-kept = 保管しました
recovery-codes-file = { $house } のリカバリーコード
done-title = 設定が終わりました
done-what = アカウントの準備ができました。新しいパスワードと、スマートフォンに表示されるコードでサインインしてください。
done-sign-in = サインインへ
dead-link-title = このリンクは使えません
dead-link-used = すでに使用されています。リンクは1回だけ使えます。
dead-link-expired = 有効期限が切れています。
dead-link-unknown = 該当するリンクがありません。途中で切れているか、取り消された可能性があります。
dead-link-do = 管理者に新しいリンクの発行を依頼してください。使用した覚えがない場合は、そのことも伝えてください。
printed-title = { $name } さんのご利用案内
printed-invitation-what = この用紙で { $house } のアカウントを開設できます。設定はご本人が行ってください。ほかの人に見せる必要はありません。
printed-reset-what = この用紙で { $house } の利用設定をやり直せます。
printed-qr-label = リンクのQRコード
printed-scan = スマートフォンで画像を読み取るか、パソコンで次のアドレスを入力してください。
printed-until = 有効期限（1回限り）
printed-keep = この用紙があれば、誰でも設定できてしまいます。人に渡さず、設定が終わったら処分してください。
printed-how = このページを印刷して、ご本人に直接お渡しください。リンクが再び表示されることはありません。
back = 戻る

## アカウント
account-nav = アカウント
account-title = アカウント
account-overview = 概要
account-sessions = サインイン中の端末
account-browsers = 登録済みのブラウザ
account-password = パスワード
account-authenticator = 認証アプリ
account-recovery = リカバリーコード
account-email = メールアドレス
account-groups = グループ
account-set = 設定：
account-none = 未設定
account-codes-left = { $count ->
    [0] 残りはありません
   *[other] 残り{ $count }個
}
account-sessions-count = { $count ->
    [1] この端末のみ
   *[other] { $count }台
}
account-browsers-count = { $count ->
    [0] なし
   *[other] { $count }個
}
this-one = 現在使用中
never = 未使用
cancel = やめる
notice-password-changed = パスワードを変更しました。ほかの端末からはサインアウトしました。
notice-session-ended = サインアウトさせました。その端末で開いていたものもすべて閉じています。
notice-others-ended = ほかの{ $count }台をサインアウトさせました。
notice-browser-forgotten = ブラウザの登録を解除し、そのブラウザからサインアウトしました。
notice-authenticator-added = 認証アプリを登録しました。
notice-authenticator-removed = 認証アプリの登録を解除しました。
notice-recovery-codes-made = 新しいリカバリーコードを発行しました。以前のものは使えません。
notice-few-recovery-codes = リカバリーコードが残り{ $count }個です。
notice-no-recovery-codes = リカバリーコードがありません。スマートフォンをなくすと、サインインできなくなります。
notice-new-sign-in = これまでにない場所（{ $address }）からサインインがありました。
notice-link-recovery = 新しく発行する
notice-link-sessions = サインイン中の端末を確認する
sessions-what = 現在サインインしている端末とブラウザの一覧です。心当たりのないものがあれば、サインアウトさせて、パスワードを変更してください。
sessions-last-seen = 最後の使用
sessions-since = サインイン
sessions-end = サインアウトさせる
sessions-end-others = ほかの端末をすべてサインアウトさせる
browsers-what = アプリによっては、登録済みのブラウザからしか開けません。使わなくなったブラウザは登録を解除してください。
browsers-none = 登録されているブラウザはありません。必要なアプリを開くときに案内が表示されます。
browsers-since = 登録
browsers-until = 有効期限
browsers-way = 登録方法
browsers-forget = 登録を解除
browser-way-number = スマートフォンでの番号選択
browser-way-admin = 管理者の承認
browser-way-otp = ワンタイムパスワード
browser-way-link = 登録用リンク
change-password-title = パスワードの変更
change-password-what = 変更すると、ほかの端末からはサインアウトします。この端末はそのまま使えます。
change-password-submit = パスワードを変更
field-current-password = 現在のパスワード
authenticator-what = スマートフォンのアプリに、30秒ごとに新しいコードが表示されます。
authenticator-none = 認証アプリが登録されていません。ワンタイムパスワードが必要なアプリは、まだ開けません。
authenticator-app = 認証アプリ
authenticator-since = 登録
authenticator-replace = 新しいものに替える
authenticator-remove = 登録を解除
authenticator-remove-hint = 認証アプリの登録を解除すると、ワンタイムパスワードが必要なアプリは開けなくなります。リカバリーコードも使えなくなります。
authenticator-stays = 組織の決まりで認証アプリが必要なため、替えることはできますが、解除することはできません。
recovery-what = スマートフォンをなくしたときのためのコードです。1つで、ワンタイムパスワード1回分の代わりになります。
recovery-made = 発行：
recovery-new-hint = 新しく発行すると、以前のものは使えなくなります。表示されるのは1回だけです。
recovery-new = 新しく発行する
recovery-needs-authenticator = リカバリーコードは認証アプリの代わりに使うものです。先に認証アプリを登録してください。
fresh-title = ご本人の確認をお願いします
fresh-what = アカウントの安全に関わる変更です。変更するには、{ $count }分以内にサインインしている必要があります。
fresh-then = 確認が済むと、元の画面に戻ります。
fresh-go = 確認する
another-factor-title = パスワードだけでは変更できません
another-factor-what = アカウントの安全に関わる変更です。先に、ワンタイムパスワードまたはリカバリーコードでご本人であることを確認してください。
another-factor-go = コードを入力する
another-factor-do = 認証アプリもリカバリーコードもない場合は、管理者に1回限りのリンクの発行を依頼してください。そのリンクから設定し直せます。
demanded-title = 認証アプリは解除できません
demanded-what = ご利用中のアプリにワンタイムパスワードを必要とするものがあるため、認証アプリの登録を解除できません。
demanded-do = スマートフォンを買い替えた場合は、解除せずに新しいものに替えてください。
