//! `types`: the contract as TypeScript, generated from `wit/`. It is the base of `sdk/js`. The module uses no engine
//! and no plugin.
//!
//! A record becomes an interface with field names in camel case. An enum becomes a union of texts, and a variant a
//! union of `{ tag, val }`. `option<T>` becomes `T | null`. 64-bit integers become `number`, because money in cents
//! and instants in ms stay below 2^53. A function throws the error of its `result`. `shapes.ts` contains the same as
//! data, for the harness, which uses the names of Rust.

use super::Report;
use super::contract::{read, short};
use super::project::write;
use anyhow::Result;
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use wit_parser::{
    Docs, Function, FunctionKind, Handle, Interface, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, TypeId,
};

/// The shape of a value that needs no conversion.
const PLAIN: &str = "\"plain\"";

const HEAD: &str = "// Made from wit/ by `afpi plugin types`; do not edit.\n";

#[derive(Args)]
pub struct TypesArgs {
    /// The folder of the contract.
    #[arg(long, default_value = "wit")]
    wit: PathBuf,
    /// The folder for the files.
    #[arg(short, long, default_value = "sdk/js/src/contract")]
    output: PathBuf,
}

impl TypesArgs {
    pub fn run(self) -> Result<Report> {
        let files = types(&self.wit)?;
        for (name, text) in &files {
            write(&self.output.join(name), text.as_bytes())?;
        }
        Ok(Report::new(
            format!("{} files in {}", files.len(), self.output.display()),
            json!({ "output": self.output, "files": files.keys().collect::<Vec<_>>() }),
        ))
    }
}

/// File names and texts: one file per interface, and `shapes.ts`.
pub fn types(wit: &Path) -> Result<BTreeMap<String, String>> {
    let resolve = read(wit)?;
    let contract = Contract { resolve: &resolve };
    let mut files = BTreeMap::new();
    let mut shapes = Vec::new();
    for (id, interface) in resolve.interfaces.iter() {
        let Some(name) = interface.name.as_deref() else { continue };
        files.insert(format!("{name}.ts"), format!("{HEAD}{}", contract.module(id, interface)));
        shapes.push((name.to_owned(), contract.shapes(interface)));
    }
    files.insert(
        "shapes.ts".into(),
        format!(
            "{HEAD}import type {{ Shapes }} from '../testing/codec.js';\n\nexport const shapes: Shapes = {};\n",
            lines(&shapes, "")
        ),
    );
    Ok(files)
}

/// An object with one line per member, in the order of `wit/`. The order does not depend on features of `serde_json`.
fn lines(members: &[(String, String)], indent: &str) -> String {
    if members.is_empty() {
        return "{}".into();
    }
    let inner: String = members.iter().map(|(name, member)| format!("{indent}  {name:?}: {member},\n")).collect();
    format!("{{\n{inner}{indent}}}")
}

/// An object on one line.
fn object(members: impl IntoIterator<Item = (String, String)>) -> String {
    let members: Vec<String> = members.into_iter().map(|(name, member)| format!("{name:?}:{member}")).collect();
    format!("{{{}}}", members.join(","))
}

fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

struct Contract<'a> {
    resolve: &'a Resolve,
}

