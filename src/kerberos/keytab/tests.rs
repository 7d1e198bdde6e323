use proptest::prelude::*;

use super::*;

/// A record as MIT writes it.
fn record(components: &[&str], realm: &str, kind: u16, version: u32) -> Vec<u8> {
    let mut record = Vec::new();
    let text = |record: &mut Vec<u8>, text: &str| {
        record.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        record.extend(text.as_bytes());
    };
    record.extend(u16::try_from(components.len()).unwrap().to_be_bytes());
    text(&mut record, realm);
    for component in components {
        text(&mut record, component);
    }
    record.extend(1_u32.to_be_bytes());
    record.extend(1_700_000_000_u32.to_be_bytes());
    record.push(u8::try_from(version & 0xff).unwrap());
    record.extend(kind.to_be_bytes());
    record.extend(32_u16.to_be_bytes());
    record.extend([0xaa; 32]);
    record.extend(version.to_be_bytes());
    let mut whole = u32::try_from(record.len()).unwrap().to_be_bytes().to_vec();
    whole.extend(record);
    whole
}

fn keytab(records: &[Vec<u8>]) -> Vec<u8> {
    [&[5, 2][..], &records.concat()].concat()
}

#[test]
fn principals_versions_and_kinds_are_read_and_holes_passed_over() {
    let hole = [&(-6_i32).to_be_bytes()[..], &[0; 6]].concat();
    let bytes = keytab(&[
        record(&["HTTP", "gw.example.test"], "EXAMPLE.TEST", 18, 300),
        hole,
        record(&["svc-gw"], "EXAMPLE.TEST", 17, 2),
    ]);
    let entries = parse(&bytes).unwrap();
    let shown: Vec<String> = entries.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "HTTP/gw.example.test@EXAMPLE.TEST (kvno 300, aes256-cts-hmac-sha1-96)",
            "svc-gw@EXAMPLE.TEST (kvno 2, aes128-cts-hmac-sha1-96)"
        ]
    );
    let web: Vec<bool> = entries.iter().map(KeytabEntry::is_of_a_web_server).collect();
    assert_eq!(web, [true, false]);
}

#[test]
fn a_file_with_a_weak_key_is_refused_and_the_key_named_t35() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keytab");
    for kind in [1, 3, 16, 23, 24, 99] {
        let bytes = keytab(&[record(&["HTTP", "gw"], "E.TEST", 18, 1), record(&["HTTP", "old"], "E.TEST", kind, 1)]);
        std::fs::write(&path, bytes).unwrap();
        let error = read(&path).unwrap_err();
        assert!(matches!(&error, KeytabError::Weak { principal, .. } if principal == "HTTP/old@E.TEST"), "{kind}: {error}");
        assert_eq!(all(&path).unwrap().len(), 2);
    }
    std::fs::write(&path, keytab(&[record(&["HTTP", "gw"], "E.TEST", 20, 1)])).unwrap();
    assert_eq!(read(&path).unwrap().len(), 1);
}

#[test]
fn what_is_no_keytab_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keytab");
    assert!(matches!(read(&path).unwrap_err(), KeytabError::Unreadable(_)));
    let good = keytab(&[record(&["HTTP", "gw"], "E.TEST", 18, 1)]);
    for (bytes, error) in [
        (b"".to_vec(), "is not a keytab: it does not begin as one"),
        (b"-----BEGIN".to_vec(), "is not a keytab: it does not begin as one"),
        (vec![5, 1, 0], "is not a keytab: version 1 of the format is not used any more"),
        (vec![5, 2], "holds no key"),
        (good[..good.len() - 30].to_vec(), "is not a keytab: it ends in the middle of a key"),
        (vec![0; 2 * 1024 * 1024], "is not a keytab: it has more than 1 MiB"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read(&path).unwrap_err().to_string(), error);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _read_or_not = parse(&[&[5, 2][..], &bytes].concat());
        let _read_or_not = parse(&bytes);
    }
}
