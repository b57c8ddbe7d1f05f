//! Splits a JSON list while it arrives, into the texts of its records. It knows no Ypareo, no HTTP and no fields.
//!
//! Twenty thousand companies arrive as one body of tens of megabytes. So the list never exists as a whole here: only
//! the current record does. The list may be an array of objects, or an object whose values are the records (its keys
//! are ignored). Inside a record, only the brackets are counted here. The reader of the record decides whether it is
//! JSON.

/// The limit for a record. A longer record is an error, so that the memory does not fill up.
pub const RECORD_BYTES: usize = 1 << 20;
/// The limit for nesting. Real records have four or five levels (inscription → site → adresse → pays).
pub const DEPTH: u32 = 32;
const KEY_BYTES: usize = 1024;

/// Why a body is not a complete list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The body contains nothing but white space.
    Empty,
    /// The body is an HTML page instead of data.
    Html,
    /// The body may be JSON, but it is not a list of records: it is a text, a number or one object.
    NotAList,
    /// The body ended inside the list.
    Truncated,
    /// A byte is at a wrong place.
    Malformed,
    /// The bytes are not UTF-8 (in practice windows-1252).
    NotUtf8,
    TooLong,
    TooDeep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the container.
    Begin,
    /// A record (or a key) must follow. `first` also allows the end of the container.
    Item {
        first: bool,
    },
    Key {
        escaped: bool,
    },
    Colon,
    Value,
    Record {
        depth: u32,
        string: bool,
        escaped: bool,
    },
    CommaOrEnd,
    /// After the container.
    Done,
}

/// A list that is being split. Call [`Splitter::advance`] for its bytes, then [`Splitter::end`].
#[derive(Debug)]
pub struct Splitter {
    state: State,
    keyed: bool,
    record: Vec<u8>,
    seen: bool,
}

impl Default for Splitter {
    fn default() -> Self {
        Splitter { state: State::Begin, keyed: false, record: Vec::new(), seen: false }
    }
}

impl Splitter {
    /// Consumes bytes of `input` until a record is complete (true; see [`Splitter::record`]) or the input ends (false).
    ///
    /// After an error the splitter cannot be used again.
    pub fn advance(&mut self, input: &mut &[u8]) -> Result<bool, Broken> {
        while let Some((&byte, rest)) = input.split_first() {
            if let State::Record { string: true, escaped: false, .. } = self.state {
                self.take_string(input)?;
                continue;
            }
            *input = rest;
            if self.step(byte)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The text of the record that [`Splitter::advance`] has just completed.
    pub fn record(&self) -> Result<&str, Broken> {
        std::str::from_utf8(&self.record).map_err(|_| Broken::NotUtf8)
    }

    /// Checks at the end of the body that it was a complete list.
    pub fn end(&self) -> Result<(), Broken> {
        match self.state {
            State::Done => Ok(()),
            State::Begin if !self.seen => Err(Broken::Empty),
            _ => Err(Broken::Truncated),
        }
    }

    /// Consumes one byte. True if it completes a record.
    fn step(&mut self, byte: u8) -> Result<bool, Broken> {
        use State::*;
        self.state = match (self.state, byte) {
            (Record { depth, string, escaped }, _) => return self.step_record(byte, depth, string, escaped),
            (Key { escaped: true }, _) => self.in_key(byte, false)?,
            (Key { .. }, b'\\') => self.in_key(byte, true)?,
            (Key { .. }, b'"') => {
                std::str::from_utf8(&self.record).map_err(|_| Broken::NotUtf8)?;
                self.record.clear();
                Colon
            }
            (Key { .. }, 0..0x20) => return Err(Broken::Malformed),
            (Key { .. }, _) => self.in_key(byte, false)?,
            (state, b' ' | b'\t' | b'\r' | b'\n') => state,
            (Begin, b'[' | b'{') => {
                self.seen = true;
                self.keyed = byte == b'{';
                Item { first: true }
            }
            (Begin, b'<') => return Err(Broken::Html),
            // A byte order mark: EF BB BF, in this order.
            (Begin, 0xEF | 0xBB | 0xBF) if self.mark(byte) => Begin,
            (Begin, 0x80..) => return Err(Broken::NotUtf8),
            (Begin, _) => return Err(Broken::NotAList),
            (Item { .. }, b'"') if self.keyed => {
                self.record.clear();
                Key { escaped: false }
            }
            (Item { .. }, b'{') if !self.keyed => self.open(),
            (Item { first: true } | CommaOrEnd, b']') if !self.keyed => Done,
            (Item { first: true } | CommaOrEnd, b'}') if self.keyed => Done,
            (Colon, b':') => Value,
            (Value, b'{') => self.open(),
            (CommaOrEnd, b',') => Item { first: false },
            // A scalar in place of a record: `{"error": "…"}` is an answer, but not a list.
            (Value | Item { .. }, b'"' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                return Err(Broken::NotAList);
            }
            _ => return Err(Broken::Malformed),
        };
        Ok(false)
    }

    fn step_record(&mut self, byte: u8, depth: u32, string: bool, escaped: bool) -> Result<bool, Broken> {
        self.push(byte)?;
        let depth = match byte {
            _ if string => depth,
            b'{' | b'[' if depth == DEPTH => return Err(Broken::TooDeep),
            b'{' | b'[' => depth + 1,
            b'}' | b']' => depth - 1,
            _ => depth,
        };
        // Inside a string, only the byte after a backslash or the closing quote arrives here (see `take_string`).
        let string = if string { escaped || byte != b'"' } else { byte == b'"' };
        self.state = if depth == 0 { State::CommaOrEnd } else { State::Record { depth, string, escaped: false } };
        Ok(depth == 0)
    }

    /// Consumes a long part of a string at once: up to the next quote or backslash.
    fn take_string(&mut self, input: &mut &[u8]) -> Result<(), Broken> {
        let State::Record { depth, .. } = self.state else { return Ok(()) };
        let run = input.iter().position(|b| matches!(b, b'"' | b'\\')).unwrap_or(input.len());
        if self.record.len() + run > RECORD_BYTES {
            return Err(Broken::TooLong);
        }
        self.record.extend_from_slice(&input[..run]);
        if let Some(&stop) = input.get(run) {
            self.push(stop)?;
            self.state = State::Record { depth, string: stop == b'\\', escaped: stop == b'\\' };
        }
        *input = input.get(run + 1..).unwrap_or_default();
        Ok(())
    }

    fn open(&mut self) -> State {
        self.record.clear();
        self.record.push(b'{');
        State::Record { depth: 1, string: false, escaped: false }
    }

    fn in_key(&mut self, byte: u8, escaped: bool) -> Result<State, Broken> {
        if self.record.len() >= KEY_BYTES {
            return Err(Broken::TooLong);
        }
        self.record.push(byte);
        Ok(State::Key { escaped })
    }

    fn push(&mut self, byte: u8) -> Result<(), Broken> {
        if self.record.len() >= RECORD_BYTES {
            return Err(Broken::TooLong);
        }
        self.record.push(byte);
        Ok(())
    }

    fn mark(&mut self, byte: u8) -> bool {
        const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
        let expected = MARK.get(self.record.len()) == Some(&byte);
        self.record.push(byte);
        expected
    }
}

#[cfg(test)]
mod tests;
