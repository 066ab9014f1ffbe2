//! The bytes of a file, in a window that moves over them.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// What the window holds at first, where rows are short.
const WINDOW_BYTES: usize = 128 * 1024;

/// A source of bytes with a digest of all that has been read from it.
pub(super) struct Source<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
    digest: Sha256,
    bytes: u64,
}

impl<R: Read> Source<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; WINDOW_BYTES],
            start: 0,
            end: 0,
            finished: false,
            digest: Sha256::new(),
            bytes: 0,
        }
    }

    /// What has been read and not yet passed.
    pub(super) fn data(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether nothing follows [`Self::data`].
    pub(super) fn finished(&self) -> bool {
        self.finished
    }

    /// Moves the window on.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.start += bytes;
        debug_assert!(self.start <= self.end, "only what has been read is passed");
    }

    /// Fills the window from its start, and widens it where it is full already.
    ///
    /// It is filled to the brim whatever a single read returns, so that what follows does not depend on how bytes arrive.
    pub(super) fn more(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        } else if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        while self.end < self.buffer.len() && !self.finished {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.finished = true,
                Ok(count) => {
                    self.digest.update(&self.buffer[self.end..self.end + count]);
                    self.end += count;
                    self.bytes += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads to the end; gives the SHA-256 and the count of all bytes.
    pub(super) fn finish(mut self) -> io::Result<([u8; 32], u64)> {
        while !self.finished {
            self.start = self.end;
            self.more()?;
        }
        Ok((self.digest.finalize().into(), self.bytes))
    }
}
