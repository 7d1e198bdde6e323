## 共通の枠
frame-skip = 本文へ移動
frame-nav = メインメニュー
frame-apps = アプリ
frame-sign-out = サインアウト
frame-language = 表示言語
