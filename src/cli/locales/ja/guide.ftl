## sekisho demo の案内
guide-again = 前回の状態のまま
guide-made = 新しく準備しました
guide-go = アクセス先
guide-go-open = 掲示板：このマシンのネットワークから利用可能（チェック1）
guide-go-app = Wiki：パスワードとワンタイムパスワード（チェック4・6）
guide-go-cert = 出納帳：クライアント証明書とパスワード（チェック2・4）
guide-go-phone = カレンダー：スマートフォンで承認、パスワード不要（チェック4）
guide-go-diary = 日記：スマートフォンで解除するまでログインフォームは保護
guide-go-bank = 銀行：パスワード、さらに振込1件ごとに承認
guide-go-portal = ポータル：アプリ、セッション、アカウント
guide-go-admin = 管理画面：adminで利用
guide-kept = { $file } は変更されているため、そのまま使います。
guide-be = ユーザー
guide-user = 名前
guide-password = パスワード
guide-key = 認証アプリのキー
guide-code = 現在のコード
guide-recovery-code = コードの代わりに1回だけ：{ $user } のリカバリーコード { $code }
guide-transaction-password = { $user } の取引パスワード：{ $password }
guide-try = お試し
guide-try-wiki = Wikiを開き、aliceとしてサインインします。ページには、届いた内容と、ゲートウェイが伝えたユーザー名が表示されます。
guide-try-form = フォームを送信し、ポータルでセッションを終了してから、もう一度送信します。入力した内容は失われません。
guide-try-certificate = { $file }（パスフレーズ：{ $passphrase }）をブラウザにインポートし、出納帳を開きます。
guide-try-phone =
    下のaliceのリンクを別のウィンドウで開き、スマートフォンのように幅を狭くします。これがaliceのスマートフォンになります。
    次にカレンダーを開き、表示された番号をスマートフォンで選びます。2回目からは承認するだけです。
guide-try-diary = 日記を開きます。スマートフォンでログインフォームを解除するまで、正しいパスワードも誤りと同じように拒否されます。
guide-try-bank =
    aliceとして銀行を開き、振込をします。スマートフォンに受取人と金額が表示されるので、ボタンを長押しして承認します。
    結果は承認とともに一覧に残ります。次は拒否する、両替を時間切れ（15秒）にする、スクリプトから送信する、なども試せます。
    限度額の変更には取引パスワードが必要です。口座の解約には、bobがスマートフォンで承認する必要があります。
guide-without-window = ウィンドウを使わない場合：{ $command }、続いて list、approve、release
guide-try-machine =
    { $option } を付けて …/machines/postings に送信します。
    リクエストは保留され、応答は202です。{ $wait } を付けて結果をGETし、スマートフォンで承認します。
guide-try-admin = adminとしてbobに証明書を発行します（{ $issue }）。bobは { $own } で受け取ります。
guide-resolve = （curlで *.localhost が見つからない場合：{ $option }）
guide-authority = ブラウザはこの認証局を知りません。{ $file } をインポートするか、警告を承諾してください。
guide-codes = コードは30秒ごとに変わり、1回だけ使えます。{ $command } でもう一度表示できます。
guide-codes-key = コードは30秒ごとに変わり、1回だけ使えます。Enterキーで現在のコードを表示します。
guide-end = Ctrl-Cで終了します。
