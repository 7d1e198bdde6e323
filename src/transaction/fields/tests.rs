//! What is shown, and what is refused because it could be read in two ways.

use bytes::Bytes;
use http::HeaderValue;

use super::super::spool::Spool;
use super::*;
use crate::chain::policy::SourceLine;
use crate::chain::policy::transaction::{ApproverRule, By, Format, ShownField};
use crate::facts::path::RequestPath;
use crate::principal::words::Words;
use crate::random::OsRandom;

fn words(en: &str) -> Words {
    Words { en: en.to_owned(), ..Words::default() }
}

fn transaction(show: &[(&str, Format, bool)]) -> Transaction {
    let field = |(from, format, optional): &(&str, Format, bool)| ShownField {
        label: words(from),
        source: FieldSource::parse(from).unwrap(),
        format: format.clone(),
        optional: *optional,
    };
    Transaction {
        app: "bank".into(),
        name: "transfer".into(),
        title: words("Transfer"),
        sentence: Words::default(),
        show: show.iter().map(field).collect(),
        by: By::Push,
        password: false,
        number: false,
        approvers: ApproverRule::Requester,
        waits: std::time::Duration::from_secs(60),
        covers: None,
        source: SourceLine(1),
    }
}

async fn shown(
    show: &[(&str, Format, bool)],
    target: &str,
    fields: &[(&str, &str)],
    body: &[u8],
) -> Result<Vec<Option<String>>, &'static str> {
    shown_with(1 << 20, show, target, fields, body).await
}

/// The body lies in a file, and is read in chunks.
async fn shown_from_disk(
    show: &[(&str, Format, bool)],
    fields: &[(&str, &str)],
    body: &[u8],
) -> Result<Vec<Option<String>>, &'static str> {
    shown_with(0, show, "/", fields, body).await
}

async fn shown_with(
    memory: u64,
    show: &[(&str, Format, bool)],
    target: &str,
    fields: &[(&str, &str)],
    body: &[u8],
) -> Result<Vec<Option<String>>, &'static str> {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::new(folder.path().join("held"), 4 << 20, memory, 4 << 20, Arc::new(OsRandom::new()));
    let mut receiving = spool.receive("alice");
    receiving.push(&Bytes::copy_from_slice(body)).await.unwrap();
    let (body, _) = receiving.finish().await.unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let source = Source { path: RequestPath::parse(path).unwrap(), query, headers: &headers, body: &Arc::new(body) };
    let read = read(&transaction(show), &source).await;
    read.map(|details| details.into_iter().map(|detail| detail.value).collect()).map_err(|error| error.code())
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

fn text(value: &str) -> Result<Vec<Option<String>>, &'static str> {
    Ok(vec![Some(value.to_owned())])
}

