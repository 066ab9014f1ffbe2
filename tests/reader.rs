//! CSV files as they come: whatever the bytes, every fault is told with its place, and what is good is read as written.

use std::fmt::Write as _;
use std::io::{self, Read};

use proptest::prelude::*;
use sikes::standard::Language;
use sikes::submission::cell::DecimalMark;
use sikes::submission::csv::{BATCH_ROWS, Chunk, Dialect, Limits, Reader, Summary};
use sikes::submission::fault::Faults;
use sikes::submission::layout::{ColumnSpec, Layout};
use sikes::table::{Absence, DataType, Values};

fn column(name: &str, data_type: DataType, required: bool) -> ColumnSpec {
    ColumnSpec { name: name.to_owned(), data_type, required, absence_words: name == "beverage" }
}

fn seizures() -> Layout {
    Layout {
        columns: vec![
            column("country", DataType::Text, true),
            column("period", DataType::Period, true),
            column("beverage", DataType::Text, false),
            column("volume", DataType::Number, true),
            column("bottles", DataType::Integer, false),
            column("seized_on", DataType::Date, false),
            column("illicit", DataType::Boolean, false),
        ],
    }
}

/// Everything that a file comes to.
struct Outcome {
    positions: Vec<Option<usize>>,
    chunks: Vec<Chunk>,
    summary: Summary,
    faults: Faults,
}

impl Outcome {
    fn rows(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.batch.rows()).sum()
    }
}

fn read_with(source: impl Read, layout: &Layout, dialect: Dialect, limits: Limits) -> Outcome {
    let mut reader = Reader::open(source, "seizures.csv", layout, dialect, limits).expect(OPENED);
    let mut chunks = Vec::new();
    while let Some(chunk) = reader.next_batch().expect(READ) {
        assert_eq!(chunk.batch.columns.len(), layout.columns.len());
        chunks.push(chunk);
    }
    assert!(reader.next_batch().expect(READ).is_none());
    let positions = reader.header_columns().to_vec();
    let (summary, faults) = reader.finish().expect(READ);
    Outcome { positions, chunks, summary, faults }
}

fn read(bytes: &[u8]) -> Outcome {
    read_with(bytes, &seizures(), Dialect::default(), Limits::default())
}

fn ids(outcome: &Outcome) -> Vec<(&'static str, Option<u64>, u64)> {
    outcome
        .faults
        .groups()
        .iter()
        .map(|group| (group.samples[0].kind.id(), group.samples[0].line, group.count))
        .collect()
}

/// Gives so many bytes at a time, and is interrupted between them.
struct Trickle<'bytes> {
    bytes: &'bytes [u8],
    step: usize,
    interrupted: bool,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = self.step.min(buffer.len()).min(self.bytes.len());
        buffer[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// Bytes without end, or nearly: what a source gives while counting how much was asked of it.
struct Endless {
    left: u64,
    head: &'static [u8],
    body: &'static [u8],
    at: usize,
    taken: u64,
}

impl Endless {
    fn new(head: &'static [u8], body: &'static [u8], left: u64) -> Self {
        Self { left, head, body, at: 0, taken: 0 }
    }
}

impl Read for &mut Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(usize::try_from(self.left).expect("a count"));
        for byte in &mut buffer[..count] {
            *byte = match self.head.get(self.at) {
                Some(byte) => *byte,
                None => self.body[(self.at - self.head.len()) % self.body.len()],
            };
            self.at += 1;
        }
        self.left -= count as u64;
        self.taken += count as u64;
        Ok(count)
    }
}

const FORMATTED: &str = "a text takes what is written";
const OPENED: &str = "bytes can be opened";
const READ: &str = "bytes can be read";
const HEADER: &str = "country,period,beverage,volume,bottles,seized_on,illicit\n";

