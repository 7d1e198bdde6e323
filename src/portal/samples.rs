//! Every page of the portal in every state worth seeing.

use crate::clock::Timestamp;
use crate::portal::answer::load_again::LoadAgainPage;
use crate::portal::kit::language::Language;
use crate::portal::kit::page::{Frame, PortalPage};

#[cfg(test)]
mod tests;

/// One page in one state, rendered.
#[derive(Debug)]
pub struct Sample {
    /// The page: [`PortalPage::NAME`].
    pub page: &'static str,
    /// Which of its samples, from 0.
    pub number: usize,
    /// The language.
    pub language: Language,
    /// The document.
    pub html: String,
}

/// Every page in every state worth seeing, for tests, screenshots and developers who change them.
pub fn samples(language: Language) -> Vec<Sample> {
    use super::account::transaction_password::*;
    use super::account::{
        authenticator::*, browsers::*, certificates::*, directory_password::*, identities::*, overview::*, passkeys::*,
        password::*, phones::*, recovery_codes::*, sessions::*,
    };
    use super::admin::{
        action::pages::*, certificate_test::*, certificates::import::*, certificates::pages::*, certificates::sign::*,
        explain::*, list_page::*, login_protect::pages::*, many::*, networks::pages::*, overview::*, settings::*,
    };
    use super::admin::{forms::page::*, outbox::MessagePage};
    use super::admin::{
        patterns::PatternsPage, sources::SourcesPage, transactions::record::TransactionRecordPage, user::UserPage,
    };
    use super::help::*;
    use super::idp::page::*;
    use super::kit::{admission::*, continue_page::*, dead_link::*, error_page::*, not_done::*, slow_down::*};
    use super::matrix::{notice_page::*, page::*, set_page::*, token_page::*};
    use super::sign_in::{
        await_key_page::*, code_page::*, device_page::*, new_password_page::*, onward_page::*, over_page::*, password_page::*,
        ticket_page::*,
    };
    use super::{
        answer::*, approver::page::*, enrol::authenticator::*, enrol::passkey::*, enrol::recovery_codes::*,
        invitation::browser::*, invitation::pages::*, launcher::*,
    };
    use super::{passkey::page::*, push::page::*, sign_out::*, transaction::page::*};
    let mut samples = Vec::new();
    sample::<PasswordPage>(language, &mut samples);
    sample::<MustChangePage>(language, &mut samples);
    sample::<MatrixPage>(language, &mut samples);
    sample::<TokenPage>(language, &mut samples);
    sample::<SetPatternPage>(language, &mut samples);
    sample::<IdpPage>(language, &mut samples);
    sample::<IdpProblemPage>(language, &mut samples);
    sample::<PasskeyPage>(language, &mut samples);
    sample::<TicketPage>(language, &mut samples);
    sample::<PushPage>(language, &mut samples);
    sample::<WaitingPage>(language, &mut samples);
    sample::<PhonePage>(language, &mut samples);
    sample::<TransactionPage>(language, &mut samples);
    sample::<TransactionPasswordPage>(language, &mut samples);
    sample::<OtpPage>(language, &mut samples);
    sample::<BrowserPage>(language, &mut samples);
    sample::<DevicePage>(language, &mut samples);
    sample::<NoAuthenticatorPage>(language, &mut samples);
    sample::<SlowDownPage>(language, &mut samples);
    sample::<ExpiredPage>(language, &mut samples);
    sample::<NotKeptPage>(language, &mut samples);
    sample::<SignOutPage>(language, &mut samples);
    sample::<ContinuePage>(language, &mut samples);
    sample::<LoadAgainPage>(language, &mut samples);
    sample::<AwaitKeyPage>(language, &mut samples);
    sample::<OnwardPage>(language, &mut samples);
    sample::<SignedOutPage>(language, &mut samples);
    sample::<RefusedPage>(language, &mut samples);
    sample::<ErrorPage>(language, &mut samples);
    sample::<LauncherPage>(language, &mut samples);
    sample::<WelcomePage>(language, &mut samples);
    sample::<SetPasswordPage>(language, &mut samples);
    sample::<EnrolPage>(language, &mut samples);
    sample::<RecoveryCodesPage>(language, &mut samples);
    sample::<DonePage>(language, &mut samples);
    sample::<LinkBrowserPage>(language, &mut samples);
    sample::<DeadLinkPage>(language, &mut samples);
    sample::<PrintedLinkPage>(language, &mut samples);
    sample::<OverviewPage>(language, &mut samples);
    sample::<SessionsPage>(language, &mut samples);
    sample::<BrowsersPage>(language, &mut samples);
    sample::<UserCertificatesPage>(language, &mut samples);
    sample::<CertificateHelpPage>(language, &mut samples);
    sample::<ApproversPage>(language, &mut samples);
    sample::<ApproverAddPage>(language, &mut samples);
    sample::<ApproverPage>(language, &mut samples);
    sample::<PasswordChangePage>(language, &mut samples);
    sample::<DirectoryPasswordPage>(language, &mut samples);
    sample::<PasskeysPage>(language, &mut samples);
    sample::<IdentitiesPage>(language, &mut samples);
    sample::<EnrolPasskeyPage>(language, &mut samples);
    sample::<AuthenticatorPage>(language, &mut samples);
    sample::<RecoveryPage>(language, &mut samples);
    sample::<FreshPage>(language, &mut samples);
    sample::<NotLikeThisPage>(language, &mut samples);
    sample::<AdminOverviewPage>(language, &mut samples);
    sample::<ListPage>(language, &mut samples);
    sample::<UserPage>(language, &mut samples);
    sample::<CertificateTestPage>(language, &mut samples);
    sample::<IssuePage>(language, &mut samples);
    sample::<ImportPage>(language, &mut samples);
    sample::<SignPage>(language, &mut samples);
    sample::<NetworkListPage>(language, &mut samples);
    sample::<ExplainPage>(language, &mut samples);
    sample::<ManyPage>(language, &mut samples);
    sample::<ManyOutcomePage>(language, &mut samples);
    sample::<CertificatePage>(language, &mut samples);
    sample::<FormPage>(language, &mut samples);
    sample::<MadePage>(language, &mut samples);
    sample::<MessagePage>(language, &mut samples);
    sample::<SourcesPage>(language, &mut samples);
    sample::<PatternNoticesPage>(language, &mut samples);
    sample::<PatternsPage>(language, &mut samples);
    sample::<TransactionRecordPage>(language, &mut samples);
    sample::<ConfirmPage>(language, &mut samples);
    sample::<OutcomePage>(language, &mut samples);
    sample::<LoginProtectPage>(language, &mut samples);
    sample::<ConfirmSwitchPage>(language, &mut samples);
    sample::<MigrationPage>(language, &mut samples);
    sample::<SettingsPage>(language, &mut samples);
    samples
}

fn sample<P: PortalPage>(language: Language, samples: &mut Vec<Sample>) {
    let mut frame = Frame::bare(language);
    frame.organisation = Some("Example Trading".into());
    frame.here = Some("/here?and=there".to_owned());
    frame.form_token = Some("token".to_owned());
    frame.now = Timestamp::from_seconds(1_795_509_000);
    frame.announcement =
        Some("Maintenance on Saturday from 22:00 to 23:00. 土曜日の22時から23時まで保守作業を行います。".to_owned());
    for (number, page) in P::samples(&frame).into_iter().enumerate() {
        samples.push(Sample { page: P::NAME, number, language, html: page.html() });
    }
}
