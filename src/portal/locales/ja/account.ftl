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
account-identity = { $provider }でのサインイン
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
bound-one = 複製不可
never = なし
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
directory-password-title = { $domain }のパスワードを変更
directory-password-what = ディレクトリのパスワードそのものが変わります。同じパスワードを使うほかの場所でも、新しいパスワードになります。このサイトのほかのサインインは終了し、いまのサインインは続きます。
directory-password-link = { $domain }のパスワードを変更する
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

## パスキー
account-passkeys = パスキー
passkeys-what = パスキーを使うと、端末の指紋、顔、PIN でサインインできます。推測されることはなく、このサイトでだけ使えます。
passkeys-none = パスキーはまだありません。
passkeys-other-domain = 現在は使えません
passkeys-since = 追加日時
passkeys-copies = コピー
passkey-copies-none = 1つの端末にだけ保存
passkey-copies-may = ほかの端末にコピーされることがあります
passkey-copies-are = ほかの端末にもコピーされています
passkeys-model = 機種
passkeys-rename = 名前を変更
passkeys-rename-submit = 名前を保存
passkey-field-name = パスキーの名前
passkey-hint-name = 一覧で見分けるための名前です。
passkeys-remove = 削除
passkeys-remove-hint = なくした端末のパスキーは削除してください。そのパスキーによるほかのサインインは、すぐに終了します。最後の1つを削除する場合は、ほかにサインインの方法があることを確かめてください。
passkeys-add = パスキーを追加
passkeys-not-accepted = 現在、パスキーを受け付けるアプリがないため、追加できません。
passkey-create = パスキーを作る
passkey-not-made = パスキーは作られませんでした。取り消されたか、時間がかかりすぎました。
enrol-passkey-title = パスキーを作る
enrol-passkey-why = { $user } さんのパスキーを、この端末か、ブラウザが選択肢に出すスマートフォンまたはセキュリティキーに作ります。
passkey-too-many = パスキーの数が上限に達しています。先に1つ削除してください。
passkey-unavailable = このアドレスではパスキーを作れません。管理者にお知らせください。
passkey-model-refused = 組織が認めている機種のセキュリティキーではありません。
passkey-synced-refused = このパスキーはほかの端末にコピーされるため、組織では認められていません。セキュリティキーか、この端末だけに保存されるパスキーをお使いください。
notice-passkey-added = パスキーを追加しました。これからはこのパスキーでサインインできます。
notice-passkey-renamed = パスキーの名前を変更しました。
notice-passkey-removed = パスキーを削除しました。このパスキーはもう使えません。

## 会社のアカウント
account-identities = 会社のアカウント
account-identities-count = { $count ->
    [0] 関連付けなし
   *[other] { $count }件
}
identities-what = このサイトへのサインインに使える、認証サービスのアカウントです。
identities-none = 関連付けられた会社のアカウントはありません。
identities-person = アカウント
identities-since = 関連付けた日時
identities-remove = 解除
identities-remove-hint = 解除すると、そのアカウントではサインインできなくなり、そのアカウントによるほかのサインインはただちに終了します。
identities-add = { $provider }のアカウントを関連付ける
identities-add-hint = 別の人のアカウントを誤って関連付けないよう、もう一度サインインしていただきます。
identities-not-assigned = このアカウントでは会社のアカウントでのサインインを利用できないため、関連付けできません。利用するには管理者にご相談ください。
last-way-title = 最後のサインイン方法です
last-way-what = この関連付けを解除するとサインインできなくなるため、解除できません。
last-way-do = 先に別の方法（パスキー、スマートフォン、別の会社のアカウント）を設定するか、管理者にご相談ください。
notice-identity-linked = アカウントを関連付けました。これからはこのアカウントでサインインできます。
notice-identity-linked-already = このアカウントはすでに関連付けられています。
notice-identity-unlinked = 関連付けを解除しました。このアカウントではサインインできなくなりました。
account-pattern = パターン
notice-pattern-changed = パターンを変更しました。ほかの端末からはサインアウトしました。
