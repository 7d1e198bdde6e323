//! Writes every page in every state as HTML, with the headers it is served with, for `tests/browser/pages.test.mjs` and for
//! the author of a page: `cargo run --example pages -- target/pages`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use http::HeaderMap;
use sekisho::portal::kit::language::Language;
use sekisho::portal::kit::{assets, protection};
use sekisho::portal::samples::samples;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/pages".to_owned()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    let mut list = Vec::new();
    for language in Language::ALL {
        for sample in samples(language) {
            let file = format!("{}.{}.{}.html", sample.page, sample.number, language.tag());
            let mut headers = HeaderMap::new();
            if sample.html.contains("<style>") {
                protection::protect_standalone(&mut headers, &[]);
                if sample.html.contains("<script>") {
                    protection::allow_script(&mut headers, &assets::AGAIN);
                }
            } else if sample.html.contains("<script") {
                protection::protect_scripted(&mut headers, &[]);
            } else {
                protection::protect(&mut headers, &[]);
            }
            let headers: serde_json::Map<String, serde_json::Value> = headers
                .iter()
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned().into()))
                .collect();
            fs::write(folder.join(&file), &sample.html)?;
            list.push(serde_json::json!({
                "file": file, "page": sample.page, "number": sample.number, "language": language.tag(), "headers": headers,
            }));
        }
    }
    for asset in [&*assets::STYLE, &*assets::GATE].into_iter().chain(&*assets::ICONS) {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.content)?;
    }
    fs::write(folder.join("index.json"), serde_json::to_string_pretty(&list)?)?;
    Ok(())
}
