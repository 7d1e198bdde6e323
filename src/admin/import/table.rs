//! Tables as spreadsheets write them: CSV (RFC 4180), with commas, semicolons or tabs between the cells.

use csv::{Position, ReaderBuilder, Trim};

use super::fault::ImportFault;

/// A row, with the line that it begins on, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TableRow {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Cells of a row at most.
const CELLS: usize = 32;

/// A row of our own behind the text: what is not read as a row by itself stands in a quote that was never closed.
const BEHIND: &str = "\nend";

/// The rows of a text, the first `most` and one more if there are more; a row without anything in it is none.
///
/// # Errors
/// What is wrong, with the line.
pub(super) fn rows(text: &str, most: usize) -> Result<Vec<TableRow>, ImportFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = head.bytes().find(|byte| matches!(byte, b',' | b';' | b'\t')).unwrap_or(b',');
    let closed = [text, BEHIND].concat();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(Trim::All)
        .from_reader(closed.as_bytes());
    let (mut rows, mut last) = (Vec::new(), 1);
    for record in reader.records() {
        let record = record.map_err(|error| ImportFault::Other(error.to_string()))?;
        let (line, begins) = beginning(&closed, record.position());
        if begins > text.len() {
            return Ok(rows);
        }
        if record.len() > CELLS {
            return Err(ImportFault::LongRow { line, most: CELLS });
        }
        last = line;
        if record.iter().any(|cell| !cell.is_empty()) {
            rows.push(TableRow { line, cells: record.iter().map(str::to_owned).collect() });
        }
        if rows.len() > most {
            return Ok(rows);
        }
    }
    Err(ImportFault::OpenQuote(last))
}

/// Line and byte of a record's first character: its position is that of the empty lines before it.
fn beginning(text: &str, position: Option<&Position>) -> (usize, usize) {
    let (line, byte) = position.map_or((1, 0), |position| (position.line() as usize, position.byte() as usize));
    let rest = text.get(byte..).unwrap_or_default();
    let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    (line + rest.get(..empty).unwrap_or_default().matches('\n').count(), byte + empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, String)> {
        rows(text, 100).unwrap().into_iter().map(|row| (row.line, row.cells.join("|"))).collect()
    }

    #[test]
    fn rows_are_read_as_spreadsheets_write_them() {
        let expected = [(1, "a|b|c".to_owned()), (2, "1|2|".to_owned()), (4, "x|y z|".to_owned())];
        for text in ["a,b,c\n1,2,\n\nx, y z ,\n", "\u{feff}a;b;c\r\n1;2;\r\n\r\nx; y z ;", "a\tb\tc\n1\t2\t\n\nx\ty z\t"] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        let quoted = "a,b\n\"one \"\"1\"\"\nand, more\",\"2\" \r\nlast,\"\"\n";
        assert_eq!(read(quoted), [(1, "a|b".to_owned()), (2, "one \"1\"\nand, more|2".to_owned()), (4, "last|".to_owned())]);
        assert_eq!(read(""), []);
        assert_eq!(read("\n , ,\n"), []);
        assert_eq!(
            read("a,b\n5\" disk,end\nend\n"),
            [(1, "a|b".to_owned()), (2, "5\" disk|end".to_owned()), (3, "end".to_owned())]
        );
        assert_eq!(rows(&"1\n".repeat(50), 10).unwrap().len(), 11);
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        for (text, why) in [
            ("a,b\n1,\"2\n3\n", "line 2: the quote that begins a cell here is never closed"),
            ("a,b\n1,2\n\n\n3,\"4\n5,6\n", "line 5: the quote that begins a cell here is never closed"),
            ("a,b\n1,\"2", "line 2: the quote that begins a cell here is never closed"),
            (&",".repeat(40), "a row has 32 cells at most"),
        ] {
            let wrong = rows(text, 100).unwrap_err().to_string();
            assert!(wrong.contains(why), "{text:?}: {wrong}");
        }
    }
}
