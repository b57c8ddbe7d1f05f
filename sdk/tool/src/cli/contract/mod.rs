//! `docs`: the documentation of the contract, generated from `wit/`. It has one page per interface and per world.

mod examples;
mod grants;
mod worlds;

use super::Report;
use super::project::write;
use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use wit_parser::{
    Docs, Function, FunctionKind, Handle, Interface, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, TypeId,
};

const HEAD: &str = "<!-- Made from wit/ by `afpi plugin docs`; do not edit. -->\n";

#[derive(Args)]
pub struct DocsArgs {
    /// The folder of the contract.
    #[arg(long, default_value = "wit")]
    wit: PathBuf,
    /// The folder for the pages.
    #[arg(short, long, default_value = "docs/contract")]
    output: PathBuf,
}

impl DocsArgs {
    pub fn run(self) -> Result<Report> {
        let pages = pages(&self.wit)?;
        for (name, text) in &pages {
            write(&self.output.join(name), text.as_bytes())?;
        }
        Ok(Report::new(
            format!("{} pages in {}", pages.len(), self.output.display()),
            json!({ "output": self.output, "pages": pages.keys().collect::<Vec<_>>() }),
        ))
    }
}

/// File names and texts of all pages. `README.md` is the table of contents.
pub fn pages(wit: &Path) -> Result<BTreeMap<String, String>> {
    let resolve = read(wit)?;
    let contract = Contract { resolve: &resolve };
    let mut pages = BTreeMap::new();
    let mut contents = format!(
        "{HEAD}# The contract, page by page\n\n\
         What a plugin imports and exports, with the words of `wit/`. How it hangs together is in\n\
         [wit/README.md](../../wit/README.md); the way to a first plugin is the [tutorial](../tutorial.md).\n"
    );
    for (title, package) in [
        ("Shared types", "afpi:types"),
        ("What the host offers", "afpi:host"),
        ("What a plugin exports", "afpi:plugin"),
    ] {
        let _infallible = write!(contents, "\n## {title}\n\n| Interface | |\n|---|---|\n");
        for (id, interface) in resolve.interfaces.iter() {
            let Some(name) = interface.name.as_ref().filter(|_| contract.package(id) == package) else { continue };
            let file = format!("{}-{name}.md", package.trim_start_matches("afpi:"));
            let _infallible =
                writeln!(contents, "| [`{package}/{name}`]({file}) | {} |", first_sentence(&interface.docs));
            pages.insert(file, contract.interface_page(id, interface, name)?);
        }
    }
    contents.push_str("\n## Worlds\n\n| World | |\n|---|---|\n");
    for (_, world) in resolve.worlds.iter() {
        let file = format!("world-{}.md", world.name);
        let _infallible = writeln!(contents, "| [`{}`]({file}) | {} |", world.name, first_sentence(&world.docs));
        pages.insert(file, contract.world_page(world)?);
    }
    pages.insert("README.md".into(), contents);
    Ok(pages.into_iter().map(|(name, text)| (name, tidy(&text))).collect())
}

/// Reads the whole contract from its folder.
pub(super) fn read(wit: &Path) -> Result<Resolve> {
    let mut resolve = Resolve::default();
    for package in ["types", "host", "plugin"] {
        let path = wit.join(package);
        resolve.push_path(&path).with_context(|| path.display().to_string())?;
    }
    Ok(resolve)
}

struct Contract<'a> {
    resolve: &'a Resolve,
}

