use super::*;

fn cells(data: &str) -> (Scan, Vec<String>, usize, u64) {
    let mut row = Row::default();
    let found = scan(data.as_bytes(), true, b',', usize::MAX, &mut row);
    let cells = row.cells.iter().map(|span| data[span.start..span.end].to_owned()).collect();
    (found, cells, row.whole, row.inner_lines)
}

#[test]
fn a_row_ends_at_any_line_end() {
    for end in ["\n", "\r", "\r\n", ""] {
        let data = format!("a,,\"b \"\"c\"\"\" ,d\"e{end}");
        let expected = ["a", "", "b \"\"c\"\"", "d\"e"].map(String::from).to_vec();
        assert_eq!(cells(&data), (Scan::Row, expected, data.len(), 0), "{end:?}");
    }
}

#[test]
fn lines_inside_quotes_are_counted_whatever_ends_them() {
    let data = "\"a\rb\nc\r\nd\r\r\n\",e\nnext";
    assert_eq!(cells(data).3, 5);
    assert_eq!(count_lines(b"a\rb\nc\r\nd\r\r\n"), 5);
    assert_eq!(count_lines(b"a\nb\r"), 2);
    assert_eq!(count_lines(b"a\nb"), 1);
    assert_eq!(count_lines(b""), 0);
}

#[test]
fn quotes_at_fault_are_told_apart() {
    assert_eq!(cells("a,\"b\nc").0, Scan::Open { quote: 2, cell: 1 });
    assert_eq!(cells("a,\"b\"c").0, Scan::TextAfterQuote { opening: 2, closing: 4, cell: 1 });
    assert_eq!(cells("a,  \"b\"").0, Scan::SpaceBeforeQuote { quote: 4, cell: 1 });
}

#[test]
fn what_is_not_known_yet_is_asked_for() {
    let scan = |data: &str| scan(data.as_bytes(), false, b',', 9, &mut Row::default());
    assert_eq!(scan("a,b"), Scan::Cut);
    assert_eq!(scan("a,b\r"), Scan::Cut);
    assert_eq!(scan("a,\"b\""), Scan::Open { quote: 2, cell: 1 });
    assert_eq!(scan("a,\"b\"\r"), Scan::Cut);
    assert_eq!(scan("a,b\r\n"), Scan::Row);
}