#[tokio::test]
async fn a_posted_form_shows_its_values_or_is_refused() {
    let payee = [("form:payee", Format::Text, false)];
    for (body, expected) in [
        ("payee=Taro+Yamada&amount=1", text("Taro Yamada")),
        ("payee=%E6%B8%A1%E8%BE%BA", text("渡辺")),
        ("amount=1", Err("transaction_field_missing")),
        ("payee=", Err("transaction_field_missing")),
        ("payee=%20", Err("transaction_field_missing")),
        ("payee=a&payee=b", Err("transaction_field_ambiguous")),
        ("payee=a&Payee=b", Err("transaction_field_ambiguous")),
        ("payee=a&payee%5B%5D=b", Err("transaction_field_ambiguous")),
        ("payee=a&payee%5B0%5D=b", Err("transaction_field_ambiguous")),
        ("pa%79ee=a", text("a")),
        ("PAYEE=a", Err("transaction_field_ambiguous")),
        ("x=1;payee=b&payee=a", Err("transaction_field_ambiguous")),
        // Rack, qs: brackets around a name are nothing; PHP: a name ends at a NUL, and an unclosed bracket is an underscore.
        ("payee=a&[payee]=b", Err("transaction_field_ambiguous")),
        ("payee=a&payee%5D=b", Err("transaction_field_ambiguous")),
        ("payee=a&payee%00x=b", Err("transaction_field_ambiguous")),
        ("payee=%FF", Err("transaction_body_malformed")),
        ("payee=%zz", Err("transaction_body_malformed")),
        ("payee=a&_charset_=shift_jis", Err("transaction_body_encoded")),
    ] {
        assert_eq!(shown(&payee, "/transfer", &[FORM], body.as_bytes()).await, expected, "{body}");
    }
    let elsewhere = shown(&payee, "/transfer?payee=b", &[FORM], b"payee=a").await;
    assert_eq!(elsewhere, Err("transaction_field_ambiguous"), "some frameworks look into the query as well");
    assert_eq!(shown(&payee, "/transfer", &[JSON], b"payee=a").await, Err("transaction_body_type"));
    assert_eq!(shown(&payee, "/transfer", &[], b"payee=a").await, Err("transaction_body_type"));
    assert_eq!(shown(&payee, "/transfer", &[FORM, JSON], b"payee=a").await, Err("transaction_body_type"));
    let zipped = [FORM, ("content-encoding", "gzip")];
    assert_eq!(shown(&payee, "/transfer", &zipped, b"payee=a").await, Err("transaction_body_encoded"));
    let sjis = [("content-type", "application/x-www-form-urlencoded; charset=Shift_JIS")];
    assert_eq!(shown(&payee, "/transfer", &sjis, b"payee=a").await, Err("transaction_body_encoded"));
    let long = [b"payee=a&x=".as_slice(), &vec![b'x'; 2 << 20]].concat();
    assert_eq!(shown(&payee, "/transfer", &[FORM], &long).await, Err("transaction_body_too_long"));
}

