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
continue-title = 移動しています
continue-what = { $app }へ移動します。画面が変わらない場合は「続ける」を押してください。
continue-go = 続ける
