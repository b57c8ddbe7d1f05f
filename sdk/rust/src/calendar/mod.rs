//! Days, French legal holidays and working time, for plugins that may not ask a clock. Knows the calendar of mainland
//! France and the time zone Europe/Paris, and nothing of any record.

mod date;
mod holidays;
mod paris;
mod working;

pub use date::{Date, NotADate, Weekday};
pub use holidays::holiday;
pub use paris::{day_of, instant_at};
pub use working::{
    WORKING_MINUTES_PER_DAY, is_working_day, next_working_day, working_days, working_due, working_minutes,
};
