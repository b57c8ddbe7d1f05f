//! The picture a plugin is shown with: a small SVG that draws and does nothing else.
//!
//! What may stand in it is a list, and everything else is refused: a picture from a plugin is shown inside the
//! administration, so it must not run, load, link or animate anything.

use crate::section::add;
use crate::{SectionError, walk};
use roxmltree::{Document, Node, ParsingOptions};

/// Name of the custom section.
pub const ICON_SECTION: &str = "afpi:icon";
/// The largest icon, in bytes.
pub const MAX_ICON_BYTES: usize = 32 * 1024;

const SVG: &str = "http://www.w3.org/2000/svg";

const ELEMENTS: [&str; 19] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "use",
    "symbol",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
];

/// Why a picture is refused.
#[derive(Debug, thiserror::Error)]
pub enum IconError {
    #[error("the icon is larger than {MAX_ICON_BYTES} bytes")]
    TooLarge,
    #[error("the icon is not an SVG: {0}")]
    NotSvg(String),
    #[error("the icon, line {line}: {problem}")]
    Refused { line: u32, problem: String },
}

/// The icon of a packed plugin, checked, if it has one.
pub fn icon(component: &[u8]) -> Result<Option<&str>, SectionError> {
    match walk::only(component, ICON_SECTION)? {
        Some(svg) => Ok(Some(check_icon(svg)?)),
        None => Ok(None),
    }
}

/// Appends an icon to a component that has none yet and is not signed.
pub fn embed_icon(component: &mut Vec<u8>, svg: &[u8]) -> Result<(), SectionError> {
    check_icon(svg)?;
    add(component, ICON_SECTION, svg)
}

/// An SVG of shapes and gradients only, without script, style sheet, animation, foreign content or outside address.
pub fn check_icon(svg: &[u8]) -> Result<&str, IconError> {
    if svg.len() > MAX_ICON_BYTES {
        return Err(IconError::TooLarge);
    }
    let text = std::str::from_utf8(svg).map_err(|error| IconError::NotSvg(error.to_string()))?;
    // A DTD could define entities that grow without bound; the parser refuses it.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 10_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| IconError::NotSvg(error.to_string()))?;
    if !document.root_element().has_tag_name((SVG, "svg")) {
        return Err(IconError::NotSvg(format!("its root must be `svg` in the namespace {SVG}")));
    }
    for node in document.descendants() {
        if let Some(problem) = problem(&node) {
            return Err(IconError::Refused { line: document.text_pos_at(node.range().start).row, problem });
        }
    }
    Ok(text)
}

fn problem(node: &Node<'_, '_>) -> Option<String> {
    if node.is_pi() {
        return Some("processing instructions are not allowed".into());
    }
    if !node.is_element() {
        return None;
    }
    let name = node.tag_name();
    if name.namespace() != Some(SVG) || !ELEMENTS.contains(&name.name()) {
        return Some(format!("`<{}>` is not allowed", name.name()));
    }
    node.attributes().find_map(|attribute| {
        let (key, value) = (attribute.name().to_ascii_lowercase(), attribute.value());
        let harmless = match key.as_str() {
            "style" => false,
            "href" => value.starts_with('#'),
            _ if key.starts_with("on") => false,
            _ => inside(value),
        };
        (!harmless).then(|| format!("the attribute `{}` is not allowed here", attribute.name()))
    })
}

/// No `url(…)` but those that point into the picture itself.
fn inside(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let mut links = value.match_indices("url");
    !value.contains('\\') && links.all(|(at, _)| value[at..].starts_with("url(#"))
}
