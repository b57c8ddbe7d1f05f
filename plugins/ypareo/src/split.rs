//! Splits a JSON list while it arrives, one record's text at a time. Knows nothing about Ypareo, HTTP or fields.
//!
//! Twenty thousand companies come as one body of tens of megabytes, so the list as a whole never exists here: only the
//! record being read does. The list may be an array of objects or an object whose values are the records (its keys mean
//! nothing). What stands *inside* a record is only balanced here; whether it is JSON is for its reader to say.

/// A longer record is an error: the list is refused, so that memory does not fill up.
pub const RECORD_BYTES: usize = 1 << 20;
/// Real records nest four or five levels (inscription → site → adresse → pays).
pub const DEPTH: u32 = 32;
const KEY_BYTES: usize = 1024;

/// Why a body is not a complete list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nothing but white space.
    Empty,
    /// An HTML page instead of data.
    Html,
    /// JSON perhaps, but not a list of records: a text, a number, one object.
    NotAList,
    /// The body ended inside the list.
    Truncated,
    /// A byte in a wrong place.
    Malformed,
    /// Bytes that are not UTF-8 (windows-1252, in practice).
    NotUtf8,
    TooLong,
    TooDeep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the container.
    Begin,
    /// A record (or a key) is due; `first` allows the container's end instead.
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

/// A list that is being split. Feed it with [`Splitter::advance`], then call [`Splitter::end`].
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
    /// Consumes bytes of `input` until a record is complete (true; see [`Splitter::record`]) or the input is used up
    /// (false).
    ///
    /// After an error the splitter cannot be used any more.
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

    /// The text of the record that [`Splitter::advance`] just completed.
    pub fn record(&self) -> Result<&str, Broken> {
        std::str::from_utf8(&self.record).map_err(|_| Broken::NotUtf8)
    }

    /// The body has ended: was it a complete list?
    pub fn end(&self) -> Result<(), Broken> {
        match self.state {
            State::Done => Ok(()),
            State::Begin if !self.seen => Err(Broken::Empty),
            _ => Err(Broken::Truncated),
        }
    }

    /// Consumes one byte. True when it completes a record.
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
            // A byte order mark: EF BB BF, in that order or not at all.
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
        // Inside a string only the byte after a backslash comes here (see `take_string`), or its closing quote.
        let string = if string { escaped || byte != b'"' } else { byte == b'"' };
        self.state = if depth == 0 { State::CommaOrEnd } else { State::Record { depth, string, escaped: false } };
        Ok(depth == 0)
    }

    /// The long runs of a string at once: up to its next quote or backslash.
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
