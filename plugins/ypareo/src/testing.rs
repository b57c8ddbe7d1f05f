//! An environment with scripted answers, for tests without a socket.

use crate::outside::{Answer, Outside, Trouble};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

/// A scripted answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    /// The body in pieces. It ends properly unless `cut` is set.
    pub pieces: Vec<Vec<u8>>,
    pub cut: bool,
}

/// Answers by path (after `/r/v1`). The last reply of an address stays, and earlier ones are used once.
#[derive(Debug, Clone, Default)]
pub struct Script(Rc<RefCell<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    replies: HashMap<String, VecDeque<Result<Reply, Trouble>>>,
    notes: BTreeMap<String, Vec<u8>>,
    asked: Vec<String>,
    lines: Vec<String>,
    now: i64,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Reply { status, headers: vec![], pieces: vec![], cut: false }
    }

    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Reply { pieces: vec![body.into()], ..Reply::status(200) }
    }

    pub fn page(status: u16) -> Self {
        let headers = vec![("content-type", "text/html; charset=windows-1252".into())];
        Reply { headers, pieces: vec![b"<html>Acc\xE8s</html>".to_vec()], ..Reply::status(status) }
    }
}

impl Script {
    pub const BASE: &str = "https://demo.invalid/index.php";

    pub fn reply(self, path: &str, reply: Reply) -> Self {
        self.then(path, Ok(reply))
    }

    pub fn then(self, path: &str, reply: Result<Reply, Trouble>) -> Self {
        self.0.borrow_mut().replies.entry(path.into()).or_default().push_back(reply);
        self
    }

    pub fn at(self, now: i64) -> Self {
        self.0.borrow_mut().now = now;
        self
    }

    pub fn notes(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.borrow().notes.clone()
    }

    /// The requested paths, in order.
    pub fn asked(&self) -> Vec<String> {
        self.0.borrow().asked.clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.0.borrow().lines.clone()
    }
}

impl Outside for Script {
    type Answer = Playing;

    fn get(&mut self, url: &str, _: u32) -> Result<Playing, Trouble> {
        let path = url.strip_prefix(&format!("{}/r/v1", Script::BASE)).expect("below the base address").to_owned();
        let mut inner = self.0.borrow_mut();
        inner.asked.push(path.clone());
        let replies = inner.replies.get_mut(&path).unwrap_or_else(|| panic!("the script has no answer for {path}"));
        let reply = if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() };
        reply.expect("a reply").map(|reply| Playing { at: 0, reply })
    }

    fn now(&self) -> i64 {
        self.0.borrow().now
    }

    fn recall(&self, key: &str) -> Option<Vec<u8>> {
        self.0.borrow().notes.get(key).cloned()
    }

    fn remember(&mut self, key: &str, value: &[u8]) -> bool {
        self.0.borrow_mut().notes.insert(key.into(), value.into());
        true
    }

    fn warn(&self, line: &str) {
        self.0.borrow_mut().lines.push(line.into());
    }
}

pub struct Playing {
    reply: Reply,
    at: usize,
}

impl Answer for Playing {
    fn status(&self) -> u16 {
        self.reply.status
    }

    fn header(&self, name: &str) -> Option<String> {
        self.reply.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone())
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let piece = self.reply.pieces.get(self.at).cloned();
        self.at += 1;
        if piece.is_none() && self.reply.cut { Err(Trouble::Away("connexion coupée".into())) } else { Ok(piece) }
    }
}
