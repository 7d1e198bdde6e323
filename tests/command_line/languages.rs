//! What people read at a Japanese terminal, and that programs read the same at every terminal.

use std::process::Stdio;
use std::time::Duration;

use tokio::time::Instant;
use unicode_width::UnicodeWidthStr as _;

use crate::support::process::{command_in, program};
use crate::support::{BY_PASSWORD, World, free_port};

const JAPANESE: &str = "ja_JP.UTF-8";

/// The column of a terminal where a word stands in a line.
fn column(line: &str, word: &str) -> usize {
    line.split(word).next().filter(|before| before.len() < line.len()).unwrap_or_else(|| panic!("no {word} in {line}")).width()
}

/// A user's life, as it reads at a Japanese terminal.
async fn a_life(world: &World) {
    let say = async |line: &[&str]| command_in(world, JAPANESE, line).await;
    assert_eq!(say(&["user", "add", "yuki", "--display-name", "山田 雪"]).await.code, 0);
    assert_eq!(say(&["user", "add", "al", "--display-name", "Al"]).await.code, 0);
    // A table: headings in Japanese, and what stands below one another begins in the same column.
    let table = say(&["user", "list"]).await;
    let lines: Vec<&str> = table.out.lines().collect();
    assert!(lines.len() == 3 && lines[0].starts_with("ユーザー "), "{table:?}");
    let heading = column(lines[0], " 有効 ");
    for (line, name) in [(lines[1], "al"), (lines[2], "yuki")] {
        assert!(line.starts_with(name), "{table:?}");
        assert_eq!(column(line, " はい "), heading, "{table:?}");
    }
    assert_eq!(column(lines[2], "山田 雪"), column(lines[1], "Al"), "{table:?}");
    // A thing, a list of nothing.
    let shown = say(&["user", "show", "yuki"]).await;
    assert!(shown.out.lines().any(|line| line.trim_start().starts_with("表示名 ") && line.ends_with(" 山田 雪")), "{shown:?}");
    let none = say(&["token", "list"]).await;
    assert_eq!((none.code, none.out.as_str(), none.words.as_str()), (0, "", "該当するものはありません。\n"));
    // Results.
    let off = say(&["user", "disable", "yuki"]).await;
    assert_eq!((off.code, off.out.as_str()), (0, "yuki を無効にし、セッションを0件終了しました。\n"), "{off:?}");
    // Errors: a sentence for people, on stderr, with its hint and the exit code of any language.
    let nobody = say(&["user", "show", "nobody"]).await;
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""));
    let expected = "エラー：ユーザー nobody は存在しません。\n\nヒント：ユーザーの一覧は sekisho user list で表示します\n";
    assert_eq!(nobody.words, expected);
    let missing = say(&["session", "revoke", "AAAAAAAAAAAAAAAAAAAAAA"]).await;
    assert_eq!(missing.words, "エラー：セッション AAAAAAAAAAAAAAAAAAAAAA はありません。\n");
    // What says why in a text of its own keeps that text.
    let method = say(&["user", "set-methods", "yuki", "telepathy"]).await;
    assert_eq!(method.code, 1);
    method.mentions(&["エラー：サインイン方法を許可できません：\"telepathy\" is not a method"]);
    // A file of certificates: what is wrong with each line, and why none was registered.
    world.write("list.csv", &format!("certificate,user\n{},nobody\n", "ab".repeat(32)));
    let whole = |text: &str| text.split_whitespace().collect::<String>();
    let looked = say(&["certificate", "import", "list.csv", "--dry-run"]).await;
    assert!(
        whole(&looked.out).contains("ユーザーnobodyは存在しません。先にユーザーを追加するか、名前を直してください。"),
        "{looked:?}"
    );
    let refused = say(&["certificate", "import", "list.csv"]).await;
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    let said =
        "エラー：証明書を登録できません：証明書1件のうち1件を登録できないため、1件も登録していません。2行目：ユーザーnobodyは";
    assert!(whole(&refused.words).starts_with(said), "{refused:?}");
    // The question before something that shuts people out.
    let asked = say(&["login-protect", "disable"]).await;
    assert!(asked.code == 0 && asked.out.contains("まだ実行していません。") && asked.out.contains("--confirm "), "{asked:?}");
    // Programs read the same bytes at every terminal, errors too; the option counts before the environment.
    for line in [&["user", "list", "--json"][..], &["user", "show", "yuki", "--json"], &["user", "show", "nobody", "--json"]] {
        let (one, other) = (world.command(line).await, say(line).await);
        assert_eq!((one.code, &one.out, &one.words), (other.code, &other.out, &other.words));
    }
    assert_eq!(say(&["user", "enable", "yuki", "--json"]).await.out, "{\n  \"done\": \"yuki is switched on\"\n}\n");
    assert_eq!(say(&["--lang", "en", "user", "enable", "yuki"]).await.out, "yuki is switched on\n");
    assert_eq!(world.command(&["user", "enable", "yuki", "--lang", "ja"]).await.out, "yuki を有効にしました。\n");
    for name in ["yuki", "al"] {
        assert_eq!(say(&["user", "remove", name]).await.out, format!("{name} を削除しました。\n"));
    }
}

