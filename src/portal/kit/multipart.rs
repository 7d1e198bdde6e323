//! Forms with a file (RFC 7578): read whole, within the limits of every form, into fields. A file is a field like any other: its
//! name on the sender's disk is nobody's business here. One that is no text arrives as base64.

use std::convert::Infallible;

use axum::body::Bytes;
use futures_util::stream;

/// The fields; `None` if the body is no such form, or has more of them than `most`.
pub(super) async fn fields(body: Bytes, boundary: String, most: usize) -> Option<Vec<(String, String)>> {
    let mut form = multer::Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
    let mut fields = Vec::new();
    while let Some(field) = form.next_field().await.ok()? {
        if fields.len() == most {
            return None;
        }
        let name = field.name()?.to_owned();
        let value = Vec::from(field.bytes().await.ok()?);
        let text = String::from_utf8(value).unwrap_or_else(|binary| data_encoding::BASE64.encode(binary.as_bytes()));
        fields.push((name, text));
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: &str) -> Option<Vec<(String, String)>> {
        fields(Bytes::from(body.replace('\n', "\r\n").replace("<FF>", "\u{ff}")), "b".to_owned(), 2).await
    }

    #[tokio::test]
    async fn fields_and_files_are_read_and_what_is_cut_or_too_much_is_not() {
        let field = |name: &str, value: &str| format!("--b\nContent-Disposition: form-data; name=\"{name}\"\n\n{value}\n");
        let file =
            "--b\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/passwd\"\nContent-Type: x/y\n\na\nb\n";
        let found = read(&format!("{}{file}--b--\n", field("name", "n"))).await.unwrap();
        assert_eq!(found, [("name".to_owned(), "n".to_owned()), ("file".to_owned(), "a\r\nb".to_owned())]);
        let three = ["a", "b", "c"].map(|name| field(name, "1")).concat();
        for wrong in ["", "--b", file, "--c--\n", &format!("{three}--b--\n"), "--b\nContent-Disposition: form-data\n\nx\n--b--\n"]
        {
            assert_eq!(read(wrong).await, None, "{wrong:?}");
        }
        let binary = [
            b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n".as_slice(),
            &[0x30, 0x82, 0xff],
            b"\r\n--b--\r\n",
        ];
        let found = fields(Bytes::from(binary.concat()), "b".to_owned(), 2).await.unwrap();
        assert_eq!(found, [("file".to_owned(), "MIL/".to_owned())]);
    }
}
