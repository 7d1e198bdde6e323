## 6つの確認
barrier-label = 確認の流れ
barrier-here = ステップ { $number } / { $count }
check-ip-restriction = 接続元
    .asks = 決められたネットワークからのみ開けます
check-client-certificate = 証明書
    .asks = クライアント証明書が必要です
check-desktop-sso = 社内PC認証
    .asks = 社内PCでの認証が必要です
check-primary-factor = 本人確認
    .asks = 再度サインインが必要です
check-cookie = ブラウザ登録
    .asks = ブラウザの登録が必要です
check-otp = ワンタイム パスワード
    .asks = ワンタイムパスワードが必要です
mark-done = ：確認済み
mark-now = ：現在の確認
mark-to-come = ：このあと確認
mark-stopped = ：通過できません

## 各ステップ共通
step-to = 行き先
step-as = サインイン中のユーザー：
step-holds-post = 送信された内容はお預かりしています。確認が済み次第、そのまま送り届けます。
step-opened-by-phone = このログインフォームは、先にスマートフォンで解除してから、パスワードを入力してください。解除するまでは、正しいパスワードでも「違います」と表示されます。
    .some = 一部のユーザーは、先にスマートフォンでこのログインフォームを解除する必要があります。該当する方が解除せずに入力すると、正しいパスワードでも「違います」と表示されます。
problem-label = エラー：
problem-wrong-credentials = ユーザー名またはパスワードが違います。両方を確かめて、もう一度入力してください。
problem-certificate-of = この証明書は { $user } さんのものです。{ $user } としてサインインするか、ブラウザのウィンドウをすべて閉じてから、別の証明書を選んでください。
problem-ticket-of = このパソコンには { $user } さんがサインインしています。{ $user } としてサインインするか、ご自分のパソコンをお使いください。
problem-ticket-used = パソコンから届いた認証情報は、すでに使われています（通信が途切れた場合などに起こります）。もう一度お試しください。
problem-ticket-clock = パソコンの時刻とゲートウェイの時刻が5分以上ずれています。パソコンの時刻を正しく合わせてから、もう一度お試しください。
problem-ticket-old = パソコンのネットワークへのサインインは有効期限が切れています。パソコンをロックして解除してから（Linuxではkinitを実行してから）、もう一度お試しください。
problem-ticket-connection = パソコンから届いた認証情報は、この接続のものではありません。ブラウザとこのサイトの間で通信が中継されているか、お使いのブラウザが接続との結び付けに対応していません。
problem-ticket-account = パソコンのアカウント（{ $account }）に対応するユーザーが登録されていません。
problem-ticket-no-account = パソコンのアカウントに対応するユーザーが登録されていません。
problem-ticket-another = このパソコンには { $account } がサインインしています。ここでサインインしようとしているユーザーとは別のユーザーです。
problem-ticket-gateway = ただいま、社内PCでの認証を利用できません。パソコンに問題はありません。管理者にお知らせください。
problem-wrong-code = コードが違うか、有効な時間を過ぎています。次のコードが表示されるのを待って入力してください。
problem-wrong-recovery-code = 未使用のリカバリーコードと一致しません。リカバリーコードは1つにつき1回だけ使えます。
problem-incomplete = 入力が足りません。すべての項目を最後まで入力してください。
problem-busy = ただいまサインインが混み合っています。入力内容に問題はありません。数秒待ってから、もう一度お試しください。
problem-directory-unavailable = ただいま、パスワードを確認できない場合があります。数分待ってから、もう一度お試しください。
problem-directory-down = ただいま{ $domain }のパスワードを確認できません。数分待ってからもう一度試すか、別の方法でサインインしてください。
problem-must-change-there = パスワードは正しいのですが、サインインする前に変更する必要があります。組織のパソコンで変更するか、管理者にお問い合わせください。
problem-both-needed = 現在、2つのパスワードが必要です。両方を入力してください。
problem-cookies-blocked = お使いのブラウザがこのサイトのCookieを保存しないため、入力内容が失われました。Cookieを許可してから、もう一度サインインしてください。
problem-unknown-mail = このメールアドレスに対応する認証サービスはありません。アドレスを確かめるか、別の方法でサインインしてください。
problem-question-over = スマートフォンへの確認は終了しました。ゲートウェイが再起動した可能性があります。この手順をもう一度行ってください。
problem-slow-down = 失敗が続いたため、しばらく受け付けられません。{ $wait }ほど待ってから、もう一度お試しください。
why-primary-factor-missing = { $app }を開くには、ご本人の確認が必要です。
why-primary-factor-method = { $app }を開くには、別の方法でのサインインが必要です。
why-primary-factor-unprotected = { $app }のログインフォームは保護されています。スマートフォンで解除してから、パスワードを入力してください。
why-primary-factor-too-old = 前回のサインインから時間がたっているため、{ $app }がもう一度ご本人の確認を求めています。
why-browser-not-registered = { $app }は登録済みのブラウザからのみ開けます。このブラウザはまだ登録されていません。
why-browser-registered-otherwise = { $app }を開くには、このブラウザを別の方法で登録し直す必要があります。
why-browser-not-bound = { $app }を開けるのは、専用の鍵を保管するブラウザだけです。このブラウザの鍵を確認できませんでした。Windows版のChrome 146以降は鍵を保管します。そちらで開くか、このブラウザを登録し直してください。
why-otp-missing = { $app }を開くには、ワンタイムパスワードが必要です。
why-otp-method = { $app }を開くには、別の種類のワンタイムパスワードが必要です。
why-otp-too-old = 前回の入力から時間がたっているため、{ $app }が新しいワンタイムパスワードを求めています。
why-desktop-sso-missing = { $app }を開くには、社内PCでの認証が必要です。