#[tokio::test]
async fn json_shows_the_one_value_that_there_is() {
    let amount = [("json:/order/amount", Format::Number, false)];
    for (body, expected) in [
        (r#"{"order":{"amount":1250000}}"#, text("1,250,000")),
        (r#"{"order":{"amount":"42.50"}}"#, text("42.50")),
        (r#"{"order":{"amount":"12345678901234567890123.10"}}"#, text("12,345,678,901,234,567,890,123.10")),
        (r#"{"order":{"amount":1e6}}"#, Err("transaction_field_not_a_number")),
        (r#"{"order":{"amount":null}}"#, Err("transaction_field_missing")),
        (r#"{"order":{}}"#, Err("transaction_field_missing")),
        (r#"{"order":[1]}"#, Err("transaction_field_missing")),
        (r#"{"order":{"amount":[1]}}"#, Err("transaction_field_not_plain")),
        (r#"{"order":{"amount":1,"amount":2}}"#, Err("transaction_field_ambiguous")),
        (r#"{"order":{"amount":1,"\u0061mount":2}}"#, Err("transaction_field_ambiguous")),
        (r#"{"order":{"amount":1,"Amount":2}}"#, Err("transaction_field_ambiguous")),
        (r#"{"order":{"amount":1,"AMOUNT ":2}}"#, Err("transaction_field_ambiguous")),
        (r#"{"order":{"amount":1},"order":{"amount":2}}"#, Err("transaction_field_ambiguous")),
        (r#"{"order":{"amount":1}} trailing"#, Err("transaction_body_malformed")),
        (r#"{"order":{"amount":1}"#, Err("transaction_body_malformed")),
        (r#"{"order":{"amount":1},"rate":NaN}"#, Err("transaction_body_malformed")),
        ("\u{FEFF}{\"order\":{\"amount\":1}}", Err("transaction_body_malformed")),
        ("{\0\"\0o\0r\0d\0e\0r\0\"\0:\0{\0}\0}\0", Err("transaction_body_malformed")),
        ("", Err("transaction_body_malformed")),
    ] {
        assert_eq!(shown(&amount, "/orders", &[JSON], body.as_bytes()).await, expected, "{body}");
    }
    let second = [("json:/list/1/to", Format::Text, false)];
    assert_eq!(shown(&second, "/", &[JSON], br#"{"list":[{"to":"a"},{"to":"b"}]}"#).await, text("b"));
    assert_eq!(shown(&second, "/", &[JSON], br#"{"list":[{"to":"a"}]}"#).await, Err("transaction_field_missing"));
}

fn multipart_body(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (disposition, value) in parts {
        body.push_str(&format!("--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{value}\r\n"));
    }
    body.push_str("--b--\r\n");
    body.into_bytes()
}

#[tokio::test]
async fn a_multipart_form_shows_plain_parts_and_passes_over_files() {
    let note = [("multipart:note", Format::Text, false)];
    let kind = [("content-type", "multipart/form-data; boundary=b")];
    let big = "x".repeat(2 << 20);
    for (parts, expected) in [
        (vec![("name=\"note\"", "hello")], text("hello")),
        (vec![("name=\"file\"; filename=\"a.pdf\"", big.as_str()), ("name=\"note\"", "hello")], text("hello")),
        (vec![("name=\"note\"", "a"), ("name=\"note\"", "b")], Err("transaction_field_ambiguous")),
        (vec![("name=\"note\"", "a"), ("name=\"note[]\"", "b")], Err("transaction_field_ambiguous")),
        (vec![("name=\"note\"; filename=\"x\"", "a")], Err("transaction_field_not_plain")),
        (vec![("name=\"note\"\r\nContent-Transfer-Encoding: base64", "aGk=")], Err("transaction_field_not_plain")),
        (vec![("name=\"other\"", "a")], Err("transaction_field_missing")),
        // Read in one way here and in another there: two names, a name within another parameter, capitals, an escape, a
        // second line, another way to say that it is a file.
        (vec![("name=\"x\"; name=\"note\"", "b"), ("name=\"note\"", "a")], Err("transaction_body_malformed")),
        (vec![("x=\" name=zzz\"; name=\"note\"", "b"), ("name=\"note\"", "a")], Err("transaction_body_malformed")),
        (vec![("name=\"x\"; NAME=\"note\"", "b"), ("name=\"note\"", "a")], Err("transaction_body_malformed")),
        (vec![("name=\"no\\te\"", "b"), ("name=\"note\"", "a")], Err("transaction_body_malformed")),
        (vec![("name=\"note\"; filename*=UTF-8''x", "a")], Err("transaction_body_malformed")),
        (vec![("name=\"x\"\r\nContent-Disposition: form-data; name=\"note\"", "b")], Err("transaction_body_malformed")),
        // A boundary behind half a line end is one to some.
        (
            vec![("name=\"x\"", "y\n--b\nContent-Disposition: form-data; name=\"note\"\n\nb\n"), ("name=\"note\"", "a")],
            Err("transaction_body_malformed"),
        ),
        (vec![("name=\"x\"", "a line\nand --b within it"), ("name=\"note\"", "a")], text("a")),
    ] {
        assert_eq!(shown(&note, "/upload", &kind, &multipart_body(&parts)).await, expected);
    }
    assert_eq!(shown(&note, "/upload", &kind, b"--b\r\nnonsense").await, Err("transaction_body_malformed"));
    let two = [("content-type", "multipart/form-data; boundary=b; boundary=c")];
    assert_eq!(
        shown(&note, "/upload", &two, &multipart_body(&[("name=\"note\"", "a")])).await,
        Err("transaction_body_malformed")
    );
    let unbounded = [("content-type", "multipart/form-data")];
    assert_eq!(shown(&note, "/upload", &unbounded, b"").await, Err("transaction_body_malformed"));
}

#[tokio::test]
async fn a_boundary_behind_half_a_line_end_is_found_wherever_a_chunk_ends() {
    let note = [("multipart:note", Format::Text, false)];
    let kind = [("content-type", "multipart/form-data; boundary=b")];
    let chunk = 64 * 1024;
    for length in chunk - 80..chunk - 20 {
        let ahead = "x".repeat(length);
        for (end, expected) in
            [("\n", Err("transaction_body_malformed")), ("\r", Err("transaction_body_malformed")), (" ", text("a"))]
        {
            let value = format!("{ahead}{end}--b y");
            let body = multipart_body(&[("name=\"x\"", &value), ("name=\"note\"", "a")]);
            assert_eq!(shown_from_disk(&note, &kind, &body).await, expected, "{length} {end:?}");
        }
    }
}

#[tokio::test]
async fn path_query_and_header_are_read_as_well_and_what_may_be_missing_is_said() {
    let show = [
        ("path:2", Format::Text, false),
        ("query:to", Format::Text, true),
        ("header:x-amount", Format::Currency("JPY".into()), true),
    ];
    let all = shown(&show, "/users/bob?to=alice", &[("x-amount", "-1000")], b"").await.unwrap();
    assert_eq!(all, [Some("bob".to_owned()), Some("alice".to_owned()), Some("-1,000 JPY".to_owned())]);
    assert_eq!(shown(&show, "/users/bob", &[], b"").await.unwrap(), [Some("bob".to_owned()), None, None]);
    assert_eq!(shown(&show, "/users", &[], b"").await, Err("transaction_field_missing"));
    // What a form says under the same name counts instead for some, and what hides behind a semicolon too.
    for (target, body) in
        [("/users/bob?to=alice", "to=bob"), ("/users/bob?to=alice", "x=1;to=bob"), ("/users/bob?x=1;to=eve", "")]
    {
        assert_eq!(shown(&show, target, &[FORM], body.as_bytes()).await, Err("transaction_field_ambiguous"), "{target} {body}");
    }
    let (other, posted) = (("content-type", "text/plain"), "to=bob".as_bytes());
    assert_eq!(
        shown(&show, "/users/bob?to=alice", &[other, FORM], posted).await,
        Err("transaction_body_type"),
        "which one counts?"
    );
    let parts = multipart_body(&[("name=\"to\"", "bob")]);
    let kind = [("content-type", "multipart/form-data; boundary=b")];
    assert_eq!(shown(&show, "/users/bob?to=alice", &kind, &parts).await, Err("transaction_field_ambiguous"));
    let twice = [("x-amount", "1"), ("x-amount", "2")];
    assert_eq!(shown(&show, "/users/bob", &twice, b"").await, Err("transaction_field_ambiguous"));
}

#[tokio::test]
async fn a_value_of_the_query_is_shown_where_no_body_could_say_it_otherwise() {
    let show = [("query:amount", Format::Text, false)];
    let (ambiguous, kind) = (Err("transaction_field_ambiguous"), Err("transaction_body_type"));
    let json = "application/json";
    for (types, body, expected) in [
        // Nothing is sent: whatever the type says.
        (&[][..], "", text("5")),
        (&["text/plain"], "", text("5")),
        // Read here, and the name is not there.
        (&["application/x-www-form-urlencoded"], "other=9", text("5")),
        (&["Application/X-WWW-Form-URLencoded; charset=UTF-8"], "other=9", text("5")),
        (&[json], r#"{"other":9,"deep":{"amount":9}}"#, text("5")),
        (&["application/vnd.api+json"], r#"{"data":{}}"#, text("5")),
        (&[json], r#"[{"amount":9}]"#, text("5")),
        (&[json], "7", text("5")),
        // Files.
        (&["application/octet-stream"], "amount=9", text("5")),
        (&["image/png"], "amount=9", text("5")),
        (&["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"], "amount=9", text("5")),
        // It is there, too.
        (&["application/x-www-form-urlencoded"], "amount=9", ambiguous.clone()),
        (&["application/X-WWW-form-urlencoded"], "Amount[]=9", ambiguous.clone()),
        (&[json], r#"{"amount":9}"#, ambiguous.clone()),
        (&[json], r#"{"AMOUNT":null}"#, ambiguous.clone()),
        (&["application/problem+json"], r#"{"\u0061mount":9}"#, ambiguous.clone()),
        // It could be: what somebody takes for a form, or what cannot be read.
        (&[], "amount=9", kind.clone()),
        (&[""], "amount=9", kind.clone()),
        (&["text/plain"], "amount=9", kind.clone()),
        (&["multipart/mixed; boundary=b"], "amount=9", kind.clone()),
        (&["multipart/related; boundary=b"], "amount=9", kind.clone()),
        (&["multipart/form-data, text/plain; boundary=b"], "amount=9", kind.clone()),
        (&["application/x-www-form-urlencoded, text/plain"], "amount=9", kind.clone()),
        (&["application/x-www-form-urlencodedx"], "amount=9", kind.clone()),
        (&["application/x-www-form-urlencoded x"], "amount=9", kind.clone()),
        (&["image/png, application/x-www-form-urlencoded"], "amount=9", kind.clone()),
        (&["application/vnd.x,application/x-www-form-urlencoded"], "amount=9", kind.clone()),
        (&["application/octet-stream, application/x-www-form-urlencoded"], "amount=9", kind.clone()),
        (&["text/json"], r#"{"amount":9}"#, kind.clone()),
        (&["application/xml"], "<amount>9</amount>", kind.clone()),
        (&["application/x-www-form-urlencoded", "application/x-www-form-urlencoded"], "other=9", kind.clone()),
        (&["text/plain", "application/x-www-form-urlencoded"], "other=9", kind.clone()),
        (&["application/x-www-form-urlencoded; charset=utf-16"], "other=9", Err("transaction_body_encoded")),
        (&["application/json; charset=utf-16"], r#"{"other":9}"#, Err("transaction_body_encoded")),
        (&[json], "{", Err("transaction_body_malformed")),
        (&[json], "\u{FEFF}{}", Err("transaction_body_malformed")),
        (&[json], "{\0\"\0a\0\"\0:\x001\0}\0", Err("transaction_body_malformed")),
        (&[json], r#"{"other":NaN}"#, Err("transaction_body_malformed")),
    ] {
        let fields: Vec<(&str, &str)> = types.iter().map(|kind| ("content-type", *kind)).collect();
        assert_eq!(shown(&show, "/transfer?amount=5", &fields, body.as_bytes()).await, expected, "{types:?} {body}");
    }
    // Rails takes the value of `transfer[amount]` from a body that says `amount` at its top.
    let wrapped = [("query:transfer[amount]", Format::Text, false)];
    let answer = shown(&wrapped, "/transfer?transfer%5Bamount%5D=5", &[JSON], br#"{"amount":9}"#).await;
    assert_eq!(answer, Err("transaction_field_ambiguous"));
}

#[tokio::test]
async fn a_query_is_read_in_one_way_or_not_at_all() {
    let show = [("query:amount", Format::Text, true)];
    for (target, expected) in [
        ("/t?amount=5", text("5")),
        ("/t?a=1&amount=5&b", text("5")),
        ("/t?amount=5%3B1", text("5;1")),
        // Koa and PHP read a second question mark as none.
        ("/t??amount=5", Err("transaction_field_ambiguous")),
        ("/t?????amount=5", Err("transaction_field_ambiguous")),
        ("/t?%3Famount=5", Err("transaction_field_ambiguous")),
        ("/t?amount=5&?amount=6", Err("transaction_field_ambiguous")),
        // Rack and CherryPy part there, Go drops the whole.
        ("/t?amount=5;1", Err("transaction_field_ambiguous")),
        ("/t?amount=5;amount=6", Err("transaction_field_ambiguous")),
        ("/t?x=1;amount=6", Err("transaction_field_ambiguous")),
        ("/t?x;amount=6", Err("transaction_field_ambiguous")),
        ("/t?x=1&amp;amount=6", Err("transaction_field_ambiguous")),
        ("/t?amount=5&amount", Err("transaction_field_ambiguous")),
        ("/t?amount=5&amount[]=6", Err("transaction_field_ambiguous")),
        ("/t?amount=5&amount[x]=6", Err("transaction_field_ambiguous")),
        ("/t?amount=5&%20amount=6", Err("transaction_field_ambiguous")),
        ("/t?amount=5&amount%00=6", Err("transaction_field_ambiguous")),
        ("/t?Amount=6", Err("transaction_field_ambiguous")),
        ("/t?amount=5%00", Err("transaction_field_not_plain")),
        ("/t?amount=%", Err("transaction_body_malformed")),
        ("/t?amount=%FF", Err("transaction_body_malformed")),
    ] {
        assert_eq!(shown(&show, target, &[], b"").await, expected, "{target}");
    }
    let spaced = [("query:to.acct", Format::Text, true)];
    assert_eq!(shown(&spaced, "/t?to.acct=5&to_acct=6", &[], b"").await, Err("transaction_field_ambiguous"));
}

#[tokio::test]
async fn a_value_of_a_json_body_is_shown_where_the_query_says_no_other() {
    let show = [("json:/amount", Format::Text, false)];
    let body = br#"{"amount":5,"to":{"iban":"x"}}"#;
    for (query, expected) in [
        ("", text("5")),
        ("?from=savings", text("5")),
        ("?amount=6", Err("transaction_field_ambiguous")),
        ("?Amount[]=6", Err("transaction_field_ambiguous")),
        ("??amount=6", Err("transaction_field_ambiguous")),
        ("?x=1;amount=6", Err("transaction_field_ambiguous")),
        ("?transfer[amount]=6", Err("transaction_field_ambiguous")),
        ("?transfer%5Bamount%5D=6", Err("transaction_field_ambiguous")),
    ] {
        assert_eq!(shown(&show, &format!("/transfer{query}"), &[JSON], body).await, expected, "{query}");
    }
    let deep = [("json:/to/iban", Format::Text, false)];
    assert_eq!(shown(&deep, "/transfer?to[iban]=y", &[JSON], body).await, Err("transaction_field_ambiguous"));
    assert_eq!(shown(&deep, "/transfer?iban=y", &[JSON], body).await, text("x"));
}

#[tokio::test]
async fn a_number_that_some_programs_round_is_not_shown() {
    let show = [("json:/n", Format::Text, false)];
    let inexact = || Err("transaction_field_inexact");
    for (number, expected) in [
        ("0", text("0")),
        ("-0", text("-0")),
        ("0.10", text("0.10")),
        ("1250000.50", text("1250000.50")),
        ("-123456789.123456", text("-123456789.123456")),
        ("1e3", text("1e3")),
        ("9007199254740991", text("9007199254740991")),
        ("-9007199254740991", text("-9007199254740991")),
        ("true", text("true")),
        ("9007199254740992", inexact()),
        ("9007199254740993", inexact()),
        ("-9007199254740993", inexact()),
        ("12345678901234567890", inexact()),
        ("100000000000000000000", inexact()),
        ("1e16", inexact()),
        ("0.1234567890123456", inexact()),
        ("4503599627370497.5", inexact()),
        ("1e400", inexact()),
        ("-1e400", inexact()),
        ("1e-400", inexact()),
        ("5e-324", inexact()),
        ("\"12345678901234567890\"", text("12345678901234567890")),
    ] {
        assert_eq!(shown(&show, "/", &[JSON], format!("{{\"n\":{number}}}").as_bytes()).await, expected, "{number}");
    }
}

#[tokio::test]
async fn a_field_of_the_head_is_shown_as_every_server_reads_it() {
    let show = [("header:x-amount", Format::Text, true)];
    for (fields, expected) in [
        (&[("x-amount", "5")][..], text("5")),
        (&[], Ok(vec![None])),
        (&[("x-amount", "5"), ("x-amount", "6")], Err("transaction_field_ambiguous")),
        (&[("x-amount", "5"), ("x_amount", "6")], Err("transaction_field_ambiguous")),
        (&[("x.amount", "6")], Err("transaction_field_ambiguous")),
        (&[("x-amount", "5"), ("http_x_amount", "6")], Err("transaction_field_ambiguous")),
        (&[("x-amount", "=?utf-8?q?6?=")], Err("transaction_field_not_plain")),
        (&[("x-amount", "\u{ff16}")], Err("transaction_field_not_plain")),
    ] {
        assert_eq!(shown(&show, "/", fields, b"").await, expected, "{fields:?}");
    }
}