/// Small files, each with its own trouble.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let with_header = |rows: &str| format!("{HEADER}{rows}").into_bytes();
    let utf16 = |big: bool, mark: bool| {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = format!("{mark}{HEADER}").encode_utf16().collect::<Vec<u16>>();
        units.into_iter().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let semicolons = format!("{HEADER}PE,2024,Ron,1250.5,10,2024-01-31,true\n").replace(',', ";");
    vec![
        // The file.
        ("empty", Vec::new()),
        ("only a byte order mark", b"\xEF\xBB\xBF".to_vec()),
        ("only blank lines", b"\n\r\n  \r".to_vec()),
        ("only a header", HEADER.into()),
        ("a header without line end", HEADER.trim_end().into()),
        ("a header and blank rows", with_header("\n,,,,,,\n \n")),
        ("workbook", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0".to_vec()),
        ("old workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec()),
        ("pdf", b"%PDF-1.7\n%\xE2\xE3".to_vec()),
        ("html", b"\r\n<!DOCTYPE html><table><tr><td>country".to_vec()),
        ("xml behind a byte order mark", b"\xEF\xBB\xBF<?xml version=\"1.0\"?>".to_vec()),
        ("json", b"[\n {\"country\": \"PE\"}]".to_vec()),
        ("gzip", b"\x1F\x8B\x08\0".to_vec()),
        ("parquet", b"PAR1\x15\x04".to_vec()),
        ("utf-16 little", utf16(false, true)),
        ("utf-16 big", utf16(true, true)),
        ("utf-16 little without a mark", utf16(false, false)),
        ("utf-16 big without a mark", utf16(true, false)),
        // The delimiter.
        ("semicolons", semicolons.clone().into()),
        ("semicolons and quotes", semicolons.replace("country", "\"country\"").into()),
        ("tabs", semicolons.replace(';', "\t").into()),
        ("bars", semicolons.replace(';', "|").into()),
        ("sep line of another", format!("sep=;\r\n{semicolons}").into()),
        (
            "sep line of the same",
            [b"\xEF\xBB\xBFsep=,\r\n".to_vec(), with_header("PE,2024,,x,,,\n")].concat(),
        ),
        ("lines in quotes", b"\"country,period,\"\"volume\"\"\"\n\"PE,2024,1\"\n".to_vec()),
        // The header.
        ("title row", b"Informe de incautaciones 2024,,,\ncountry,period,volume\nPE,2024,1\n".to_vec()),
        ("no header", b"PE,2024,Ron,1,2,2024-01-31,true\n".to_vec()),
        ("misspelt", b"country ,PERIOD,volumen,Seized on,Ilicit\nPE,2024,1,2024-01-31,true\n".to_vec()),
        ("misspelt and faulty cells", b"Country,period,VOLUME\nPE,Jul-17,1\n".to_vec()),
        ("mark within", "\u{feff}\u{feff}country,period,volume\nPE,2024,1\n".into()),
        ("unknown and missing", b"country,comments,importer,bottles\nPE,a,b,1\n".to_vec()),
        ("twice", b"country,period,volume,volume,Volume\nPE,2024,1,2,3\n".to_vec()),
        ("no names", b"country,,period,volume,,\nPE,x,2024,1,,\nPE,x,2024,1,y,\n".to_vec()),
        ("quote open in the header", b"country,\"period,volume\nPE,2024,1\n".to_vec()),
        ("nul in the header", b"country,per\0iod,volume\nPE,2024,1\n".to_vec()),
        ("latin-1 in the header", b"country,period,volume,a\xF1o\nPE,2024,1,x\n".to_vec()),
        ("too many columns", [b"country,".repeat(1025), b"x\n".to_vec()].concat()),
        // The quotes.
        ("quote open to the end", with_header("PE,2024,\"Ron,1,2,,\nPE,2024,Ron,2,2,,\nPE,2024,Ron,x,2,,\n")),
        ("quote open on the last line", with_header("PE,2024,Ron,2,2,,\nPE,2024,\"Ron,1,2,,")),
        (
            "quote closed by another's",
            with_header("PE,2024,\"Ron,1,2,,\nPE,2024,Ron,1,2,,\nPE,2024,\"Ron\",1,2,,\n"),
        ),
        ("text after a quote", with_header("PE,2024,\"Cognac \"VSOP\", 40%\",1,2,,\nPE,2024,Ron,2,2,,\n")),
        ("quote swallows a line end", with_header("PE,2024,\"Ron,1,2,,\nPE,2024,Ron,1,2,,\"\n")),
        ("space before a quote", with_header("PE,2024, \"Ron, blanco\",1,2,,\n")),
        ("quotes that are well", with_header("\"PE\",\"2024\",\"a \"\"b\"\"\r\nc,\" ,\"1\",12\",,\n")),
        // The rows.
        ("too few", with_header("PE,2024,Ron,1\n\nPE\nPE,2024,Ron,1,2,,\n")),
        ("too many", with_header("PE,2024,Ron,1250,5,2,2024-01-31,true\nPE,2024,Ron,1,2,,,,  ,\n")),
        ("too few over lines", with_header("PE,2024,\"Ron\n\n\",1\n")),
        // The cells.
        (
            "numbers",
            with_header(
                "PE,2024,Ron,\"1.250,5\",1.5,,\nPE,2024,Ron,12 hl,\"1,250\",,\nPE,2024,Ron,s/d,#N/A,,\n",
            ),
        ),
        ("dates", with_header("PE,07/2017,Ron,1,2,31/12/2024,VERDADERO\nPE,2024,Ron,1,2,45657,1\n")),
        (
            "latin-1",
            [with_header("PE,2024,"), b"A\xF1ejo,1,2,,\nPE,2024,\"\x93Caf\xE9\x94\",1,2,,\xA0\n".to_vec()]
                .concat(),
        ),
        ("nul", with_header("PE,2024,a\0b,1\0,2,,\n")),
        ("long text", with_header(&format!("PE,2024,{},1,2,,\n", "ñ".repeat(40_000)))),
        ("bytes at random", (0..=255).cycle().take(3000).collect()),
    ]
}

#[test]
fn hostile_files_are_told_what_is_wrong() {
    let mut shown = String::new();
    for (name, bytes) in hostile() {
        let outcome = read(&bytes);
        let Summary { rows, refused_rows, blank_rows, complete, .. } = outcome.summary;
        let given_up = if complete { "" } else { ", given up" };
        writeln!(shown, "{name}: {rows} rows, {refused_rows} refused, {blank_rows} blank{given_up}")
            .expect(FORMATTED);
        for group in outcome.faults.groups() {
            let sample = &group.samples[0];
            write!(shown, "  {}", sample.kind.id()).expect(FORMATTED);
            if group.count > 1 {
                write!(shown, " x{}", group.count).expect(FORMATTED);
            }
            if let Some(line) = sample.line {
                write!(shown, " line {line}").expect(FORMATTED);
            }
            if let Some(column) = sample.column {
                write!(shown, " column {column}").expect(FORMATTED);
            }
            if let Some(column) = &sample.column_name {
                write!(shown, " {column:?}").expect(FORMATTED);
            }
            if let Some(text) = &sample.text {
                write!(shown, " text {text:?}").expect(FORMATTED);
            }
            writeln!(shown, ": {}; {}", sample.message(Language::English), sample.fix(Language::English))
                .expect(FORMATTED);
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("hostile_files", shown);
    });
}

#[test]
fn a_good_file_is_read_as_written() {
    let text = "\u{feff}illicit,volume,country,period,seized_on,beverage\r\n\
        true,12.50,PE,2024-Q2,2024-02-29,\"Ron \"\"A\"\", añejo\r\nde 5 años\"\r\n\
        \r\n\
        ,not_available,CO,2016/2018,confidential,not_collected\r\n\
        FALSE,1.2e3,MX,2024,1970-01-01,,,\r";
    let outcome = read(text.as_bytes());
    assert_eq!(ids(&outcome), []);
    assert_eq!(outcome.positions, [Some(3), Some(4), Some(6), Some(2), None, Some(5), Some(1)]);
    let summary = &outcome.summary;
    assert_eq!((summary.rows, summary.blank_rows, summary.complete), (3, 1, true));
    assert_eq!(summary.bytes, text.len() as u64);
    let [chunk] = outcome.chunks.as_slice() else { panic!("one batch") };
    assert!(chunk.faulted.is_empty());
    let batch = &chunk.batch;
    assert_eq!(batch.lines, [2, 5, 6]);
    let reasons = |index: usize| batch.columns[index].absences.clone();
    let [country, period, beverage, volume, bottles, seized_on, illicit] = batch.columns.as_slice() else {
        panic!("seven columns")
    };
    assert_eq!(texts(&country.values), [Some("PE"), Some("CO"), Some("MX")]);
    assert_eq!(texts(&period.values), [Some("2024-Q2"), Some("2016/2018"), Some("2024")]);
    assert_eq!(texts(&beverage.values), [Some("Ron \"A\", añejo\r\nde 5 años"), None, None]);
    assert_eq!(reasons(2), [None, Some(Absence::NotCollected), None]);
    assert_eq!(numbers(&volume.values), [Some(12.5), None, Some(1200.0)]);
    assert_eq!(volume.decimals, [2, 0, -2]);
    assert_eq!(reasons(3), [None, Some(Absence::NotAvailable), None]);
    assert_eq!(numbers(&bottles.values), [None, None, None]);
    assert_eq!((bottles.decimals.len(), bottles.absences.len()), (0, 0));
    let Values::Date(days) = &seized_on.values else { panic!("dates") };
    assert_eq!(days.iter().collect::<Vec<_>>(), [Some(19_782), None, Some(0)]);
    assert_eq!(reasons(5), [None, Some(Absence::Confidential), None]);
    let Values::Boolean(illicit) = &illicit.values else { panic!("booleans") };
    assert_eq!(illicit.iter().collect::<Vec<_>>(), [Some(true), None, Some(false)]);
}

#[test]
fn the_digest_is_that_of_the_bytes() {
    let hex = |outcome: &Outcome| outcome.summary.digest.map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(hex(&read(b"")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    // A file that is given up is read for its digest all the same.
    let given_up = read(b"abc");
    assert!(!given_up.summary.complete);
    assert_eq!(hex(&given_up), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_declared_dialect_is_read() {
    let dialect = Dialect { delimiter: b';', decimal: DecimalMark::Comma };
    let text = "country;period;volume\nPE;2024;1250,50\nPE;2024;1250.5\n";
    let outcome = read_with(text.as_bytes(), &seizures(), dialect, Limits::default());
    assert_eq!(ids(&outcome), [("decimal_point", Some(3), 1)]);
    assert_eq!(numbers(&outcome.chunks[0].batch.columns[3].values), [Some(1250.5), None]);
    assert_eq!(outcome.chunks[0].faulted, [(1, 3)]);
}

#[test]
fn faults_are_counted_without_being_kept() {
    let rows = 100_000;
    let text = format!("{HEADER}{}", "PE,2024,Ron,\"1,5\",x,,\nPE\n".repeat(rows));
    let outcome = read(text.as_bytes());
    let rows = rows as u64;
    assert_eq!(
        ids(&outcome),
        [("decimal_comma", Some(2), rows), ("not_a_number", Some(2), rows), ("too_few_cells", Some(3), rows)]
    );
    assert_eq!(outcome.faults.samples().count(), 30);
    assert_eq!(outcome.faults.count(), 3 * rows);
    assert_eq!((outcome.summary.rows, outcome.summary.refused_rows), (rows, rows));
    let faulted: Vec<(u32, u32)> = outcome.chunks.iter().flat_map(|chunk| chunk.faulted.clone()).collect();
    assert_eq!(faulted.len() as u64, 2 * rows);
    assert_eq!(faulted[..4], [(0, 3), (0, 4), (1, 3), (1, 4)]);
    assert!(outcome.chunks.iter().all(|chunk| chunk.batch.rows() <= BATCH_ROWS));
}

#[test]
fn a_line_without_end_is_refused_early() {
    let cases: [(&'static [u8], &'static [u8], &str); 4] = [
        (b"", b"x", "row_too_long"),
        (b"", b"country,", "row_too_long"),
        (b"country,period,volume\nPE,2024,", b"1", "row_too_long"),
        (b"country,period,volume\nPE,2024,\"", b"1", "row_too_long"),
    ];
    for (head, body, id) in cases {
        let mut source = Endless::new(head, body, 100 << 20);
        let limits = Limits::default();
        let mut reader =
            Reader::open(&mut source, "", &seizures(), Dialect::default(), limits).expect(OPENED);
        assert!(reader.next_batch().expect(READ).is_none());
        let found: Vec<&str> = reader.faults().samples().map(|fault| fault.kind.id()).collect();
        assert_eq!(found, [id]);
        drop(reader);
        assert!(source.taken < 3 << 20, "{} bytes were read", source.taken);
    }
}

#[test]
fn an_open_quote_costs_one_row_of_a_large_file() {
    let good = "PE,2024,Ron,1,2,,\n";
    let rows = 100_000;
    let text = format!("{HEADER}PE,2024,\"Ron,1,2,,\n{}", good.repeat(rows));
    let outcome = read(text.as_bytes());
    assert_eq!(ids(&outcome), [("quote_left_open", Some(2), 1)]);
    assert_eq!((outcome.rows(), outcome.summary.refused_rows), (rows, 1));
    assert_eq!(outcome.chunks[0].batch.lines[0], 3);
    // One such quote on each line costs one look at two lines, not at all that follow.
    let text = format!("{HEADER}{}", "PE,2024,\"Ron,1,2,,\n".repeat(rows));
    let outcome = read(text.as_bytes());
    assert_eq!(outcome.summary.refused_rows, rows as u64);
    assert_eq!(outcome.faults.count(), rows as u64);
}

#[test]
fn a_batch_of_long_texts_ends_early() {
    let text = format!("PE,2024,{},1,2,,\n", "x".repeat(60_000));
    let outcome = read(format!("{HEADER}{}", text.repeat(600)).as_bytes());
    assert_eq!(outcome.rows(), 600);
    assert!(outcome.chunks.len() > 3, "{} batches", outcome.chunks.len());
}

#[test]
fn a_source_that_fails_is_an_error_and_ends_the_reading() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let half = format!("{HEADER}{}", "PE,2024,Ron,1,2,,\n".repeat(20_000));
    let mut reader =
        Reader::open(half.as_bytes().chain(Failing), "", &seizures(), Dialect::default(), Limits::default())
            .expect(OPENED);
    assert_eq!(reader.next_batch().expect(READ).expect("a batch").batch.rows(), BATCH_ROWS);
    while let Ok(chunk) = reader.next_batch() {
        assert!(chunk.is_some());
    }
    assert!(reader.next_batch().expect(READ).is_none());
    assert!(reader.finish().is_err());
    assert!(Reader::open(Failing, "", &seizures(), Dialect::default(), Limits::default()).is_err());
}

#[test]
fn results_do_not_depend_on_how_bytes_arrive() {
    let mut files = hostile();
    files.push(("large", format!("{HEADER}{}", "PE,2024,\"a\r\nb\",x,2,,\r\n".repeat(9000)).into()));
    for (name, bytes) in files {
        for limits in [Limits::default(), Limits { row_bytes: 40, columns: 8, samples: 2 }] {
            let whole = read_with(bytes.as_slice(), &seizures(), Dialect::default(), limits);
            for step in [1, 2, 3, 1000] {
                let trickle = Trickle { bytes: &bytes, step, interrupted: false };
                let parts = read_with(trickle, &seizures(), Dialect::default(), limits);
                assert_same(name, &whole, &parts);
            }
        }
    }
}

fn assert_same(name: &str, left: &Outcome, right: &Outcome) {
    assert_eq!(left.summary, right.summary, "{name}");
    assert_eq!(left.positions, right.positions, "{name}");
    assert_eq!(left.faults.groups(), right.faults.groups(), "{name}");
    assert_eq!(format!("{:?}", left.chunks), format!("{:?}", right.chunks), "{name}");
}

fn texts(values: &Values) -> Vec<Option<&str>> {
    match values {
        Values::Text(values) => values.iter().collect(),
        _ => panic!("text"),
    }
}

fn numbers(values: &Values) -> Vec<Option<f64>> {
    match values {
        Values::Number(values) => values.iter().collect(),
        _ => panic!("numbers"),
    }
}

/// A cell of a random table: what is written, and whether in quotes.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    quoted: bool,
}

impl Written {
    fn push_to(&self, file: &mut Vec<u8>, delimiter: u8) {
        let quoted = self.quoted
            || self.text.starts_with([' ', '"'])
            || self.text.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | b'"') || byte == delimiter);
        if quoted {
            file.extend(format!("\"{}\"", self.text.replace('"', "\"\"")).bytes());
        } else {
            file.extend(self.text.bytes());
        }
    }

    fn lines(&self) -> u64 {
        self.text.replace("\r\n", "\n").matches(['\n', '\r']).count() as u64
    }
}

fn written(pattern: &'static str) -> impl Strategy<Value = Written> {
    (pattern, any::<bool>()).prop_map(|(text, quoted)| Written { text, quoted })
}

fn record() -> impl Strategy<Value = [Written; 4]> {
    [
        written("[a-zñ€ ,;\"\n\r\t]{0,12}").boxed(),
        written("-?[0-9]{1,9}(\\.[0-9]{0,6})?").boxed(),
        written("|-?[0-9]{1,15}").boxed(),
        // Values and faults of a number column, some of them long enough to be cut.
        written("[0-9]{1,5}|1,5|12 hl|x[é\"\n,]{0,90}y").boxed(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_written_table_is_read_back(
        records in prop::collection::vec(record(), 1..40),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        blank in prop::collection::vec(any::<bool>(), 40),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        last_end in any::<bool>(),
        step in 1_usize..50,
    ) {
        let layout = Layout {
            columns: vec![
                column("note", DataType::Text, true),
                column("volume", DataType::Number, true),
                column("bottles", DataType::Integer, true),
                column("price", DataType::Number, true),
            ],
        };
        let mut file = b"note,volume,bottles,price".to_vec();
        file.iter_mut().filter(|byte| **byte == b',').for_each(|byte| *byte = delimiter);
        let mut line = 1;
        let mut lines = Vec::new();
        for (record, blank) in records.iter().zip(blank) {
            file.extend(end.bytes());
            line += 1;
            if blank {
                file.extend(end.bytes());
                line += 1;
            }
            lines.push(line);
            for (index, cell) in record.iter().enumerate() {
                if index > 0 {
                    file.push(delimiter);
                }
                cell.push_to(&mut file, delimiter);
                line += cell.lines();
            }
        }
        if last_end {
            file.extend(end.bytes());
        }
        let dialect = Dialect { delimiter, ..Dialect::default() };
        let limits = Limits { samples: 1000, ..Limits::default() };
        let source = Trickle { bytes: &file, step, interrupted: false };
        let outcome = read_with(source, &layout, dialect, limits);
        let [chunk] = outcome.chunks.as_slice() else { panic!("one batch") };
        prop_assert_eq!(&chunk.batch.lines, &lines);
        prop_assert_eq!(outcome.summary.rows, records.len() as u64);

        let [note, volume, bottles, price] = chunk.batch.columns.as_slice() else { panic!("four columns") };
        let mut faults = outcome.faults.samples().collect::<Vec<_>>();
        faults.sort_by_key(|fault| fault.line);
        let mut faults = faults.into_iter();
        let mut faulted = chunk.faulted.iter();
        for (row, [text, number, whole, any]) in records.iter().enumerate() {
            let expected = (!text.text.trim().is_empty()).then_some(text.text.as_str());
            prop_assert_eq!(texts(&note.values)[row], expected);
            prop_assert_eq!(numbers(&volume.values)[row], Some(number.text.parse::<f64>().expect("a number") + 0.0));
            let decimals = number.text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            prop_assert_eq!(usize::try_from(volume.decimals[row]).expect("a count"), decimals);
            prop_assert_eq!(numbers(&bottles.values)[row], whole.text.parse().ok().map(|value: f64| value + 0.0));
            let value: Option<f64> = any.text.parse().ok();
            prop_assert_eq!(numbers(&price.values)[row], value);
            if value.is_none() {
                // The place of the fault holds the text of the fault.
                let fault = faults.next().expect("a fault");
                prop_assert_eq!((fault.line, fault.column), (Some(lines[row]), Some(4)));
                prop_assert_eq!(fault.column_name.as_deref(), Some("price"));
                let text = fault.text.as_deref().expect("a text");
                if let Some(start) = text.strip_suffix('…') {
                    prop_assert!(any.text.starts_with(start) && start.chars().count() == 80);
                } else {
                    prop_assert_eq!(text, any.text.as_str());
                }
                prop_assert_eq!(faulted.next(), Some(&(u32::try_from(row).expect("a row"), 3)));
            }
        }
        prop_assert!(faults.next().is_none() && faulted.next().is_none());
    }

    #[test]
    fn no_bytes_are_too_strange(
        header in any::<bool>(),
        bytes in prop::collection::vec(prop_oneof![
            4 => prop::sample::select(b"\"\"\"\n\n\r,,,; 1x.\0\xF1".to_vec()),
            1 => any::<u8>(),
        ], 0..600),
        step in 1_usize..80,
        row_bytes in 1_usize..200,
    ) {
        let mut file = if header { HEADER.as_bytes().to_vec() } else { Vec::new() };
        file.extend(&bytes);
        let limits = Limits { row_bytes, columns: 9, samples: 3 };
        let whole = read_with(file.as_slice(), &seizures(), Dialect::default(), limits);
        let parts = read_with(Trickle { bytes: &file, step, interrupted: false }, &seizures(), Dialect::default(), limits);
        assert_same("bytes", &whole, &parts);
        let lines = 1 + file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
        for group in whole.faults.groups() {
            prop_assert!(!group.samples.is_empty() && group.samples.len() <= 3);
            prop_assert!(group.samples.len() as u64 <= group.count);
            for fault in &group.samples {
                prop_assert!(fault.line.is_none_or(|line| (1..=lines).contains(&line)));
                prop_assert!(fault.text.as_ref().is_none_or(|text| text.chars().count() <= 81));
            }
        }
        prop_assert_eq!(whole.summary.bytes, file.len() as u64);
        prop_assert_eq!(whole.summary.rows, whole.rows() as u64);
        for chunk in &whole.chunks {
            prop_assert!(chunk.batch.lines.is_sorted_by(|left, right| left < right));
            for &(row, column) in &chunk.faulted {
                prop_assert!(chunk.batch.columns[column as usize].values.is_null(row as usize));
            }
        }
    }

    /// Where `csv-core` and this reader may both be right, they agree.
    #[test]
    fn tables_without_faults_are_read_as_csv_core_reads_them(
        rows in prop::collection::vec(prop::collection::vec("[a-z]{1,3}|\"[a-z,]{0,5}(\"\")?[\n,]?\"|[a-z]\"[a-z]", 3), 1..20),
    ) {
        let layout = Layout { columns: ["a", "b", "c"].map(|name| column(name, DataType::Text, true)).to_vec() };
        let mut file = "a,b,c\n".to_owned();
        for row in &rows {
            writeln!(file, "{}", row.join(",")).expect(FORMATTED);
        }
        let outcome = read_with(file.as_bytes(), &layout, Dialect::default(), Limits::default());
        prop_assert!(outcome.faults.groups().iter().all(|group| group.samples[0].kind.id() == "no_rows"));
        let columns: Vec<Vec<Option<&str>>> = match outcome.chunks.as_slice() {
            [chunk] => chunk.batch.columns.iter().map(|column| texts(&column.values)).collect(),
            _ => vec![Vec::new(); 3],
        };
        let expected = by_csv_core(&file);
        let expected: Vec<&[String]> =
            expected.chunks(3).skip(1).filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
        prop_assert_eq!(columns[0].len(), expected.len());
        for (row, cells) in expected.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let cell = (!cell.trim().is_empty()).then_some(cell.as_str());
                prop_assert_eq!(columns[column][row], cell);
            }
        }
    }
}

/// All cells of a text, one row after the other.
fn by_csv_core(text: &str) -> Vec<String> {
    let mut reader = csv_core::Reader::new();
    let mut input = text.as_bytes();
    let mut output = vec![0; text.len() + 1];
    let mut cells = Vec::new();
    loop {
        let (result, read, written) = reader.read_field(input, &mut output);
        input = &input[read..];
        match result {
            csv_core::ReadFieldResult::Field { .. } => {
                cells.push(String::from_utf8(output[..written].to_vec()).expect("text"));
            }
            csv_core::ReadFieldResult::End => return cells,
            csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
        }
    }
}