## ユーザー名とパスワード
password-title = サインイン
field-user = ユーザー名
field-domain = ドメイン
domain-local = このサイト
field-password = パスワード
field-directory-password = Windowsのパスワード
password-both = 現在、このサイトのパスワードと、Windowsで使うパスワードの両方が必要です。どちらか一方でも違うとサインインできません。
password-submit = 次へ
password-someone-else = 別のユーザーでサインイン

## 変更が必要なディレクトリのパスワード
must-change-title = 新しいパスワードを設定してください
must-change-what = サインインする前に、{ $domain }のパスワードを変更する必要があります。同じパスワードを使うほかの場所でも、新しいパスワードになります。
must-change-done = パスワードを変更しました
must-change-done-what = 今後は、このサイトでもほかの場所でも、新しいパスワードを使ってください。
must-change-sign-in = 新しいパスワードでサインイン
directory-password-hint = 長さや使える文字は、ディレクトリの規則で決まっています。
password-problem-not-taken = 新しいパスワードがディレクトリの規則に合っていません。もっと長いもの、または以前に使っていないものにしてください。

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
no-authenticator-what = パスワードは確認できました。このページではワンタイムパスワードも必要ですが、{ $user } さんには認証アプリがまだ設定されていません。
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
slow-down-returns-why = お使いのネットワークで、会社のアカウントによるサインインが完了しないことが続きました。お客様の操作によるものではなく、サインイン先の不具合の可能性があります。ほかの方法ではサインインできます。
slow-down-returns-do = 特に操作は必要ありません。時間をおいてもう一度お試しください。続く場合は管理者にお知らせください。
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

## 外部の認証サービス
idp-choice = 会社のアカウントでサインイン
idp-use = { $provider }でサインイン
idp-down = 現在{ $provider }が応答していません。サインインできない可能性がありますが、お客様のアカウントに問題はありません。
idp-mail = 会社のメールアドレス
idp-mail-submit = 次へ
idp-again = もう一度試す
idp-other = 別の方法でサインイン
idp-called = 認証サービスでのお名前：
idp-unavailable = { $provider }が応答しません
    .what = 現在{ $provider }に接続できないため、サインインできません。
    .do = お客様のアカウントに問題はありません。数分待ってからもう一度試すか、別の方法でサインインしてください。
idp-denied = { $provider }でサインインできませんでした
    .what = { $provider }がサインインを完了せずに戻しました。途中で取り消されたか、そのアカウントではこのサイトを利用できません。
    .do = もう一度お試しください。繰り返す場合は、このサイトを利用できるアカウントかどうかを{ $provider }の担当者に確認してください。
