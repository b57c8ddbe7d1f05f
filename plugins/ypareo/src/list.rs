//! Reads a list of Ypareo record by record while its body arrives. It knows no fields.

use crate::failure::{Cause, Failure};
use crate::outside::Answer;
use crate::pick::{Paths, Picked};
use crate::split::{Broken, Splitter};

/// A list with an open answer.
pub struct List<A> {
    answer: A,
    endpoint: String,
    splitter: Splitter,
    chunk: Vec<u8>,
    at: usize,
    records: u64,
}

impl<A: Answer> List<A> {
    pub fn new(endpoint: &str, answer: A) -> Self {
        List {
            answer,
            endpoint: endpoint.to_owned(),
            splitter: Splitter::default(),
            chunk: Vec::new(),
            at: 0,
            records: 0,
        }
    }

    /// The values of the next record. `None` only after both the list and the body have ended properly.
    pub fn next(&mut self, paths: &Paths) -> Result<Option<Picked>, Failure> {
        loop {
            let mut rest = &self.chunk[self.at..];
            let whole = self.splitter.advance(&mut rest).map_err(|broken| self.broken(broken))?;
            self.at = self.chunk.len() - rest.len();
            if whole {
                self.records += 1;
                let record = self.splitter.record().map_err(|broken| self.broken(broken))?;
                return paths.pick(record).map(Some).map_err(|_| self.broken(Broken::Malformed));
            }
            self.at = 0;
            self.chunk.clear();
            match self.answer.read() {
                Ok(Some(chunk)) => self.chunk = chunk,
                Ok(None) => return self.splitter.end().map(|()| None).map_err(|broken| self.broken(broken)),
                Err(trouble) => return Err(Failure::of_trouble(&self.endpoint, trouble)),
            }
        }
    }

    /// The number of records so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    fn broken(&self, broken: Broken) -> Failure {
        Failure::new(&self.endpoint, Cause::Broken(broken))
    }
}
