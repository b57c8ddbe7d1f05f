//! Problems with the file and the line of the template.

use afpi_documents::protocol::{DIAGNOSTICS, Diagnostic};
use typst::diag::SourceDiagnostic;
use typst::syntax::{DiagSpan, DiagSpanKind};
use typst::{World, WorldExt};

/// Longest message in bytes. A template decides what is in it.
const MESSAGE: usize = 1000;

/// A problem of the job itself.
pub fn of_job(entry: &str, message: &str) -> Diagnostic {
    Diagnostic { file: entry.to_owned(), line: 0, message: shortened(message.to_owned()) }
}

/// Problems that typst found. Their places are in the template, or unknown.
pub fn of_template(world: &dyn World, entry: &str, problems: &[SourceDiagnostic]) -> Vec<Diagnostic> {
    let told = |problem: &SourceDiagnostic| {
        // Without a place of its own, the problem belongs to the nearest call in a template.
        let mut places = std::iter::once(problem.span).chain(problem.trace.iter().map(|point| point.span.into()));
        let (file, line) = places.find_map(|place| locate(world, place)).unwrap_or((entry.to_owned(), 0));
        let hints = problem.hints.iter().map(|hint| format!("; {}", hint.v));
        let message = std::iter::once(problem.message.to_string()).chain(hints).collect();
        Diagnostic { file, line, message: shortened(message) }
    };
    problems.iter().take(DIAGNOSTICS).map(told).collect()
}

/// The file and the line of a place. The files of the job itself have none.
fn locate(world: &dyn World, place: DiagSpan) -> Option<(String, u32)> {
    let file = place.id()?;
    let path = file.vpath().get_without_slash();
    if path.starts_with(".afpi/") {
        return None;
    }
    let start = match place.get() {
        DiagSpanKind::Range { range, .. } => range.start,
        _ => world.range(place)?.start,
    };
    let bytes = world.file(file).ok()?;
    let before = &bytes.as_slice()[..start.min(bytes.len())];
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    Some((path.to_owned(), u32::try_from(line).unwrap_or(u32::MAX)))
}

fn shortened(mut message: String) -> String {
    if message.len() > MESSAGE {
        let end = (0..=MESSAGE).rev().find(|&end| message.is_char_boundary(end)).unwrap_or(0);
        message.truncate(end);
        message.push('…');
    }
    message
}
