//! The harness as a process. It reads lines and writes lines until the input ends.

use crate::session::{Session, Wrong};
use afpi_plugin_testing::protocol::{Numbered, Outcome, Reply};
use anyhow::Result;
use std::io::{BufRead, Write};

/// Serves one session over this input and output. An invalid line gets its error as an answer and has no other effect.
pub async fn serve(mut session: Session, from: impl BufRead, mut to: impl Write) -> Result<()> {
    for line in from.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let reply = match serde_json::from_str::<Numbered>(&line) {
            Ok(Numbered { id, ask }) => Reply { id, result: session.answer(ask).await },
            Err(error) => {
                let id = serde_json::from_str::<serde_json::Value>(&line).ok().and_then(|line| line["id"].as_u64());
                Reply {
                    id: id.unwrap_or(0),
                    result: Outcome::Error(Wrong(format!("this line is not a valid request: {error}")).into()),
                }
            }
        };
        serde_json::to_writer(&mut to, &reply)?;
        to.write_all(b"\n")?;
        to.flush()?;
    }
    Ok(())
}
