//! Embeds the parts of a new project into the program: the templates, and the SDK for the project's `vendor` folder. So
//! neither the program nor a project needs this repository afterwards.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value as Json;
use toml::{Table, Value};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Folders of `wit/` that make up the contract.
const CONTRACT: [&str; 3] = ["types", "host", "plugin"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_CLI").is_none() {
        return Ok(());
    }
    // Reads the path when it runs, not when it is compiled, because clones may share a target folder.
    let sdk = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..").canonicalize()?;
    let root = sdk.join("..").canonicalize()?;
    let mut carried = Carried { out: PathBuf::from(env::var("OUT_DIR")?), text: String::new() };

    carried.list("TEMPLATE", |list| list.folder(&sdk.join("template"), ""))?;
    carried.list("RUST", |list| {
        for (folder, name) in [("rust", "afpi-sdk"), ("testing", "afpi-plugin-testing")] {
            list.written(&format!("{name}/Cargo.toml"), &alone(&sdk.join(folder).join("Cargo.toml"), &root)?)?;
            list.folder(&sdk.join(folder).join("src"), &format!("{name}/src/"))?;
        }
        Ok(())
    })?;
    carried.list("TYPESCRIPT", |list| {
        let js = sdk.join("js");
        if !js.join("lib").exists() {
            // The SDK is not compiled yet; `make sdk` compiles it. Until then the program says so when a person asks
            // for TypeScript.
            println!("cargo::rerun-if-changed={}", js.display());
            return Ok(());
        }
        list.written("afpi-plugin/package.json", &published(&js.join("package.json"))?)?;
        for folder in ["bin", "lib"] {
            list.folder(&js.join(folder), &format!("afpi-plugin/{folder}/"))?;
        }
        list.contract(&root)
    })?;
    fs::write(carried.out.join("carried.rs"), carried.text)?;
    Ok(())
}

/// The Rust source with the lists of files: for each file its name within the project, and its text.
struct Carried {
    out: PathBuf,
    text: String,
}

impl Carried {
    fn list(&mut self, name: &str, fill: impl FnOnce(&mut Carried) -> Result<()>) -> Result<()> {
        writeln!(self.text, "pub(super) static {name}: &[(&str, &str)] = &[")?;
        fill(self)?;
        writeln!(self.text, "];")?;
        Ok(())
    }

    fn file(&mut self, name: &str, path: &Path) -> Result<()> {
        Ok(writeln!(self.text, "    ({name:?}, include_str!({:?})),", path.to_str().ok_or("a path that is no text")?)?)
    }

    /// Adds a file whose content differs from the repository.
    fn written(&mut self, name: &str, text: &str) -> Result<()> {
        let path = self.out.join(name.replace('/', "-"));
        fs::write(&path, text)?;
        self.file(name, &path)
    }

    /// Adds all files of a folder, in the order of their names.
    fn folder(&mut self, folder: &Path, under: &str) -> Result<()> {
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        entries.sort();
        for path in entries {
            let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is no text")?;
            if path.is_dir() {
                self.folder(&path, &format!("{under}{name}/"))?;
            } else {
                self.file(&format!("{under}{name}"), &path)?;
            }
        }
        Ok(())
    }

    /// Adds the contract, which the build of a TypeScript plugin reads. The Rust SDK contains bindings of it.
    fn contract(&mut self, root: &Path) -> Result<()> {
        CONTRACT
            .iter()
            .try_for_each(|part| self.folder(&root.join("wit").join(part), &format!("afpi-plugin/wit/{part}/")))
    }
}

/// A crate's Cargo.toml without this workspace. Inherited values are written out, as `cargo package` does.
fn alone(manifest: &Path, root: &Path) -> Result<String> {
    let read = |path: &Path| -> Result<Table> {
        println!("cargo::rerun-if-changed={}", path.display());
        Ok(fs::read_to_string(path)?.parse()?)
    };
    let (mut manifest, workspace) = (read(manifest)?, read(&root.join("Cargo.toml"))?);
    let inherited = |section: &str, key: &str| {
        workspace["workspace"][section].get(key).cloned().ok_or(format!("the workspace has no {section}.{key}"))
    };
    for (section, of) in [("package", "package"), ("dependencies", "dependencies")] {
        for (key, value) in manifest[section].as_table_mut().into_iter().flatten() {
            let Some(own) = value.as_table().filter(|own| own.get("workspace") == Some(&Value::Boolean(true))) else {
                continue;
            };
            let mut own = own.clone();
            own.remove("workspace");
            *value = match inherited(of, key)? {
                plain if own.is_empty() => plain,
                Value::Table(mut whole) => {
                    whole.extend(own);
                    whole.into()
                }
                version => {
                    own.insert("version".into(), version);
                    own.into()
                }
            };
        }
    }
    for section in ["lints", "dev-dependencies"] {
        manifest.remove(section);
    }
    Ok(toml::to_string(&manifest)?)
}

/// The package.json of the package, for projects that use it.
fn published(package: &Path) -> Result<String> {
    println!("cargo::rerun-if-changed={}", package.display());
    let mut package: Json = serde_json::from_str(&fs::read_to_string(package)?)?;
    if let Some(fields) = package.as_object_mut() {
        for section in ["scripts", "devDependencies", "overrides"] {
            fields.remove(section);
        }
    }
    Ok(format!("{package:#}\n"))
}
