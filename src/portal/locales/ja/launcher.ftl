## アプリ一覧
launcher-title = アプリ一覧
launcher-empty = ご利用いただけるアプリはまだありません。管理者が利用を許可すると、ここに表示されます。
launcher-change-password = パスワード変更
launcher-change-pattern = パターン変更
