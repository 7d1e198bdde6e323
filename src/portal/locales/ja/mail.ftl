## メール。読む人の言語で送ります。言語が分からないときは、英語と日本語の両方で書きます。

mail-account =
    { $name } 様

    { $sentence }

    ユーザー：{ $user }
    日時：{ $time }
    アドレス：{ $address }

    お心当たりのない場合は、すぐに管理者にお知らせください。
mail-link =
    { $name } 様

    { $sentence }

    { $url }

    このアドレスは { $until } まで、1回だけ使えます。ほかの人に渡さないでください。

    ユーザー：{ $user }
mail-new-place = 最近サインインのなかったネットワークから、あなたのアカウントへのサインインがありました（{ $browser }）。
    .subject = 新しい場所からのサインイン
mail-browser-registered = アカウントにブラウザが登録されました：「{ $browser }」。
    .subject = ブラウザが登録されました
mail-browser-forgotten = ブラウザ「{ $browser }」の登録が解除されました。そのブラウザのセッションは終了しました。
    .subject = ブラウザの登録が解除されました
mail-password-changed = パスワードが変更されました。ほかの端末からはサインアウトしました。
    .subject = パスワードが変更されました
mail-pattern-set = アカウントに新しいパターンが設定されました。
    .subject = パターンが設定されました
mail-transaction-password-set = 取引の際に求められるパスワードが設定されました。
    .subject = 取引パスワードが設定されました
mail-password-set-by-link = 1回限りのリンクからパスワードが設定されました。
    .subject = パスワードが設定されました
mail-authenticator-set-up = アカウントに認証アプリが登録されました。
    .subject = 認証アプリが登録されました
mail-authenticator-replaced = 認証アプリが新しいものに替わりました。
    .subject = 認証アプリが登録されました
mail-authenticator-set-up-by-link = 1回限りのリンクから、アカウントに認証アプリが登録されました。
    .subject = 認証アプリが登録されました
mail-authenticator-removed = アカウントの認証アプリの登録が解除されました。リカバリーコードも使えません。
    .subject = 認証アプリの登録が解除されました
mail-recovery-codes-renewed = 新しいリカバリーコードが発行されました。以前のものは使えません。
    .subject = リカバリーコードが新しくなりました
mail-approver-registered = サインインを承認するスマートフォンが登録されました：「{ $phone }」。
    .subject = スマートフォンが登録されました
mail-approver-removed = スマートフォン「{ $phone }」では、サインインを承認できなくなりました。
    .subject = スマートフォンが削除されました
mail-passkey-added = アカウントにパスキー「{ $passkey }」が追加されました。
    .subject = パスキーが追加されました
mail-passkey-added-by-link = 1回限りのリンクから、アカウントにパスキー「{ $passkey }」が追加されました。
    .subject = パスキーが追加されました
mail-passkey-removed = パスキー「{ $passkey }」が削除され、そのパスキーによるほかのサインインは終了しました。
    .subject = パスキーが削除されました
mail-identity-linked = 「{ $provider }」のアカウントがあなたのアカウントに関連付けられ、サインインに使えるようになりました。
    .subject = 会社のアカウントが関連付けられました
mail-identity-unlinked = 「{ $provider }」との関連付けが解除され、そのアカウントによるほかのサインインは終了しました。
    .subject = 会社のアカウントの関連付けが解除されました
mail-device-approved = 管理者がブラウザ「{ $browser }」の利用を承認しました。いつもどおりサインインしてください。
    .subject = ブラウザの利用が承認されました
mail-device-rejected = 管理者がブラウザ「{ $browser }」の利用申請を却下しました。このブラウザではサインインできません。必要な場合は管理者にご相談ください。
    .subject = 利用申請が却下されました
mail-device-revoked = 管理者がブラウザ「{ $browser }」の承認を取り消しました。そのブラウザのセッションは終了しました。引き続き必要な場合は、次のサインインの際に改めて申請してください。
    .subject = ブラウザの承認が取り消されました
