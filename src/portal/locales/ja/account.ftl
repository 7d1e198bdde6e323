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
browser-way-number = スマートフォンでの番号確認
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
another-factor-what = アカウントの安全に関わる変更です。変更できるのは、2つ目の認証要素か、管理者が発行する1回限りのリンクだけです。ここで使える2つ目の認証要素がまだ登録されていません。
another-factor-do = 管理者に1回限りのリンクの発行を依頼してください。そのリンクから認証アプリまたはスマートフォンを登録すると、ほかの設定はご自身で変更できます。
demanded-title = 認証アプリは解除できません
demanded-what = ご利用中のアプリにワンタイムパスワードを必要とするものがあるため、認証アプリの登録を解除できません。
demanded-do = スマートフォンを買い替えた場合は、解除せずに新しいものに替えてください。