#[tokio::test]
async fn a_japanese_terminal_reads_japanese_beside_the_gateway_and_without_it_r301() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    a_life(&world).await;
    let gateway = world.start().await;
    a_life(&world).await;
    assert_eq!(gateway.stop().await, 0);
}

#[tokio::test]
async fn check_and_failures_of_the_config_have_japanese_heads_and_english_reasons_r301() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    let good = command_in(&world, JAPANESE, &["check"]).await;
    assert!(good.code == 0 && good.out.contains("行目）") && good.out.contains("その他すべて"), "{good:?}");
    let (one, other) = (world.command(&["check", "--json"]).await, command_in(&world, JAPANESE, &["check", "--json"]).await);
    assert_eq!((one.code, one.out, one.words), (other.code, other.out, other.words));
    let init = command_in(&world, JAPANESE, &["init", "--dir", "new"]).await;
    assert!(init.code == 0 && init.out.contains("次の手順：\n  sekisho check --config new/sekisho.toml\n"), "{init:?}");
    let again = command_in(&world, JAPANESE, &["init", "--dir", "new"]).await;
    assert_eq!(again.code, 1);
    again.mentions(&["エラー：new/sekisho.toml はすでに存在します。", "ヒント："]);
    world.write("sekisho.toml", "nonsense = 1\n");
    for (line, head) in
        [(&["check"][..], "エラー：設定に誤りがあります\n"), (&["user", "list"], "エラー：設定に誤りがあります\n")]
    {
        let wrong = command_in(&world, JAPANESE, line).await;
        assert!(wrong.code == 3 && wrong.words.starts_with(head), "{wrong:?}");
        wrong.mentions(&["sekisho.toml", "nonsense"]);
    }
}

#[tokio::test]
async fn the_guide_of_the_demo_is_in_japanese_and_its_commands_are_the_same_r301() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    let said = world.path("guide");
    let file = std::fs::File::create(&said).unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let mut demo = program(&world);
    demo.env("LANG", JAPANESE).args(["demo", "--dir", "demo", "--listen", &listen]).stdout(file).stderr(Stdio::inherit());
    let mut demo = demo.spawn().unwrap();
    // It makes keys, passwords and people first, which takes a while in a build that is not optimised.
    let end = Instant::now() + Duration::from_secs(60);
    while !world.read("guide").contains("Ctrl-Cで終了します。") && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let guide = world.read("guide");
    demo.kill().await.unwrap();
    for text in [
        "  アクセス先\n",
        "ポータル：アプリ、セッション、アカウント\n",
        "/admin 管理画面：adminで利用\n",
        "    1. Wikiを開き、aliceとしてサインインします。",
        "       curl --cacert ",
        "-H 'content-type: application/json' -d '{\"account\": \"wages\", \"amount\": 1200}' を付けて",
        "sekisho approver --authority FILE register 'LINK'",
        "Ctrl-Cで終了します。\n",
    ] {
        assert!(guide.contains(text), "no {text:?} in {guide}");
    }
    let english = ["Go to", "password", "Your browser", "Open the"].into_iter().find(|word| guide.contains(word));
    assert!(english.is_none(), "{english:?} in {guide}");
    // The head of the table of people stands above what it heads.
    let lines: Vec<&str> = guide.lines().collect();
    let head = lines.iter().position(|line| line.trim_start().starts_with("名前 ")).unwrap();
    let person: serde_json::Value = serde_json::from_str(&world.read("demo/people.json")).unwrap();
    let key = person[0]["key"].as_str().unwrap();
    assert_eq!(column(lines[head], "認証アプリのキー"), column(lines[head + 1], key), "{guide}");
}