impl Contract<'_> {
    /// The package, for example `afpi:host`.
    fn package(&self, interface: InterfaceId) -> String {
        let package = self.resolve.interfaces[interface].package;
        package.map_or_else(String::new, |id| {
            let name = &self.resolve.packages[id].name;
            format!("{}:{}", name.namespace, name.name)
        })
    }

    fn interface_page(&self, id: InterfaceId, interface: &Interface, name: &str) -> Result<String> {
        let package = self.package(id);
        let mut page = format!("{HEAD}# `{package}/{name}`\n\n");
        page.push_str(&prose(&interface.docs));
        if package == "afpi:host" {
            page.push_str(&grants::section(name));
        }
        let types: Vec<_> =
            interface.types.values().map(|id| &self.resolve.types[*id]).filter(|def| !is_alias(def)).collect();
        if !types.is_empty() {
            page.push_str("\n## Types\n");
            for def in types {
                page.push_str(&self.type_section(def));
            }
        }
        let (methods, functions): (Vec<_>, Vec<_>) =
            interface.functions.values().partition(|function| resource(function).is_some());
        for (title, functions) in [("Functions", functions), ("Functions of resources", methods)] {
            if !functions.is_empty() {
                let _infallible = write!(page, "\n## {title}\n");
                for function in functions {
                    let _infallible = write!(
                        page,
                        "\n### `{}`\n\n```wit\n{}\n```\n\n{}",
                        short(function),
                        self.signature(function),
                        prose(&function.docs)
                    );
                }
            }
        }
        page.push_str(&examples::of_interface(&package, name)?);
        Ok(page)
    }

    fn type_section(&self, def: &TypeDef) -> String {
        let name = def.name.as_deref().unwrap_or_default();
        let mut section = format!("\n### `{name}`\n\n");
        section.push_str(&prose(&def.docs));
        let rows: Vec<(String, String)> = match &def.kind {
            TypeDefKind::Record(record) => record
                .fields
                .iter()
                .map(|field| (format!("`{}: {}`", field.name, self.name(&field.ty)), line(&field.docs)))
                .collect(),
            TypeDefKind::Variant(variant) => variant
                .cases
                .iter()
                .map(|case| match &case.ty {
                    Some(ty) => (format!("`{}({})`", case.name, self.name(ty)), line(&case.docs)),
                    None => (format!("`{}`", case.name), line(&case.docs)),
                })
                .collect(),
            TypeDefKind::Enum(list) => {
                list.cases.iter().map(|case| (format!("`{}`", case.name), line(&case.docs))).collect()
            }
            TypeDefKind::Resource => Vec::new(),
            TypeDefKind::Type(ty) => {
                let _infallible = writeln!(section, "`type {name} = {}`", self.name(ty));
                Vec::new()
            }
            other => {
                let _infallible = writeln!(section, "`type {name} = {}`", self.kind(other));
                Vec::new()
            }
        };
        let what = match &def.kind {
            TypeDefKind::Record(_) => "Record",
            TypeDefKind::Variant(_) => "Variant",
            TypeDefKind::Enum(_) => "Enum",
            TypeDefKind::Resource => return section + "Resource.\n",
            _ => return section,
        };
        let _infallible =
            write!(section, "{}| {what} | |\n|---|---|\n", if def.docs.contents.is_some() { "\n" } else { "" });
        for (left, right) in rows {
            let _infallible = writeln!(section, "| {left} | {right} |");
        }
        section
    }

    fn signature(&self, function: &Function) -> String {
        let own = usize::from(matches!(function.kind, FunctionKind::Method(_)));
        let params: Vec<String> =
            function.params.iter().skip(own).map(|param| format!("{}: {}", param.name, self.name(&param.ty))).collect();
        let result = match (&function.kind, &function.result) {
            (FunctionKind::Constructor(_), _) | (_, None) => String::new(),
            (_, Some(ty)) => format!(" -> {}", self.name(ty)),
        };
        let still = if matches!(function.kind, FunctionKind::Static(_)) { "static " } else { "" };
        format!("{}: {still}func({}){result};", short(function), params.join(", "))
    }

    fn name(&self, ty: &Type) -> String {
        match ty {
            Type::Id(id) => self.type_name(*id),
            Type::Bool => "bool".into(),
            Type::U8 => "u8".into(),
            Type::U16 => "u16".into(),
            Type::U32 => "u32".into(),
            Type::U64 => "u64".into(),
            Type::S8 => "s8".into(),
            Type::S16 => "s16".into(),
            Type::S32 => "s32".into(),
            Type::S64 => "s64".into(),
            Type::F32 => "f32".into(),
            Type::F64 => "f64".into(),
            Type::Char => "char".into(),
            Type::String => "string".into(),
            Type::ErrorContext => "error-context".into(),
        }
    }

    fn type_name(&self, id: TypeId) -> String {
        let def = &self.resolve.types[id];
        def.name.clone().unwrap_or_else(|| self.kind(&def.kind))
    }

    fn kind(&self, kind: &TypeDefKind) -> String {
        match kind {
            TypeDefKind::List(ty) => format!("list<{}>", self.name(ty)),
            TypeDefKind::Option(ty) => format!("option<{}>", self.name(ty)),
            TypeDefKind::Tuple(tuple) => {
                format!("tuple<{}>", tuple.types.iter().map(|ty| self.name(ty)).collect::<Vec<_>>().join(", "))
            }
            TypeDefKind::Result(result) => match (&result.ok, &result.err) {
                (Some(ok), Some(err)) => format!("result<{}, {}>", self.name(ok), self.name(err)),
                (None, Some(err)) => format!("result<_, {}>", self.name(err)),
                (Some(ok), None) => format!("result<{}>", self.name(ok)),
                (None, None) => "result".into(),
            },
            TypeDefKind::Handle(Handle::Own(id)) => self.type_name(*id),
            TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", self.type_name(*id)),
            TypeDefKind::Type(ty) => self.name(ty),
            other => other.as_str().into(),
        }
    }
}

/// Tells whether a type is only an alias of a type in another interface.
fn is_alias(def: &TypeDef) -> bool {
    matches!(def.kind, TypeDefKind::Type(Type::Id(_))) && def.docs.contents.is_none()
}

fn resource(function: &Function) -> Option<TypeId> {
    match function.kind {
        FunctionKind::Method(id) | FunctionKind::Static(id) | FunctionKind::Constructor(id) => Some(id),
        _ => None,
    }
}

/// `[method]response.read` becomes `response.read`.
pub(super) fn short(function: &Function) -> &str {
    match function.kind {
        FunctionKind::Constructor(_) => "constructor",
        _ => function.name.split_once(']').map_or(function.name.as_str(), |(_, name)| name),
    }
}

/// Leaves one blank line between two parts, and none at the end.
fn tidy(page: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in page.trim_end().lines() {
        if !line.is_empty() || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

fn prose(docs: &Docs) -> String {
    docs.contents.as_ref().map_or_else(String::new, |text| format!("{}\n", text.trim()))
}

/// The documentation on one line, for a table.
fn line(docs: &Docs) -> String {
    docs.contents.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn first_sentence(docs: &Docs) -> String {
    let line = line(docs);
    match line.find(". ") {
        Some(end) => line[..=end].to_owned(),
        None => line,
    }
}
