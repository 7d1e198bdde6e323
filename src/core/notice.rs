//! Telling people what happened to their account, in English and in Japanese, since nobody is there to ask for a language.
//! The change itself is done already, so that a failure here is only a warning.

use super::Core;
use crate::account::user::User;
use crate::facts::client_address::ClientAddress;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Notice<'a> {
    /// Somebody signed in from a network that is new for the user, with this browser.
    NewPlace(&'a str),
    /// A browser was registered, called this.
    BrowserRegistered(&'a str),
    /// A browser was forgotten, called this.
    BrowserForgotten(&'a str),
    /// The password was changed by its owner.
    PasswordChanged,
    /// The transaction password was set by its owner.
    TransactionPasswordSet,
    /// A password was set by a one-time link.
    PasswordSetByLink,
    /// An authenticator app was set up.
    AuthenticatorSetUp,
    /// An authenticator app took the place of another.
    AuthenticatorReplaced,
    /// An authenticator app was set up by a one-time link.
    AuthenticatorSetUpByLink,
    /// The authenticator app and the recovery codes were removed.
    AuthenticatorRemoved,
    /// A new set of recovery codes was made.
    RecoveryCodesRenewed,
    /// A phone was registered to approve, called this.
    ApproverRegistered(&'a str),
    /// A phone was removed, called this.
    ApproverRemoved(&'a str),
    /// The user said on the phone that somebody else asked for an approval.
    SomebodyElseAsked,
    /// To administrators: this user said so.
    UserDeniedSignIn(&'a str),
}

impl Notice<'_> {
    /// Subject and sentence, in English and in Japanese.
    fn words(self) -> [(&'static str, String); 2] {
        let plain = |en: (&'static str, &str), ja: (&'static str, &str)| [(en.0, en.1.to_owned()), (ja.0, ja.1.to_owned())];
        match self {
            Self::NewPlace(agent) => [
                (
                    "A sign-in from a new place",
                    format!("Somebody signed in as you from a network that you had not signed in from lately ({agent})."),
                ),
                (
                    "新しい場所からのサインイン",
                    format!("最近サインインのなかったネットワークから、あなたとしてサインインがありました（{agent}）。"),
                ),
            ],
            Self::BrowserRegistered(name) => [
                ("A browser was registered", format!("A browser was registered for your account: \"{name}\".")),
                ("ブラウザーが登録されました", format!("アカウントにブラウザーが登録されました：「{name}」。")),
            ],
            Self::BrowserForgotten(name) => [
                (
                    "A registered browser was forgotten",
                    format!("The browser \"{name}\" was forgotten; what was signed in with it has ended."),
                ),
                (
                    "ブラウザーの登録が解除されました",
                    format!("ブラウザー「{name}」の登録を解除しました。そのブラウザーのサインインは終了しました。"),
                ),
            ],
            Self::PasswordChanged => plain(
                ("Your password was changed", "Your password was changed; your other sessions have ended."),
                ("パスワードが変更されました", "パスワードが変更されました。ほかのサインインは終了しました。"),
            ),
            Self::TransactionPasswordSet => plain(
                ("Your transaction password was set", "The password that your transactions ask for was set."),
                ("取引パスワードが設定されました", "取引の際に求められるパスワードが設定されました。"),
            ),
            Self::PasswordSetByLink => plain(
                ("Your password was set", "Your password was set by a one-time link."),
                ("パスワードが設定されました", "一回限りのリンクからパスワードが設定されました。"),
            ),
            Self::AuthenticatorSetUp => plain(
                ("A new authenticator was set up", "An authenticator app was set up for your account."),
                ("認証アプリが設定されました", "アカウントに認証アプリが設定されました。"),
            ),
            Self::AuthenticatorReplaced => plain(
                ("A new authenticator was set up", "A new authenticator app took the place of the one before."),
                ("認証アプリが設定されました", "新しい認証アプリが、これまでのものに代わって設定されました。"),
            ),
            Self::AuthenticatorSetUpByLink => plain(
                ("A new authenticator was set up", "An authenticator app was set up for your account by a one-time link."),
                ("認証アプリが設定されました", "一回限りのリンクから、アカウントに認証アプリが設定されました。"),
            ),
            Self::AuthenticatorRemoved => plain(
                (
                    "Your authenticator was removed",
                    "Your authenticator app and its recovery codes were removed from your account.",
                ),
                ("認証アプリが削除されました", "アカウントから認証アプリとリカバリーコードが削除されました。"),
            ),
            Self::ApproverRegistered(name) => [
                ("A phone was registered", format!("A phone was registered to approve your sign-ins: \"{name}\".")),
                ("スマートフォンが登録されました", format!("サインインを承認するスマートフォンが登録されました：「{name}」。")),
            ],
            Self::ApproverRemoved(name) => [
                ("A phone was removed", format!("The phone \"{name}\" no longer approves your sign-ins.")),
                (
                    "スマートフォンの登録が解除されました",
                    format!("スマートフォン「{name}」ではサインインを承認できなくなりました。"),
                ),
            ],
            Self::SomebodyElseAsked => plain(
                (
                    "Somebody tried to sign in as you",
                    "You denied a sign-in and said that it was not you. Nothing was opened. Change your password now.",
                ),
                (
                    "他人によるサインインの試みがありました",
                    "サインインを拒否し、本人ではないと回答されました。サインインは行われていません。今すぐパスワードを変更してください。",
                ),
            ),
            Self::UserDeniedSignIn(user) => [
                (
                    "A user denied a sign-in as somebody else's",
                    format!("{user} denied a sign-in on the phone and said that it was somebody else. Nothing was opened."),
                ),
                (
                    "利用者がサインインを他人のものとして拒否しました",
                    format!(
                        "{user} がスマートフォンでサインインを拒否し、本人ではないと回答しました。サインインは行われていません。"
                    ),
                ),
            ],
            Self::RecoveryCodesRenewed => plain(
                ("New recovery codes were made", "A new set of recovery codes was made; the old ones open nothing any more."),
                ("リカバリーコードが新しくなりました", "新しいリカバリーコードが作られました。古いコードはもう使えません。"),
            ),
        }
    }
}

impl Core {
    /// Puts a notice into the outbox, where a mail address is known.
    pub async fn notify_user(&self, user: &User, address: ClientAddress, request_id: &str, notice: Notice<'_>) {
        let profile = user.profile();
        let Some(email) = profile.email.as_deref() else { return };
        let (id, now) = (user.id(), self.clock().now().written_in(&self.zone()));
        let name = profile.display_name.as_deref().unwrap_or(id.as_str());
        let [(subject, what), (subject_ja, what_ja)] = notice.words();
        let body = format!(
            "Hello {name},\n\n{what}\n\nUser: {id}\nTime: {now}\nAddress: {address}\n\nIf this was not you, tell your \
             administrators at once.\n\n----\n\n{name} 様\n\n{what_ja}\n\nユーザー：{id}\n日時：{now}\nアドレス：{address}\n\n\
             お心当たりのない場合は、すぐに管理者にお知らせください。\n",
        );
        if let Err(error) = self.outbox().post(Some(id), Some(email), &format!("{subject} / {subject_ja}"), &body).await {
            tracing::warn!(%error, request_id, "notice_not_kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_is_said_in_both_languages() {
        use Notice::*;
        for notice in [
            NewPlace("Firefox"),
            BrowserRegistered("Firefox"),
            BrowserForgotten("Firefox"),
            PasswordChanged,
            PasswordSetByLink,
            AuthenticatorSetUp,
            AuthenticatorReplaced,
            AuthenticatorSetUpByLink,
            AuthenticatorRemoved,
            RecoveryCodesRenewed,
            ApproverRegistered("Phone"),
            ApproverRemoved("Phone"),
            SomebodyElseAsked,
            UserDeniedSignIn("alice"),
        ] {
            let [(subject, what), (subject_ja, what_ja)] = notice.words();
            assert!(subject.is_ascii() && what.is_ascii() && !subject_ja.is_ascii() && !what_ja.is_ascii(), "{notice:?}");
            assert!(what.ends_with('.') && what_ja.ends_with('。'), "{notice:?}");
        }
    }
}
