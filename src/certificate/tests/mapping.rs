//! Mappings as tests: which name in a certificate finds a holder.

use rcgen::SanType;

use super::{Authority, Files, compile, shown, stands, user};
use crate::principal::certificate::{Holder, TrustSet};

/// `[0] EXPLICIT UTF8String`, as rcgen writes an other name.
fn upn(name: &str) -> SanType {
    SanType::OtherName((vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 3], rcgen::OtherNameValue::Utf8String(name.to_owned())))
}

fn email(name: &str) -> SanType {
    SanType::Rfc822Name(name.try_into().unwrap())
}

#[test]
fn a_mapping_reads_the_name_it_says_and_the_first_that_finds_a_holder_decides() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let holder = |mapping: &str, names: Vec<SanType>| {
        let mapping = format!("mapping = [{mapping}]");
        let bundles = compile([("corp", files.trust(&corp, &mapping))]);
        stands(&bundles, &shown(&[&corp.issue("Carol", |params| params.subject_alt_names = names)])).holder
    };
    let uri = |text: &str| SanType::URI(text.try_into().unwrap());
    let dns = |text: &str| SanType::DnsName(text.try_into().unwrap());
    let no_names = Vec::new;
    assert_eq!(holder("", no_names()), Holder::Nobody);
    assert_eq!(holder("{from='common_name'}", no_names()), user("carol"));
    assert_eq!(holder("{from='any',to='shared'}", no_names()), Holder::Shared);
    let by_email = "{from='san_email',suffix='@example.com'}";
    assert_eq!(holder(by_email, vec![email("Alice@example.com")]), user("alice"));
    assert_eq!(holder(by_email, vec![email("alice@evil.example")]), Holder::Nobody);
    assert_eq!(holder("{from='san_email'}", vec![email("alice@example.com")]), user("alice@example.com"));
    assert_eq!(holder("{from='san_upn',suffix='@corp.test'}", vec![upn("alice@corp.test")]), user("alice"));
    let spiffe = "{from='san_uri',to='machine',prefix='spiffe://example.com/'}";
    assert_eq!(holder(spiffe, vec![uri("spiffe://example.com/backup")]), Holder::Machine("backup".into()));
    assert_eq!(holder(spiffe, vec![uri("spiffe://example.com/")]), Holder::Nobody);
    assert_eq!(holder("{from='san_dns',to='machine'}", vec![dns("db1.example.com")]), Holder::Machine("db1.example.com".into()));
    let both = format!("{by_email},{{from='common_name'}}");
    assert_eq!(holder(&both, vec![email("alice@example.com")]), user("alice"), "the first decides");
    assert_eq!(holder(&both, vec![email("ghost@example.com")]), user("carol"), "nobody is called ghost: the next is asked");
}

#[test]
fn what_could_mean_two_holders_means_nobody() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let by_email = "mapping = [{from='san_email',suffix='@example.com'}]";
    let bundles = compile([("corp", files.trust(&corp, by_email))]);
    let of =
        |names: Vec<SanType>| stands(&bundles, &shown(&[&corp.issue("x", |params| params.subject_alt_names = names)])).holder;
    assert_eq!(of(vec![email("alice@example.com"), email("bob@example.com")]), Holder::Nobody);
    assert_eq!(of(vec![email("alice@example.com"), email("ALICE@example.com")]), user("alice"), "one user, two spellings");
    let two = compile([("a", files.trust(&corp, by_email)), ("b", files.trust(&corp, "mapping = [{from='common_name'}]"))]);
    let leaf = corp.issue("carol", |params| params.subject_alt_names = vec![email("alice@example.com")]);
    let standing = stands(&two, &shown(&[&leaf]));
    assert_eq!((standing.trusted_by, standing.holder), (TrustSet(3), Holder::Nobody));
}

#[test]
fn a_name_with_a_nul_or_a_line_break_is_no_name_t15() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let mapping = "mapping = [{from='san_upn',to='machine'},{from='common_name',to='machine'}]";
    let bundles = compile([("corp", files.trust(&corp, mapping))]);
    for name in ["alice\0.evil", "alice\r\nX-Evil: 1", "\u{7f}"] {
        let leaf = corp.issue(name, |params| params.subject_alt_names = vec![upn(name)]);
        assert_eq!(stands(&bundles, &shown(&[&leaf])).holder, Holder::Nobody, "{name:?}");
    }
    let long = "x".repeat(257);
    let leaf = corp.issue("y", |params| params.subject_alt_names = vec![upn(&long)]);
    assert_eq!(stands(&bundles, &shown(&[&leaf])).holder, Holder::Machine("y".into()));
}
