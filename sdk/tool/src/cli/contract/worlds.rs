//! The page of a world: its imports and exports with signatures and grants, and a whole plugin of its kind.

use super::{Contract, HEAD, examples, first_sentence, grants, prose};
use afpi_plugin_manifest::Kind;
use anyhow::Result;
use std::fmt::Write;
use strum::VariantArray as _;
use wit_parser::{Interface, InterfaceId, World, WorldItem};

impl Contract<'_> {
    pub(super) fn world_page(&self, world: &World) -> Result<String> {
        let mut page = format!("{HEAD}# World `{}`\n\n{}", world.name, prose(&world.docs));
        let kind = Kind::VARIANTS.iter().copied().find(|kind| kind.world() == world.name);
        if let Some(kind) = kind {
            let _infallible = write!(
                page,
                "\nThe world of plugins with `kind = \"{kind}\"`; `afpi plugin new NAME --kind {kind}` creates one.\n"
            );
        }
        let imports: Vec<_> =
            self.interfaces(world.imports.values()).filter(|(id, ..)| self.package(*id) == "afpi:host").collect();
        let exports: Vec<_> = self.interfaces(world.exports.values()).collect();
        let _infallible = write!(page, "\n## In `wit/`\n\n```wit\nworld {} {{\n", world.name);
        for (word, list) in [("import", &imports), ("export", &exports)] {
            for (id, ..) in list {
                let _infallible = writeln!(page, "    {word} {};", self.resolve.id_of(*id).unwrap_or_default());
            }
        }
        page.push_str("}\n```\n");
        if !imports.is_empty() {
            page.push_str("\n## Can import\n\n| Interface | Functions | Grant |\n|---|---|---|\n");
            for (_, interface, name) in &imports {
                let functions: Vec<String> =
                    interface.functions.values().map(|function| format!("`{}`", super::short(function))).collect();
                let grant = grants::capability(name).map_or_else(
                    || "given to every plugin".into(),
                    |capability| format!("“{}”", capability.sentence().en),
                );
                let _infallible = writeln!(page, "| [`{name}`](host-{name}.md) | {} | {grant} |", functions.join(", "));
            }
            if imports.iter().any(|(.., name)| grants::capability(name).is_some()) {
                page.push_str("\nA call without its grant answers `denied` and is counted. Administrators read the sentence in quotes.\n");
            } else {
                page.push_str("\nNothing can be granted: plugins of this kind are pure.\n");
            }
        }
        page.push_str("\n## Must export\n");
        for (id, interface, name) in &exports {
            let file = format!("{}-{name}.md", self.package(*id).trim_start_matches("afpi:"));
            let signatures: Vec<String> =
                interface.functions.values().map(|function| self.signature(function)).collect();
            let _infallible = write!(
                page,
                "\n### [`{name}`]({file})\n\n{}\n\n```wit\n{}\n```\n",
                first_sentence(&interface.docs),
                signatures.join("\n")
            );
        }
        match kind {
            Some(kind) => page.push_str(&examples::of_kind(kind)?),
            // An additional export of a kind has its own page.
            None => {
                for (id, _, name) in &exports {
                    page.push_str(&examples::of_interface(&self.package(*id), name)?);
                }
            }
        }
        Ok(page)
    }

    fn interfaces<'i>(
        &self,
        items: impl Iterator<Item = &'i WorldItem>,
    ) -> impl Iterator<Item = (InterfaceId, &Interface, &str)> {
        items.filter_map(|item| {
            let WorldItem::Interface { id, .. } = item else { return None };
            let interface = &self.resolve.interfaces[*id];
            Some((*id, interface, interface.name.as_deref()?))
        })
    }
}
