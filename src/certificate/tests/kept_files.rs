//! Files of lists that break: what was good of each stays in force, at a reload and over a restart, and where nothing was, only the
//! clients of that authority are refused.

use super::*;
use crate::certificate::list_report::{ListReport, ListState};
use crate::core::testing::config;
use crate::principal::certificate::Fault;

fn fault(test: &TestCore, certificate: &PresentedCertificate) -> Option<Fault> {
    let core = &test.core;
    core.certificates().standing(certificate, core.clock().now()).fault
}

fn reports(test: &TestCore) -> Vec<ListReport> {
    test.core.certificates().list_reports()
}

fn numbered(authority: &Authority, serial: u8) -> PresentedCertificate {
    shown(&[&authority.issue("alice", |params| {
        params.serial_number = Some(SerialNumber::from(vec![serial]));
        params.not_after = at(NOW + 99 * DAY);
    })])
}

const REVOKED: Option<Fault> = Some(Fault::Revoked);
const UNKNOWN: Option<Fault> = Some(Fault::RevocationUnknown);

#[tokio::test]
async fn a_file_that_breaks_leaves_its_last_good_list_in_force_over_a_restart_t15() {
    let (files, corp) = (Files::new(), Authority::new("corp"));
    let (impostor, stranger) = (Authority::new("corp"), Authority::new("stranger"));
    let list = files.put("corp.crl", corp.revoke(&[2], 90 * DAY));
    let trust = files.trust(&corp, "");
    let text = format!("[trust.corp]\nbundle = {:?}\nrevocation_lists = [{list:?}]", trust.bundle);
    let (good, bad) = (numbered(&corp, 1), numbered(&corp, 2));
    let mut test = TestCore::with(&text).await;
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!((fault(&test, &good), fault(&test, &bad), &reports(&test)[0].trouble), (None, REVOKED, &None));

    let older = corp.revoke_made(&[], NOW - 3 * DAY, NOW + 90 * DAY);
    for (content, reason) in [
        (None, "cannot be read"),
        (Some(&b""[..]), "holds no revocation list"),
        (Some(b"0garbage"), "no revocation list that can be read"),
        (Some(include_bytes!("lists/delta.crl")), "is a delta list"),
        (Some(impostor.revoke(&[], DAY).as_bytes()), "is signed by another key than that of CN=corp"),
        (Some(stranger.revoke(&[], DAY).as_bytes()), "holds no list of CN=corp any more"),
        (Some(older.as_bytes()), "older than the one that is known"),
    ] {
        let _gone_already = std::fs::remove_file(&list);
        if let Some(content) = content {
            std::fs::write(&list, content).unwrap();
        }
        test.core.adopt(config(test.folder.path(), &text)).unwrap();
        for when in ["at a reload", "at a start"] {
            let report = reports(&test).remove(0);
            assert!(report.trouble.as_deref().unwrap_or_default().contains(reason), "{when}: {reason}: {:?}", report.trouble);
            assert_eq!(
                (report.state, report.revoked, report.read_at.is_some()),
                (ListState::Current, 1, true),
                "{when}: {reason}"
            );
            assert_eq!((fault(&test, &good), fault(&test, &bad)), (None, REVOKED), "{when}: {reason}");
            let said = test.core.certificates().bundles().unusable_files();
            assert_eq!((said.len(), said[0].path.as_str()), (1, "trust.corp.revocation_lists[0]"), "{when}: {reason}");
            test.core.certificates().refresh_lists().await.unwrap();
            test = test.crash_and_restart().await;
        }
    }

    // It is mended: the newer list takes its place, and is what is kept from then on.
    std::fs::write(&list, corp.revoke_made(&[1], NOW - DAY, NOW + 90 * DAY)).unwrap();
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    assert_eq!((fault(&test, &good), fault(&test, &bad), &reports(&test)[0].trouble), (REVOKED, None, &None));
    test.core.certificates().refresh_lists().await.unwrap();
    std::fs::remove_file(&list).unwrap();
    let test = test.crash_and_restart().await;
    assert_eq!((fault(&test, &good), fault(&test, &bad)), (REVOKED, None));

    // What is named no more is forgotten, and kept for nobody who names it later.
    test.core.adopt(config(test.folder.path(), &format!("[trust.corp]\nbundle = {:?}", trust.bundle))).unwrap();
    test.core.certificates().refresh_lists().await.unwrap();
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    assert_eq!((fault(&test, &good), reports(&test)[0].state), (UNKNOWN, ListState::Missing));
    // What was kept for another authority is of no use to one of its name.
    std::fs::write(&list, corp.revoke(&[2], 90 * DAY)).unwrap();
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    let replaced = files.trust(&impostor, "");
    let text = format!("[trust.corp]\nbundle = {:?}\nrevocation_lists = [{list:?}]", replaced.bundle);
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    assert_eq!((fault(&test, &numbered(&impostor, 1)), reports(&test)[0].state), (UNKNOWN, ListState::Missing));
}