idp-set-up = { $provider }との接続設定に問題があります
    .what = このサイトと{ $provider }の設定が合っていません。お客様の操作に問題はありません。
    .do = 下のコードとリクエストIDを管理者に伝えてください。
idp-not-believed = { $provider }の応答を受け付けられませんでした
    .what = { $provider }の応答を検証できなかったため、安全のためサインインを中止しました。
    .do = 一度だけやり直してください。繰り返す場合は、下のコードとリクエストIDを管理者に伝えてください。
idp-not-enough = { $provider }での確認が足りません
    .what = { $provider }でサインインしましたが、このサイトが求める強度の認証（2要素認証など）ではありません。
    .do = { $provider }で2要素認証を設定するか、より強い認証方法を選んでから、もう一度お試しください。
idp-not-fresh = { $provider }で再認証が行われませんでした
    .what = この手順には新しいサインインが必要ですが、{ $provider }からその確認が得られません。
    .do = { $provider }からサインアウトして、もう一度お試しください。それでも続く場合は、別の方法でサインインするか、管理者に連絡してください。
idp-no-account = このサイトにアカウントがありません
    .what = { $provider }でのサインインは成功しましたが、このサイトには対応するアカウントがありません。
    .do = 管理者にアカウントの作成を依頼してください。別のアカウントでサインインしていた場合は、{ $provider }からサインアウトして、もう一度お試しください。
idp-no-name = アカウントを作成できません
    .what = { $provider }でのサインインは成功しましたが、その名前のアカウントは作成できません。すでに使われているか、使用できない名前です。
    .do = アカウントの関連付けを管理者に依頼してください。
idp-not-assigned = このアカウントは別の方法でサインインします
    .what = { $provider }でのサインインは成功しましたが、このサイトのアカウントには、この方法が割り当てられていません。
    .do = 別の方法でサインインするか、この方法の割り当てを管理者に依頼してください。
idp-other-person = 別のアカウントです
    .what = 確認に使われた{ $provider }のアカウントは、現在サインインしているユーザーのものではありません。
    .do = { $provider }で正しいアカウントを選ぶか、先にこのサイトからサインアウトしてください。
idp-taken = ほかのユーザーに関連付けられています
    .what = サインインに使った{ $provider }のアカウントは、このサイトの別のユーザーに関連付けられています。何も変更されていません。
    .do = ご自身の{ $provider }アカウントでサインインし直すか、管理者に関連付けの解除を依頼してください。
idp-refused = このアカウントは現在利用できません
    .what = { $provider }でのサインインは成功しましたが、現在この環境からはこのアカウントを利用できません。
    .do = 下のコードとリクエストIDを管理者に伝えてください。
idp-another-browser = 別の場所で始めたサインインです
    .what = サインインを始めたときとは別のブラウザまたはウィンドウで{ $provider }から戻ってきたか、このサイトのCookieが保存されていません。
    .do = このサイトのCookieを許可し、このブラウザで最初からやり直してください。
idp-over = このサインインは終了しています
    .what = { $provider }での操作に時間がかかりすぎたか、このサイトで始めたサインインではありません。
    .do = 最初からやり直してください。
idp-unsolicited = { $provider }で始まったサインインです
    .what = { $provider }でサインインしてここに送られてきましたが、このサイトから求めたものではありません。安全のため、このサイトが求めていないサインインは受け付けません。
    .do = ここからサインインを始めてください。多くの場合、{ $provider }であらためて入力を求められることはありません。

