//! The workflow plugin's demo file and its placeholders (format: `plugins/workflow/demo/README.md`).

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use serde_json::{Map, Value};

use afpi_core::id::FormateurId;

const FILE: &str = include_str!("../../../../plugins/workflow/demo/scenario.json");

#[derive(Deserialize)]
pub struct Scenario {
    pub steps: Vec<Step>,
    pub exits: Vec<Exit>,
}

/// An exit: after this many steps, take these instead.
#[derive(Deserialize)]
pub struct Exit {
    pub after: usize,
    pub steps: Vec<Step>,
}

/// Writes a document, or takes a transition.
#[derive(Deserialize)]
pub struct Step {
    pub role: String,
    /// Days before it, in addition to the record's own pace.
    #[serde(default)]
    pub wait: i64,
    pub section: Option<String>,
    pub document: Option<Map<String, Value>>,
    pub transition: Option<String>,
    #[serde(default)]
    pub input: Map<String, Value>,
}

pub fn read() -> serde_json::Result<Scenario> {
    serde_json::from_str(FILE)
}

/// The values of the placeholders at one step.
pub struct Fill {
    pub day: NaiveDate,
    /// Moves the template's dates by this many working days, when a trainer is booked.
    pub shift: i64,
    pub budget: i64,
    pub participants: i64,
    pub title: String,
    pub formateur: FormateurId,
}

impl Fill {
    pub fn object(&self, template: &Map<String, Value>) -> Map<String, Value> {
        template.iter().map(|(k, v)| (k.clone(), self.value(v))).collect()
    }

    fn value(&self, template: &Value) -> Value {
        match template {
            Value::String(s) if s == "{{budget}}" => self.budget.into(),
            Value::String(s) if s == "{{participants}}" => self.participants.into(),
            Value::String(s) => self.text(s).into(),
            Value::Array(items) => items.iter().map(|v| self.value(v)).collect(),
            Value::Object(fields) => Value::Object(self.object(fields)),
            other => other.clone(),
        }
    }

    fn text(&self, template: &str) -> String {
        let mut out = template.replace("{{title}}", &self.title).replace("{{formateur}}", &self.formateur.to_string());
        while let Some(start) = out.find("{{today") {
            let Some(length) = out[start..].find("}}") else { break };
            let days: i64 = out[start + 7..start + length].parse().unwrap_or(0);
            let shifted = if days > 0 { days + self.shift } else { days };
            out.replace_range(start..start + length + 2, &working_day(self.day, shifted).to_string());
        }
        out
    }
}

/// The n-th working day (Monday to Friday) after or before a day. With 0 the day itself.
fn working_day(from: NaiveDate, n: i64) -> NaiveDate {
    let mut day = from;
    let mut left = n.abs();
    while left > 0 {
        day = if n > 0 { day + Days::new(1) } else { day - Days::new(1) };
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn placeholders_become_dates_numbers_and_texts() {
        let friday = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let fill = Fill {
            day: friday,
            shift: 1,
            budget: 120_000,
            participants: 6,
            title: "TIG".into(),
            formateur: FormateurId::generate(),
        };
        let template = json!({"a": "{{today+1}}", "b": ["{{budget}}", "S-{{today+0}}"], "c": {"d": "{{title}} × {{participants}}", "e": "{{participants}}"}, "f": "{{today-5}}"});
        let filled = fill.object(template.as_object().unwrap());
        assert_eq!(
            Value::Object(filled),
            json!({"a": "2026-11-24", "b": [120000, "S-2026-11-20"], "c": {"d": "TIG × {{participants}}", "e": 6}, "f": "2026-11-13"})
        );
    }
}
