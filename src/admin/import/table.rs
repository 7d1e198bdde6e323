//! Tables as spreadsheets write them: CSV (RFC 4180), with commas, semicolons or tabs between the cells.

/// A row, with the line that it begins on, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TableRow {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Cells of a row at most.
const CELLS: usize = 32;

/// The rows of a text, the first `most` and one more if there are more; a row without anything in it is none.
///
/// # Errors
/// What is wrong, with the line.
pub(super) fn rows(text: &str, most: usize) -> Result<Vec<TableRow>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = head.chars().find(|c| matches!(c, ',' | ';' | '\t')).unwrap_or(',');
    let mut reader = Reader { rest: text, line: 1, separator };
    let mut rows = Vec::new();
    while rows.len() <= most
        && let Some(row) = reader.row()?
    {
        if row.cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
    }
    Ok(rows)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    separator: char,
}

impl Reader<'_> {
    fn row(&mut self) -> Result<Option<TableRow>, String> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (line, mut cells) = (self.line, Vec::new());
        loop {
            cells.push(self.cell()?);
            if cells.len() > CELLS {
                return Err(format!("line {line}: a row has {CELLS} cells at most"));
            }
            match self.take() {
                Some(c) if c == self.separator => {}
                Some('\n') | None => return Ok(Some(TableRow { line, cells })),
                // Behind the closing quote of a cell.
                Some(_) => {
                    return Err(format!("line {}: behind a cell in quotes there is more; write a quote in it twice", self.line));
                }
            }
        }
    }

    /// A cell, without the blanks around it.
    fn cell(&mut self) -> Result<String, String> {
        let blanks = self.rest.len() - self.rest.trim_start_matches(' ').len();
        if !self.rest.get(blanks..).is_some_and(|rest| rest.starts_with('"')) {
            let separator = self.separator;
            let end = self.rest.find([separator, '\n']).unwrap_or(self.rest.len());
            let (cell, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok(cell.trim().to_owned());
        }
        let began = self.line;
        self.rest = self.rest.get(blanks + 1..).unwrap_or_default();
        let mut cell = String::new();
        loop {
            let Some(end) = self.rest.find('"') else {
                return Err(format!("line {began}: the quote that begins a cell here is never closed"));
            };
            let (part, rest) = self.rest.split_at(end);
            self.line += part.matches('\n').count();
            cell.push_str(part);
            self.rest = rest.get(1..).unwrap_or_default();
            match self.rest.strip_prefix('"') {
                Some(rest) => {
                    cell.push('"');
                    self.rest = rest;
                }
                None => break,
            }
        }
        self.rest = self.rest.trim_start_matches([' ', '\r']);
        Ok(cell.trim().to_owned())
    }

    fn take(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let taken = chars.next();
        self.rest = chars.as_str();
        self.line += usize::from(taken == Some('\n'));
        taken
    }
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
        assert_eq!(rows(&"1\n".repeat(50), 10).unwrap().len(), 11);
    }

    #[test]
    fn what_is_no_table_is_told_with_its_line() {
        for (text, why) in [
            ("a,b\n1,\"2\n3\n", "line 2: the quote that begins a cell here is never closed"),
            ("a,b\n\"1\"2,3\n", "line 2: behind a cell in quotes there is more"),
            (&",".repeat(40), "a row has 32 cells at most"),
        ] {
            let wrong = rows(text, 100).unwrap_err();
            assert!(wrong.contains(why), "{text:?}: {wrong}");
        }
    }
}