## パスキー
passkey-label = パスキー
passkey-title = パスキーを使う
passkey-how = お使いの端末またはセキュリティキーの指紋、顔、PIN で確認してください。
passkey-how-sign-in = パスキーでご本人を確認します。ユーザー名もパスワードも入力する必要はありません。
passkey-how-browser = パスキーで確認してください。以後、このブラウザはあなたのものとして登録されます。
passkey-use = パスキーでサインイン
passkey-register-browser = パスキーで登録して続ける
passkey-use-instead = 代わりにパスキーを使う
passkey-needs-script = パスキーには JavaScript が必要ですが、このブラウザでは無効になっています。このサイトで有効にするか、別の方法をお使いください。
passkey-no-script = ここにボタンが表示されない場合は、このページのスクリプトが読み込まれていません。ページを再読み込みするか、別の方法でサインインしてください。
passkey-not-given = パスキーは使われませんでした。取り消されたか、時間がかかりすぎたか、この端末にこのサイトのパスキーがありません。
passkey-insecure = ブラウザがここでのパスキーの使用を拒否しました。原因は2つ考えられます。このサイトの証明書がブラウザに信頼されていないか、パスキーを作ったときとは別の名前でサイトを開いています。管理者にお知らせください。
passkey-registered-already = この端末はすでに登録されています。
passkey-not-supported = この端末では、ここで必要な種類のパスキーを使えません。
passkey-browser-too-old = このブラウザではパスキーを使えません。新しいブラウザか、別の方法をお使いください。
passkey-begin-again = このページを開いてから時間がたちすぎています。再読み込みしてから、もう一度お試しください。
passkey-slow-down = お使いのネットワークから、パスキーが集中して使われています。1分ほどしてからもう一度お試しください。
passkey-failed = パスキーを使えませんでした。もう一度お試しください。
problem-passkey-refused = このパスキーは受け付けられませんでした。アカウントから削除されたか、アカウントがここでパスキーによるサインインを許可されていない可能性があります。
problem-passkey-not-verified = 端末でご本人の確認が行われませんでした。端末に PIN、指紋、顔のいずれかを設定してから、もう一度お試しください。
problem-passkey-over = 時間がかかりすぎたか、ページが二度使われました。もう一度お試しください。
no-passkey-title = 先にパスキーが必要です
no-passkey-what = このページではパスキーも必要ですが、{ $user } さんのパスキーはまだありません。
no-passkey-ask = 管理者に1回限りのリンクを依頼してください。そのリンクから端末にパスキーを作ると、ここでサインインできるようになります。
## 社内PC認証
ticket-title = 社内PCでの認証
ticket-none = 組織のネットワークにサインインしているパソコンであれば自動的に認証されますが、このパソコンでは確認できませんでした。
ticket-do-unlock = パソコンをロックして解除するか、業務用アカウントでサインインし直してください（Linuxではkinitを実行してください）。
ticket-do-browser = このサイト用に組織が設定したブラウザをお使いください。
ticket-elsewhere = 組織のネットワークからのみ認証できます。ネットワークに接続してから、ページを開き直してください。
ticket-again = もう一度試す

## 管理者によるブラウザの承認
device-title = このブラウザの利用を申請
device-what = このアカウントでは、管理者が承認したブラウザだけが使えます。このブラウザの利用を申請してください。承認されると先に進めます。
device-hint-name = ご自身と管理者が見分けるための名前です。
device-field-note = 管理者へのメモ
device-hint-note = 使う場所や目的など。空欄でもかまいません。
device-submit = 申請
device-called = 申請したブラウザ：
device-said = 管理者から：
device-pending-title = 承認を待っています
device-pending-what = 管理者がこのブラウザの利用を承認または却下します。決まりしだい、このページは自動的に切り替わります。
device-pending-do = このページは閉じてもかまいません。後で同じブラウザからもう一度サインインしてください。お急ぎの場合は管理者にご連絡ください。
device-rejected-title = このブラウザは却下されました
device-rejected-what = 管理者が利用申請を却下したため、このブラウザは使えません。承認済みのブラウザを使うか、管理者に相談してからもう一度申請してください。
device-revoked-title = このブラウザの承認は取り消されています
device-revoked-what = 以前は承認されていましたが、取り消されたか、期限が切れました。引き続き必要な場合は、もう一度申請してください。
device-use-other = 別の方法でこのブラウザを登録する
device-apply-instead = 代わりに管理者の承認を申請する
problem-devices-wait = すでに複数の申請が承認待ちです。管理者の決定をお待ちください。
problem-device-later = このブラウザは先ほど却下されました。{ $wait }後にもう一度申請できます。