impl Contract<'_> {
    /// `types`, `host` or `plugin`.
    fn package(&self, interface: InterfaceId) -> String {
        let package = self.resolve.interfaces[interface].package;
        package.map_or_else(String::new, |id| self.resolve.packages[id].name.name.clone())
    }

    /// All types of an interface, and its functions as one TypeScript interface: `…Imports` for functions of the host,
    /// `…Exports` for functions of a plugin.
    fn module(&self, id: InterfaceId, interface: &Interface) -> String {
        let mut text = String::new();
        let borrowed: Vec<(String, String)> = interface.types.values().filter_map(|ty| self.borrowed(*ty)).collect();
        let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (from, name) in &borrowed {
            modules.entry(from).or_default().push(name);
        }
        for (from, names) in modules {
            let _infallible = writeln!(text, "import type {{ {} }} from './{from}.js';", names.join(", "));
        }
        for def in interface.types.values().filter(|ty| self.borrowed(**ty).is_none()) {
            text.push_str(&self.definition(&self.resolve.types[*def], interface));
        }
        let side = match self.package(id).as_str() {
            "host" => "Imports",
            "plugin" => "Exports",
            _ => return text,
        };
        let name = pascal(interface.name.as_deref().unwrap_or_default());
        let _infallible = write!(text, "\n{}export interface {name}{side} {{\n", doc(&interface.docs, ""));
        for function in
            interface.functions.values().filter(|function| matches!(function.kind, FunctionKind::Freestanding))
        {
            text.push_str(&self.function(function, "  "));
        }
        text.push_str("}\n");
        text
    }

    /// The interface and the name of a type that is an alias of a type in another interface.
    fn borrowed(&self, id: TypeId) -> Option<(String, String)> {
        let TypeDefKind::Type(Type::Id(of)) = self.resolve.types[id].kind else { return None };
        let (own, lender) = (&self.resolve.types[id], &self.resolve.types[of]);
        let wit_parser::TypeOwner::Interface(from) = lender.owner else { return None };
        if own.owner == lender.owner {
            return None;
        }
        Some((self.resolve.interfaces[from].name.clone()?, pascal(lender.name.as_deref()?)))
    }

    fn definition(&self, def: &TypeDef, interface: &Interface) -> String {
        let name = pascal(def.name.as_deref().unwrap_or_default());
        let mut text = format!("\n{}", doc(&def.docs, ""));
        let _infallible = match &def.kind {
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter().map(|field| {
                    format!("{}  {}: {};\n", doc(&field.docs, "  "), camel(&field.name), self.name(&field.ty))
                });
                write!(text, "export interface {name} {{\n{}}}\n", fields.collect::<String>())
            }
            TypeDefKind::Enum(list) => {
                let words: Vec<String> = list.cases.iter().map(|case| format!("'{}'", case.name)).collect();
                writeln!(text, "export type {name} = {};", words.join(" | "))
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| {
                    let val = case.ty.as_ref().map_or_else(String::new, |ty| format!("; val: {}", self.name(ty)));
                    format!("\n{}  | {{ tag: '{}'{val} }}", doc(&case.docs, "  "), case.name)
                });
                writeln!(text, "export type {name} ={};", cases.collect::<String>())
            }
            TypeDefKind::Resource => {
                let own = interface.functions.values().filter(|function| match function.kind {
                    FunctionKind::Method(id) => self.resolve.types[id].name == def.name,
                    _ => false,
                });
                let methods: String = own.map(|function| self.function(function, "  ")).collect();
                write!(text, "export interface {name} {{\n{methods}}}\n")
            }
            TypeDefKind::Type(ty) => writeln!(text, "export type {name} = {};", self.name(ty)),
            other => writeln!(text, "export type {name} = {};", self.kind(other)),
        };
        text
    }

    fn function(&self, function: &Function, indent: &str) -> String {
        let own = usize::from(matches!(function.kind, FunctionKind::Method(_)));
        let params: Vec<String> = function
            .params
            .iter()
            .skip(own)
            .map(|param| format!("{}: {}", camel(&param.name), self.name(&param.ty)))
            .collect();
        let (result, fails) = match function.result {
            None => ("void".into(), false),
            Some(ty) => (self.name(&ty), self.fails(&ty)),
        };
        let mut docs = function.docs.clone();
        if fails {
            let words = docs.contents.take().unwrap_or_default();
            docs.contents = Some(format!("{}\n@throws an error of the contract", words.trim_end()));
        }
        let name = short(function).rsplit('.').next().unwrap_or_default();
        format!("{}{indent}{}({}): {result};\n", doc(&docs, indent), camel(name), params.join(", "))
    }

    fn fails(&self, ty: &Type) -> bool {
        matches!(ty, Type::Id(id) if matches!(&self.resolve.types[*id].kind, TypeDefKind::Result(result) if result.err.is_some()))
    }

    fn name(&self, ty: &Type) -> String {
        match ty {
            Type::Id(id) => match &self.resolve.types[*id].name {
                Some(name) => pascal(name),
                None => self.kind(&self.resolve.types[*id].kind),
            },
            Type::Bool => "boolean".into(),
            Type::String | Type::Char => "string".into(),
            _ => "number".into(),
        }
    }

    fn kind(&self, kind: &TypeDefKind) -> String {
        match kind {
            TypeDefKind::List(Type::U8) => "Uint8Array".into(),
            TypeDefKind::List(ty) => match self.name(ty) {
                union if union.contains('|') => format!("({union})[]"),
                plain => format!("{plain}[]"),
            },
            TypeDefKind::Option(ty) => format!("{} | null", self.name(ty)),
            TypeDefKind::Tuple(tuple) => {
                format!("[{}]", tuple.types.iter().map(|ty| self.name(ty)).collect::<Vec<_>>().join(", "))
            }
            TypeDefKind::Result(result) => result.ok.as_ref().map_or_else(|| "void".into(), |ty| self.name(ty)),
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => self.name(&Type::Id(*id)),
            TypeDefKind::Type(ty) => self.name(ty),
            other => other.as_str().into(),
        }
    }

    /// The types and functions as data. `src/testing/codec.ts` uses it to convert values.
    fn shapes(&self, interface: &Interface) -> String {
        let types = interface.types.iter().map(|(name, id)| {
            let shape = match self.borrowed(*id) {
                Some((from, _)) => object([("use".into(), format!("{from:?}"))]),
                None => self.shape_of(&self.resolve.types[*id].kind),
            };
            (name.clone(), shape)
        });
        let called =
            interface.functions.values().filter(|function| !matches!(function.kind, FunctionKind::Constructor(_)));
        let functions = called.map(|function| {
            let own = usize::from(matches!(function.kind, FunctionKind::Method(_)));
            let params = array(function.params.iter().skip(own).map(|param| self.shape(&param.ty)));
            let result = self.shape_or_null(function.result.as_ref());
            (short(function).to_owned(), object([("params".into(), params), ("result".into(), result)]))
        });
        let halves = [("types", types.collect::<Vec<_>>()), ("functions", functions.collect())];
        lines(&halves.map(|(name, members)| (name.to_owned(), lines(&members, "    "))), "  ")
    }

    fn shape_or_null(&self, ty: Option<&Type>) -> String {
        ty.map_or_else(|| "null".into(), |ty| self.shape(ty))
    }

    fn shape(&self, ty: &Type) -> String {
        match ty {
            Type::Id(id) => match &self.resolve.types[*id].name {
                Some(name) => object([("named".into(), format!("{name:?}"))]),
                None => self.shape_of(&self.resolve.types[*id].kind),
            },
            _ => PLAIN.into(),
        }
    }

    fn shape_of(&self, kind: &TypeDefKind) -> String {
        let (word, inner) = match kind {
            TypeDefKind::Record(record) => {
                ("record", object(record.fields.iter().map(|field| (field.name.clone(), self.shape(&field.ty)))))
            }
            TypeDefKind::Variant(variant) => (
                "variant",
                object(variant.cases.iter().map(|case| (case.name.clone(), self.shape_or_null(case.ty.as_ref())))),
            ),
            TypeDefKind::List(ty) => ("list", self.shape(ty)),
            TypeDefKind::Option(ty) => ("option", self.shape(ty)),
            TypeDefKind::Tuple(tuple) => ("tuple", array(tuple.types.iter().map(|ty| self.shape(ty)))),
            TypeDefKind::Enum(_) => return "\"enum\"".into(),
            TypeDefKind::Result(result) => return result.ok.as_ref().map_or_else(|| PLAIN.into(), |ty| self.shape(ty)),
            TypeDefKind::Type(ty) => return self.shape(ty),
            _ => return PLAIN.into(),
        };
        object([(word.into(), inner)])
    }
}

/// Converts a comment of `wit/` to JSDoc.
fn doc(docs: &Docs, indent: &str) -> String {
    let Some(words) = docs.contents.as_deref().map(str::trim).filter(|words| !words.is_empty()) else {
        return String::new();
    };
    let words = words.replace("*/", "*\\/");
    match words.lines().count() {
        1 => format!("{indent}/** {words} */\n"),
        _ => {
            let lines: String =
                words.lines().map(|line| format!("{}\n", format!("{indent} * {line}").trim_end())).collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

/// `field-problem` → `FieldProblem`.
fn pascal(kebab: &str) -> String {
    kebab.split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// `section-since` → `sectionSince`.
fn camel(kebab: &str) -> String {
    let pascal = pascal(kebab);
    pascal[..1].to_lowercase() + &pascal[1..]
}
