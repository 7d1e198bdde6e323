//! Properties of reading: what is written is read back equal, and no text makes it panic.

use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::{LEAST, WIKI, environment, with};
use crate::config::Config;
use crate::config::environment::Environment;
use crate::config::schema::{
    CookieDemand, DemandMode, DemandsSection, File, IpRestrictionDemand, LogFormat, OtpDemand, OtpMethod, PrimaryFactorDemand,
    PrimaryMethod, ProxyProtocol, RuleSection, TlsVersion,
};
use crate::config::units::{CidrBlock, Size, TimeSpan};
use crate::principal::number_style::NumberStyle;

fn length() -> impl Strategy<Value = TimeSpan> {
    (1_u64..400 * 86_400_000).prop_map(|millis| TimeSpan(Duration::from_millis(millis)))
}

fn network() -> impl Strategy<Value = CidrBlock> {
    prop_oneof![
        (any::<[u8; 4]>(), 1_u8..=32)
            .prop_map(|(address, length)| { CidrBlock(ipnet::IpNet::new(address.into(), length).unwrap().trunc()) }),
        (any::<[u8; 16]>(), 1_u8..=128)
            .prop_map(|(address, length)| { CidrBlock(ipnet::IpNet::new(address.into(), length).unwrap().trunc()) }),
    ]
}

fn mode() -> impl Strategy<Value = DemandMode> {
    prop::sample::select(vec![DemandMode::Off, DemandMode::Observe, DemandMode::Require])
}

prop_compose! {
    fn demands()(
        networks in prop::option::of((mode(), prop::collection::vec(network(), 1..4))),
        ages in (prop::option::of(length()), prop::option::of(length())),
        names in prop::collection::vec("[a-z][a-z0-9.]{0,8}", 0..3),
        second in (prop::option::of(mode()), prop::option::of(mode())),
        number_style in prop::option::of(prop::sample::select(vec![NumberStyle::Choose, NumberStyle::Type, NumberStyle::Scan])),
    ) -> DemandsSection {
        DemandsSection {
            ip_restriction: networks.map(|(mode, allow)| IpRestrictionDemand { mode, allow, deny: Vec::new() }),
            client_certificate: None,
            desktop_sso: None,
            primary_factor: Some(PrimaryFactorDemand {
                mode: DemandMode::Require,
                login_protect: None,
                methods: vec![PrimaryMethod::Password],
                groups: names.clone(),
                users: names,
                max_age: ages.0,
            }),
            cookie: second.0.map(|mode| CookieDemand { mode, ..CookieDemand::default() }),
            otp: second.1.map(|mode| OtpDemand {
                mode,
                methods: vec![OtpMethod::Totp],
                max_age: ages.1,
                // `true` makes sense beside a required cookie only, which a rule may switch off.
                skip_with_cookie: false,
                grace: None,
            }),
            number_style,
        }
    }
}

prop_compose! {
    fn file()(
        own in demands(),
        of_rule in demands(),
        named in prop::collection::btree_map("[A-Za-z0-9_-]{1,12}", demands(), 0..3),
        title in prop::option::of(any::<String>()),
        trusted in prop::collection::vec(network(), 0..4),
        lengths in prop::collection::vec(length(), 4),
        sizes in prop::collection::vec(4096_u64..1 << 40, 2),
        choices in any::<(bool, bool, bool, u16)>(),
    ) -> File {
        let mut file = with(WIKI).unwrap().file;
        file.app[0].demands = own;
        file.app[0].rule = vec![RuleSection {
            paths: vec!["/admin/**".to_owned()],
            methods: vec!["GET".to_owned()],
            policy: named.keys().next().cloned(),
            demands: of_rule,
        }];
        file.app[0].title.clone_from(&title);
        file.portal.title = title;
        file.policy = named;
        file.server.proxy_protocol =
            if choices.0 && !trusted.is_empty() { ProxyProtocol::Required } else { ProxyProtocol::Off };
        file.server.trusted_proxies = trusted;
        file.server.workers = choices.1.then_some(usize::from(choices.3) + 1);
        file.tls.minimum = if choices.2 { TlsVersion::V13 } else { TlsVersion::V12 };
        file.log.format = if choices.1 { LogFormat::Json } else { LogFormat::Text };
        let (short, long) = (lengths[0].min(lengths[1]), lengths[0].max(lengths[1]));
        (file.session.idle, file.session.absolute) = (short, long);
        (file.regulation.window, file.limits.idle) = (lengths[2], lengths[3]);
        file.limits.portal_body = Size(sizes[0]);
        file.limits.held_body = Size(sizes[0].min(sizes[1]));
        file.limits.held_bodies = Size(sizes[0].max(sizes[1]));
        file
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_written_is_read_back_equal(file in file()) {
        let text = toml::to_string(&file).unwrap();
        let config = Config::parse(Path::new("sekisho.toml"), &text, &Environment::empty());
        let config = config.map_err(|diagnosis| TestCaseError::fail(format!("{diagnosis}\n{text}")))?;
        prop_assert_eq!(serde_json::to_value(&config.file).unwrap(), serde_json::to_value(&file).unwrap());
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        can_be_reported(&text);
    }

    /// Closer to what people break: a good config with a piece cut out, doubled or replaced.
    #[test]
    fn no_spoilt_config_makes_it_panic(
        from in any::<prop::sample::Index>(),
        length in 0_usize..40,
        piece in prop_oneof![any::<String>(), "[\\[\\]{}=.,\"'#\n0-9a-z_-]{0,12}"],
        doubled in any::<bool>(),
    ) {
        let good = format!("{LEAST}{WIKI}[[app.rule]]\npaths = [\"/a/**\"]\ndemands.otp = {{ max_age = \"1h\" }}\n");
        let from = from.index(good.len());
        let to = (from + length).min(good.len());
        let (from, to) = (good.floor_char_boundary(from), good.floor_char_boundary(to));
        let cut = if doubled { &good[from..to] } else { "" };
        can_be_reported(&format!("{}{cut}{piece}{cut}{}", &good[..from], &good[to..]));
    }

    #[test]
    fn no_variable_makes_it_panic(name in "[A-Z0-9_]{0,24}", value in any::<String>(), index in 0_usize..3) {
        let name = ["SEKISHO_APP__0__", "SEKISHO_SERVER__", "SEKISHO_"][index].to_owned() + &name;
        let variables = environment(&[(&name, &value)]);
        if let Err(diagnosis) = Config::parse(Path::new("sekisho.toml"), &format!("{LEAST}{WIKI}"), &variables) {
            prop_assert!(!diagnosis.to_string().is_empty());
        }
    }
}

/// Reads a text; every error in it can be reported, with a place inside the text.
fn can_be_reported(text: &str) {
    let lines = u32::try_from(text.lines().count()).unwrap() + 1;
    if let Err(diagnosis) = Config::parse(Path::new("sekisho.toml"), text, &Environment::empty()) {
        assert!(!diagnosis.to_string().is_empty() && !diagnosis.faults().is_empty());
        for fault in diagnosis.faults() {
            assert!((1..=lines).contains(&fault.line()) && fault.column() >= 1, "{fault:?}");
        }
    }
}
