//! The rows of a CSV file with their line numbers, plain or compressed.
//!
//! A quote that is opened and never properly closed would swallow the rows after it. So the lines of a row are found
//! first: where its quotes do not come out, its first line alone is broken, and reading continues with the next line.

use flate2::read::MultiGzDecoder;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A quoted cell may run over this many lines.
const LINES_PER_ROW_MAX: usize = 200;

/// A row: its first line's number, and its cells or why it cannot be read.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Result<csv::StringRecord, String>,
}

/// A file being read.
pub(super) struct Lines {
    file: String,
    input: Box<dyn BufRead>,
    /// Lines that were read and not yet given away.
    ahead: VecDeque<Vec<u8>>,
    /// The number of the first of them.
    line: u64,
    /// Takes one row apart at a time: it is given the lines of one row and asked for one.
    cells: csv::Reader<VecDeque<u8>>,
    header: csv::StringRecord,
}

impl Lines {
    /// Opens a file and reads its header.
    pub(super) fn open(path: &Path) -> Result<Lines, String> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| format!("{name}: the file cannot be read: {error}"))?;
        let ending = name.to_lowercase();
        let input: Box<dyn BufRead> = if ending.ends_with(".csv.gz") {
            Box::new(BufReader::new(MultiGzDecoder::new(file)))
        } else if ending.ends_with(".csv") {
            Box::new(BufReader::new(file))
        } else {
            return Err(format!(
                "{name}: accepted are files that end with .csv or .csv.gz"
            ));
        };
        let cells = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(VecDeque::new());
        let header = csv::StringRecord::new();
        let mut lines = Lines {
            file: name,
            input,
            ahead: VecDeque::new(),
            line: 1,
            cells,
            header,
        };
        let Some(first) = lines.next()? else {
            return Err(format!(
                "{}: the file is empty; its first line must be the header",
                lines.file
            ));
        };
        let header = first
            .cells
            .map_err(|reason| format!("{}:{}: the header: {reason}", lines.file, first.line))?;
        lines.header = header
            .iter()
            .map(|cell| cell.trim().trim_start_matches('\u{feff}'))
            .collect();
        Ok(lines)
    }

    /// The header's cells.
    pub(super) fn header(&self) -> &csv::StringRecord {
        &self.header
    }

    /// The next row; blank lines are skipped. An error means that the file cannot be read further.
    pub(super) fn next(&mut self) -> Result<Option<Row>, String> {
        loop {
            let Some(extent) = self.extent()? else {
                return Ok(None);
            };
            let count = *extent.as_ref().unwrap_or(&1);
            let line = self.line;
            let bytes: Vec<u8> = self.ahead.drain(..count).flatten().collect();
            self.line += count as u64;
            if bytes.iter().all(|b| matches!(b, b'\r' | b'\n')) {
                continue;
            }
            let cells = extent.and_then(|_| self.cells(bytes));
            return Ok(Some(Row { line, cells }));
        }
    }

    /// How many lines the next row takes, or why its first line is broken; nothing at the end of the file.
    fn extent(&mut self) -> Result<Option<Result<usize, String>>, String> {
        let mut quotes = Quotes::Start;
        for count in 0..LINES_PER_ROW_MAX {
            if count == self.ahead.len() && !self.read_line()? {
                let open = "a quote is opened and not closed before the end of the file";
                return Ok((count > 0).then(|| Err(open.to_owned())));
            }
            for byte in &self.ahead[count] {
                match quotes.after(*byte) {
                    Ok(next) => quotes = next,
                    Err(reason) => return Ok(Some(Err(reason.to_owned()))),
                }
            }
            if quotes != Quotes::Inside {
                return Ok(Some(Ok(count + 1)));
            }
        }
        Ok(Some(Err(format!(
            "a quote is opened and not closed within {LINES_PER_ROW_MAX} lines"
        ))))
    }

    fn read_line(&mut self) -> Result<bool, String> {
        let mut line = Vec::new();
        let read = self.input.read_until(b'\n', &mut line).map_err(|error| {
            let at = self.line + self.ahead.len() as u64;
            format!("{}:{at}: the file cannot be read further: {error}", self.file)
        })?;
        if read > 0 {
            self.ahead.push_back(line);
        }
        Ok(read > 0)
    }

    fn cells(&mut self, mut bytes: Vec<u8>) -> Result<csv::StringRecord, String> {
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        self.cells.get_mut().extend(bytes);
        let mut cells = csv::ByteRecord::new();
        if !self
            .cells
            .read_byte_record(&mut cells)
            .map_err(|error| error.to_string())?
        {
            return Err("the row has no end".to_owned());
        }
        let cells = csv::StringRecord::from_byte_record(cells)
            .map_err(|error| format!("cell {} is not UTF-8", error.utf8_error().field() + 1))?;
        let (found, wanted) = (cells.len(), self.header.len());
        // The header itself is read before there is one.
        if wanted > 0 && found != wanted {
            return Err(format!("{found} cells where the header has {wanted}"));
        }
        Ok(cells)
    }
}

/// Where the quotes of a row stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// In a quoted cell.
    Inside,
    /// After a quote in a quoted cell: its end, or the first half of a doubled one.
    Closing,
    /// After a carriage return, which only a line's end may follow.
    Returned,
}

impl Quotes {
    fn after(self, byte: u8) -> Result<Quotes, &'static str> {
        Ok(match (self, byte) {
            (Quotes::Inside, b'"') => Quotes::Closing,
            (Quotes::Inside, _) | (Quotes::Start | Quotes::Closing, b'"') => Quotes::Inside,
            (Quotes::Returned, b'\n') => Quotes::Returned,
            (Quotes::Returned, _) => {
                return Err("a carriage return stands inside the row, outside quotes");
            }
            (_, b'\r') => Quotes::Returned,
            (_, b',') => Quotes::Start,
            (Quotes::Closing, b'\n') => Quotes::Closing,
            (Quotes::Closing, _) => {
                return Err("a quote is opened that no comma and no line end follows where it closes");
            }
            (Quotes::Start | Quotes::Plain, _) => Quotes::Plain,
        })
    }
}