mail-device-applied = ユーザー { $who } がブラウザの利用を申請しています。管理画面の「端末」で承認または却下してください。下のアドレスは申請元のものです。
    .subject = ブラウザの利用申請があります
mail-somebody-else-asked = サインインを拒否し、心当たりがないと回答されました。サインインは行われていません。今すぐパスワードを変更してください。
    .subject = 他人によるサインインの試みがありました
mail-user-denied-sign-in = ユーザー { $who } がスマートフォンでサインインを拒否し、心当たりがないと回答しました。サインインは行われていません。
    .subject = ユーザーから、心当たりのないサインインの報告がありました
mail-pattern =
    { $name } 様

    { $sentence }

    ★ パターンでサインインする場合の手順

    1 ブラウザで次のアドレスを開きます：{ $url }

    2 ユーザー名を入力し、ドメインを選べる場合は選択します。
      ユーザー：{ $user }
      ドメイン：{ $domain }

    3 画面の乱数表から、番号のあるマスの数字を番号順に読み取り、ワンタイムパスワードとして入力します。※は読み取らないマスです。

    { $drawing }

      数字の後に続けて入力する追加フレーズ：{ $phrase }

    4 ご自分だけのパターンを設定します。新しい乱数表が表示されるたびに、同じパターンを3回入力してください。

    初回用パターンは { $until } まで使えます。ほかの人に見せないでください。
mail-pattern-issued = 初回サインイン用のパターンをお知らせします。
    .subject = 初回用パターンのお知らせ
mail-certificate =
    { $name } 様

    { $sentence }

    名前：{ $certificate }
    有効期限：{ $ends }
    直近のエラー：{ $trouble }

    詳しくは、管理画面の「ゲートウェイの証明書」または「sekisho tls list」でご確認ください。
mail-certificate-ends-soon = ゲートウェイの証明書の有効期限が近づいていますが、新しい証明書がまだありません。期限が過ぎると、ブラウザはゲートウェイとその先のすべてのアプリに接続できなくなります。
    .subject = ゲートウェイの証明書の有効期限が近づいています
mail-certificate-ended = ゲートウェイの証明書の有効期限が過ぎましたが、新しい証明書がまだありません。ブラウザはゲートウェイとその先のアプリに接続できません。
    .subject = ゲートウェイの証明書の有効期限が過ぎました
mail-certificate-missing = ゲートウェイの証明書をまだ発行できていません。発行されるまで、これらの名前ではゲートウェイを利用できません。
    .subject = ゲートウェイの証明書がありません
mail-reminder =
    { $name } 様

    { $sentence }

    証明書：{ $certificate }
    利用終了日：{ $end }（あと { $left } 日）
    { $url }

    ユーザー：{ $user }
mail-certificate-ending = お使いの証明書の有効期限が近づいています。期限が過ぎると、証明書を求めるアプリを開けなくなります。管理者に新しい証明書をご依頼ください。
    .subject = 証明書の有効期限が近づいています
mail-certificate-followed = お使いの証明書の有効期限が近づいていますが、新しい証明書が用意されています。期限の日までにインストールしてください。それまでは両方の証明書をお使いいただけます。
    .subject = 証明書の有効期限が近づいています：新しい証明書をインストールしてください
mail-link-invitation = アカウントのパスワードと認証アプリを設定するには、次のアドレスを開いてください。
    .subject = アカウントのご案内
mail-link-reset-password = アカウントの新しいパスワードを設定するには、次のアドレスを開いてください。
    .subject = 新しいパスワード
mail-link-reset-totp = アカウントに新しい認証アプリを登録するには、次のアドレスを開いてください。
    .subject = 新しい認証アプリ
mail-link-reset-passkey = アカウントのパスキーを作るには、サインインに使う端末で次のアドレスを開いてください。
    .subject = パスキー
mail-link-browser = サインインに使うブラウザを登録するには、そのブラウザで次のアドレスを開いてください。
    .subject = ブラウザの登録
mail-link-approver = サインインの承認に使うスマートフォンを登録するには、そのスマートフォンで次のアドレスを開いてください。
    .subject = スマートフォンの登録