#[tokio::test]
async fn a_file_that_was_never_good_shuts_out_the_clients_of_its_authority_alone() {
    let files = Files::new();
    let (a, b, c) = (Authority::new("a"), Authority::new("b"), Authority::new("c"));
    let missing = files.0.path().join("missing.crl");
    let (both, of_c) = (files.put("both.pem", format!("{}{}", a.pem, b.pem)), files.trust(&c, ""));
    let of_a = files.put("a.crl", a.revoke(&[9], DAY));
    for unknown in ["refuse", "accept"] {
        let text = format!(
            "[trust.both]\nbundle = {both:?}\nrevocation_lists = [{of_a:?}, {missing:?}]\nrevocation_unknown = \"{unknown}\"\n\
             [trust.other]\nbundle = {:?}\n",
            of_c.bundle
        );
        let test = TestCore::with(&text).await;
        test.core.certificates().refresh_lists().await.unwrap();
        assert_eq!((fault(&test, &numbered(&a, 1)), fault(&test, &numbered(&a, 9))), (None, REVOKED), "a's list is good");
        assert_eq!(fault(&test, &numbered(&c, 1)), None, "of another bundle");
        assert_eq!(fault(&test, &numbered(&b, 1)), if unknown == "refuse" { UNKNOWN } else { None });
        let missing = reports(&test).into_iter().find(|report| report.issuer.is_none()).unwrap();
        assert_eq!((missing.state, missing.read_at), (ListState::Missing, None));
        assert!(missing.trouble.unwrap().contains("cannot be read"));
    }
}

#[tokio::test]
async fn of_two_keys_of_one_name_each_has_an_age_of_its_own() {
    let files = Files::new();
    let (old, new) = (Authority::new("corp"), Authority::new("corp"));
    let bundle = files.put("both.pem", format!("{}{}", old.pem, new.pem));
    let lists = |of_old: i64, of_new: i64| {
        let list = |authority: &Authority, made| authority.revoke_made(&[9], NOW - made, NOW + 9 * DAY);
        format!("{}{}", list(&old, of_old), list(&new, of_new))
    };
    let list = files.put("both.crl", lists(5 * DAY, 2 * DAY));
    let text = format!("[trust.corp]\nbundle = {bundle:?}\nrevocation_lists = [{list:?}]");
    let test = TestCore::with(&text).await;
    std::fs::write(&list, lists(4 * DAY, DAY)).unwrap();
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    let standing = reports(&test);
    assert_eq!(standing.iter().map(|report| report.trouble.clone()).collect::<Vec<_>>(), [None, None]);
    assert!(standing.iter().any(|report| report.this_update == Some(Timestamp::from_seconds(NOW - DAY))));
    // After a restart the keys are known as well.
    test.core.certificates().refresh_lists().await.unwrap();
    let test = test.crash_and_restart().await;
    std::fs::write(&list, lists(3 * DAY, DAY)).unwrap();
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    assert_eq!(reports(&test)[0].trouble, None);
    // The older list of either is refused all the same.
    std::fs::write(&list, lists(5 * DAY, DAY)).unwrap();
    test.core.adopt(config(test.folder.path(), &text)).unwrap();
    assert!(reports(&test)[0].trouble.as_deref().unwrap().contains("older than the one that is known"));
}
