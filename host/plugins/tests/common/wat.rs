//! Guests as text: fields of a core module, which are added to a module with every import and export of a world.

use super::{dummy_wat, world};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

/// A component of that world with this many pages of memory. A function `$definition` in the fields replaces that
/// export, `$realloc` replaces the allocator, and `$log.write` and the like are the imports. All other functions trap.
/// The text is not validated.
pub fn component(kind: &str, pages: u32, fields: &str) -> Result<Vec<u8>, String> {
    let mut text: String = dummy_wat(kind).lines().map(|line| wired(line, pages, fields) + "\n").collect();
    let end = text.rfind(')').expect("a module ends with a parenthesis");
    text.replace_range(end.., &format!("{fields}\n)"));
    let mut module = ::wat::parse_str(&text).map_err(|error| error.to_string())?;
    let (resolve, world) = world(kind);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .map_err(|error| format!("{error:#}"))?;
    let encoded = ComponentEncoder::default().validate(false).module(&module).and_then(|mut encoder| encoder.encode());
    encoded.map_err(|error| format!("{error:#}"))
}

/// Rewrites a line of the dummy module. Its imports get names, and its exports use the functions of the fields.
fn wired(line: &str, pages: u32, fields: &str) -> String {
    if let Some(import) = line.trim().strip_prefix("(import \"cm32p2|afpi:host/") {
        let mut quoted = import.split('"');
        let (interface, function) = (quoted.next().unwrap_or_default(), quoted.nth(1).unwrap_or_default());
        let interface = interface.split('@').next().unwrap_or_default();
        let name = format!("{interface}.{function}").replace(['[', ']'], "_");
        return line.replace("(func (;", &format!("(func ${name} (;"));
    }
    if let Some(export) = line.trim().strip_prefix("(export \"cm32p2") {
        let name = export.split('"').next().and_then(|name| name.rsplit('|').next()).unwrap_or_default();
        let name = name.trim_start_matches('_');
        if fields.contains(&format!("(func ${name} "))
            && let Some(at) = line.rfind("(func")
        {
            return format!("{}(func ${name}))", &line[..at]);
        }
    }
    line.replace("(memory (;0;) 0)", &format!("(memory (;0;) {pages})"))
}
