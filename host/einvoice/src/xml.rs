//! XML from closures: an element is a name and what it contains. It escapes texts; it knows nothing of invoices.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A document with one root element.
    pub fn document(root: &str, namespaces: &[(&str, &str)], content: impl FnOnce(&mut Xml)) -> Vec<u8> {
        let mut xml = Xml(Writer::new(Vec::new()));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml.inside(root, namespaces, content);
        xml.0.into_inner()
    }

    /// An element that contains others.
    pub fn group(&mut self, name: &str, content: impl FnOnce(&mut Xml)) {
        self.inside(name, &[], content);
    }

    /// An element that contains a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.text_of(name, &[], text);
    }

    /// An element with attributes that contains a text.
    pub fn text_of(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.inside(name, attributes, |xml| xml.event(Event::Text(BytesText::new(text))));
    }

    /// An element if there is a text for it.
    pub fn option(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn inside(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Xml)) {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
        content(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing into memory does not fail");
    }
}
