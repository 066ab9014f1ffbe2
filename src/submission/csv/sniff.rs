//! What a file is, by its first bytes, and what a byte that is not UTF-8 was meant to be.

use super::super::fault::Format;

/// The format of a file that is not CSV, where its beginning gives it away.
pub(super) fn other_format(data: &[u8]) -> Option<Format> {
    const MAGIC: [(&[u8], Format); 8] = [
        (b"PK\x03\x04", Format::Workbook),
        (b"PK\x05\x06", Format::Workbook),
        (b"\xD0\xCF\x11\xE0", Format::OldWorkbook),
        (b"%PDF", Format::Pdf),
        (b"\x1F\x8B", Format::Gzip),
        (b"PAR1", Format::Parquet),
        (b"\xFF\xFE", Format::Utf16),
        (b"\xFE\xFF", Format::Utf16),
    ];
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| data.starts_with(magic)) {
        return Some(*format);
    }
    // Letters of the West in UTF-16 without a mark: every other byte is zero.
    if matches!(data, [0, a, 0, b, ..] | [a, 0, b, 0, ..] if *a != 0 && *b != 0) {
        return Some(Format::Utf16);
    }
    let text = data.trim_ascii_start();
    let (&first, rest) = text.split_first()?;
    let second = rest.trim_ascii_start().first();
    match first {
        b'<' if rest
            .first()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?')) =>
        {
            Some(Format::Markup)
        }
        b'{' if matches!(second, Some(b'"' | b'}')) => Some(Format::Json),
        b'[' if matches!(second, Some(b'{' | b'[' | b'"' | b']')) => Some(Format::Json),
        _ => None,
    }
}

/// The delimiter of Excel's own first line, `sep=;`, and the bytes and lines that it takes.
pub(super) fn separator_line(data: &[u8]) -> Option<(u8, usize)> {
    let rest = data.strip_prefix(b"sep=").or_else(|| data.strip_prefix(b"SEP="))?;
    match *rest {
        [delimiter, b'\r', b'\n', ..] => Some((delimiter, 7)),
        [delimiter, b'\r' | b'\n', ..] => Some((delimiter, 6)),
        _ => None,
    }
}

/// The letter of a byte in Windows-1252.
pub(super) fn windows_1252(byte: u8) -> Option<char> {
    const UPPER: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’',
        '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => Some(UPPER[usize::from(byte - 0x80)]).filter(|&letter| letter != '\0'),
        _ => Some(char::from(byte)),
    }
}

/// The text of bytes that may be Windows-1252 where they are not UTF-8, and the first byte that is not UTF-8.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<u8>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => {
            let letters = bytes.iter().map(|&byte| windows_1252(byte).unwrap_or(char::REPLACEMENT_CHARACTER));
            (letters.collect(), bytes.get(error.valid_up_to()).copied())
        }
    }
}
