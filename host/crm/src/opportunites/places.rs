//! Finds where the documents of an opportunité name a trainer or a room for a half-day. It knows no section or field:
//! it looks for objects that hold the day, the half and the resource side by side.

use serde_json::Value;

/// JSON Pointers to the resource, in the order of the documents.
pub fn of(documents: &Value, resource: &str, day: &str, half: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(documents, &[day, half], resource, String::new(), &mut found);
    found
}

fn walk(value: &Value, beside: &[&str], resource: &str, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, beside, resource, format!("{at}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            let here = beside.iter().all(|text| fields.values().any(|value| value.as_str() == Some(text)));
            for (name, field) in fields {
                let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                if here && field.as_str() == Some(resource) {
                    found.push(pointer);
                } else {
                    walk(field, beside, resource, pointer, found);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_holds_day_half_and_resource() {
        let documents = json!({
            "plan/a": {"rows": [{"d": "2027-03-09", "h": "am", "who": "x"}, {"d": "2027-03-09", "h": "pm", "who": "x"}, {"d": "2027-03-09", "h": "am", "who": "y"}]},
            "b": {"who": "x", "d": "2027-03-09"},
        });
        assert_eq!(of(&documents, "x", "2027-03-09", "am"), ["/plan~1a/rows/0/who"]);
        assert_eq!(of(&documents, "x", "2027-03-10", "am"), [] as [String; 0]);
    }
}
