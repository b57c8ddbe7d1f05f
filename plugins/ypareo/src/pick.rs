//! Reads chosen scalars of a JSON record by their path and ignores the rest.
//!
//! A site's record contains bank accounts, and other records contain a disability or the family. The parser skips
//! everything that was not requested, so such values never exist in memory. It knows no field names.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A field of the record as a text. Numbers have their JSON spelling, and flags are `1` or `0`. Null, `""` and a
/// missing field are all `None`, because Ypareo uses the three for the same.
pub type Scalar = Option<String>;

/// The paths to pick: a tree of field names. Its leaves contain the slot of the value.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Paths {
    children: BTreeMap<String, Paths>,
    slots: Vec<usize>,
    count: usize,
}

/// The picked values, by the slot that [`Paths::add`] returned.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Picked(Vec<Scalar>);

/// The text is not JSON at all. (From JSON of an unexpected shape, fewer values are picked.)
#[derive(Debug, PartialEq, Eq)]
pub struct NotJson;

impl Paths {
    /// Requests `path` (`adresse.pays.nomPays`) and returns the slot of its value.
    pub fn add(&mut self, path: &str) -> usize {
        let slot = self.count;
        self.count += 1;
        let mut node = self;
        for name in path.split('.') {
            node = node.children.entry(name.trim().to_owned()).or_default();
        }
        node.slots.push(slot);
        slot
    }

    /// Reads one record. An object or a list in place of a scalar, or the reverse, picks nothing.
    pub fn pick(&self, record: &str) -> Result<Picked, NotJson> {
        let mut picked = Picked(vec![None; self.count]);
        let mut json = serde_json::Deserializer::from_str(record);
        Pick { paths: self, into: &mut picked.0 }.deserialize(&mut json).map_err(|_| NotJson)?;
        json.end().map_err(|_| NotJson)?;
        Ok(picked)
    }
}

impl Picked {
    pub fn get(&self, slot: usize) -> Option<&str> {
        self.0.get(slot)?.as_deref()
    }
}

struct Pick<'a> {
    paths: &'a Paths,
    into: &'a mut Vec<Scalar>,
}

impl Pick<'_> {
    fn put(self, value: &str) {
        let value = value.trim();
        let value = (!value.is_empty()).then(|| value.to_owned());
        for &slot in &self.paths.slots {
            self.into[slot] = value.clone();
        }
    }
}

impl<'de> DeserializeSeed<'de> for Pick<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Pick<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match self.paths.children.get(&name) {
                Some(paths) => map.next_value_seed(Pick { paths, into: &mut *self.into })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.put(value);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(if value { "1" } else { "0" });
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(&value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        if !value.is_finite() {
            return Err(E::custom("not a finite number"));
        }
        self.put(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put("");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick<const N: usize>(paths: [&str; N], record: &str) -> [Scalar; N] {
        let mut tree = Paths::default();
        let slots = paths.map(|p| tree.add(p));
        let picked = tree.pick(record).expect("JSON");
        slots.map(|slot| picked.get(slot).map(str::to_owned))
    }

    #[test]
    fn scalars_come_as_texts_whatever_their_type() {
        let record = r#"{"code": 3900000, "texte": " Éts ", "vrai": true, "faux": false, "moins": -3, "reel": 1.5}"#;
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            pick(["code", "texte", "vrai", "faux", "moins", "reel"], record),
            [some("3900000"), some("Éts"), some("1"), some("0"), some("-3"), some("1.5")]
        );
    }

    #[test]
    fn null_empty_and_missing_are_one() {
        assert_eq!(pick(["a", "b", "c", "d"], r#"{"a": null, "b": "", "c": "  "}"#), [None, None, None, None]);
    }

    #[test]
    fn paths_go_into_objects_and_two_may_meet() {
        let record = r#"{"adresse": {"pays": {"nomPays": "FRANCE"}, "cp": "02100"}, "listeRib": [{"bic": "X"}]}"#;
        let [cp, pays, again] = pick(["adresse.cp", "adresse.pays.nomPays", "adresse.cp"], record);
        assert_eq!((cp.as_deref(), pays.as_deref()), (Some("02100"), Some("FRANCE")));
        assert_eq!(cp, again);
    }

    #[test]
    fn another_shape_picks_nothing_and_is_no_error() {
        assert_eq!(pick(["adresse.cp", "siret"], r#"{"adresse": "12 rue", "siret": {"x": 1}}"#), [None, None]);
        assert_eq!(pick(["adresse.cp", "siret"], r#"{"adresse": [], "siret": [1]}"#), [None, None]);
    }

    #[test]
    fn broken_json_is_told_apart() {
        let mut tree = Paths::default();
        tree.add("a");
        for record in ["{\"a\":1]", "{\"a\":}", "{\"a\":1 \"b\":2}", "{\"x\":tru}", "{\"a\":1}x", "{\"a\":\"\\x\"}"] {
            assert_eq!(tree.pick(record), Err(NotJson), "{record}");
        }
    }
}
